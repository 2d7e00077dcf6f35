"""A person under stress: opens the first page, sees what drifts, follows it to the event and the artifact, and searches."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from fixtures.histories import minutes_ago, runs, told
from fixtures.serving import served


@pytest.fixture
def site(postgres18):
    with served(postgres18) as one:
        one.post(
            [
                told("artifact.packaged", "pkg:oci/shop@2.0", minutes_ago(60), change={"id": "c-1"}),
                runs("shop", "stage", "pkg:oci/shop@2.0", minutes_ago(30)),
                runs("shop", "prod", "pkg:oci/shop@1.9", minutes_ago(900)),
            ]
        )
        yield one


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_what_drifts_is_followed_to_its_evidence_without_script_and_without_complaints_of_the_browser(
    browser, site, width, scheme
):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=False, locale="en-GB"
    )
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))

    page.goto(site.url)
    expect(page.get_by_role("heading", name="What runs where")).to_be_visible()
    assert (
        page.get_by_role("region", name="What runs where").get_by_role("row", name="shop").get_by_text("older").count()
        == 1
    )
    page.get_by_role("region", name="What runs where").get_by_role("link", name="1.9").click()
    expect(page.get_by_role("heading", name="service deployed")).to_be_visible()
    page.get_by_role("link", name="shop", exact=True).first.click()
    page.get_by_role("link", name="Provenance and events").click()
    expect(page.get_by_role("heading", name="Came from, depends on")).to_be_visible()
    page.get_by_role("link", name="pkg:oci/shop@2.0").first.click()
    expect(page.get_by_role("link", name="c-1").first).to_be_visible()
    page.get_by_role("searchbox").fill("c-1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="change c-1")).to_be_visible()

    assert said == []
    context.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_the_screen(browser, site, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    for path in ("/", "/services", "/events", "/subject?id=shop", "/subjects/artifact", "/search"):
        page.goto(site.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    context.close()
