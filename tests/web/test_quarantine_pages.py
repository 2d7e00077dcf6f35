"""The quarantine as pages: why something was set aside, taking it in again, dropping it, and who may."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from fixtures.looking import looking
from fixtures.serving import cdevent, served

TOKEN = "a-token-of-some-length"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def site(postgres18):
    with served(postgres18) as one:
        yield one


@pytest.fixture(scope="module")
def guarded(postgres18):
    with served(postgres18, http_tokens=TOKEN) as one:
        yield one


def conflict(one, **headers):
    """Two events of one identity with different content: the second is set aside; its number."""
    event = cdevent()
    other = event | {"subject": event["subject"] | {"id": "another"}}
    one.post(event, headers)
    one.post(other, headers)
    return one.ask("SELECT max(id) FROM cdviz.quarantine")[0][0]


def state(one, number):
    return one.ask("SELECT state FROM cdviz.quarantine WHERE id = %s", number)[0][0]


def test_what_was_set_aside_is_dropped_in_the_browser_by_somebody_who_is_sure(browser, site):
    number = conflict(site)
    with looking(browser) as page:
        page.goto(f"{site.url}/quarantine")
        page.get_by_role("link", name=str(number), exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Quarantine, message {number}")
        page.get_by_role("button", name="Drop it").click()  # the browser asks for the tick
        assert state(site, number) == "open"
        page.get_by_role("checkbox", name="I am sure").check()
        page.get_by_role("button", name="Drop it").click()
        expect(page.get_by_text("dropped,")).to_be_visible()

    assert state(site, number) == "dropped"


def test_what_still_cannot_be_taken_in_stays_and_the_page_says_so(browser, site):
    number = conflict(site)
    with looking(browser) as page:
        page.goto(f"{site.url}/quarantine/{number}")
        page.get_by_role("button", name="Take it in again").click()
        expect(page.get_by_text("It was tried again, and the database said: conflict")).to_be_visible()

    assert state(site, number) == "open"


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {"Origin": "https://evil.example"}]
)
def test_a_page_of_another_site_changes_nothing(site, headers):
    number = conflict(site)
    answer = httpx.post(f"{site.url}/quarantine/{number}/drop", content="sure=yes", headers=FORM | headers)

    assert answer.status_code == 403
    assert state(site, number) == "open"


def test_our_own_page_is_known_by_its_origin_where_the_browser_says_nothing_else(site):
    number = conflict(site)
    answer = httpx.post(f"{site.url}/quarantine/{number}/drop", content="sure=yes", headers=FORM | {"Origin": site.url})

    assert (answer.status_code, state(site, number)) == (303, "dropped")


@pytest.mark.parametrize("content", [b"", b"sure=no", b"sure=%ff", b"&".join([b"a=b"] * 60)])
def test_a_form_that_is_not_filled_changes_nothing(site, content):
    number = conflict(site)
    answer = httpx.post(f"{site.url}/quarantine/{number}/drop", content=content, headers=FORM)

    assert (answer.status_code, state(site, number)) == (400, "open")


def test_with_tokens_only_who_has_one_may(browser, guarded):
    number = conflict(guarded, Authorization=f"Bearer {TOKEN}")
    path = f"{guarded.url}/quarantine/{number}/drop"

    assert httpx.post(path, content="sure=yes", headers=FORM).status_code == 401
    assert httpx.post(path, content="sure=yes&token=wrong", headers=FORM).status_code == 401
    with looking(browser) as page:
        page.goto(f"{guarded.url}/quarantine/{number}")
        page.get_by_label("token").last.fill(TOKEN)
        page.get_by_role("checkbox", name="I am sure").check()
        page.get_by_role("button", name="Drop it").click()
        expect(page.get_by_text("dropped,")).to_be_visible()
    assert state(guarded, number) == "dropped"


def test_a_message_is_shown_as_text_whatever_it_holds(site):
    site.post(b"<script>alert(1)</script>\xff")
    text = site.get(f"/quarantine/{site.ask('SELECT max(id) FROM cdviz.quarantine')[0][0]}").text

    assert "<script>alert" not in text
