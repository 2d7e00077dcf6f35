"""The browser that tests drive is a real one."""

from __future__ import annotations


def test_a_local_page_is_shown_and_its_script_runs(page, tmp_path):
    file = tmp_path / "page.html"
    file.write_text("<h1>before</h1><script>document.querySelector('h1').textContent = 6 * 7</script>")
    page.goto(file.as_uri())

    assert page.get_by_role("heading").inner_text() == "42"
