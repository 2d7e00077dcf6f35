"""The pages in a real browser, on a history as platforms have it: no complaint, every width, both colour schemes, keyboard, screen readers."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import expect

from evistore.delivery.history import batches, history
from fixtures.histories import minutes_ago, told
from fixtures.looking import barriers, kept, looking
from fixtures.serving import cdevent, served

PAGES = {
    "overview": "/",
    "services": "/services",
    "changes": "/changes?last=7d",
    "pipelines": "/pipelines?last=30d",
    "artifacts": "/artifacts",
    "artifact": "{artifact}",
    "service": "/service?id={service}",
    "provenance": "/subject?id={service}&type=service",
    "deployments": "/deployments?last=7d",
    "delivered": "/delivered",
    "incidents": "/incidents",
    "tickets": "/tickets",
    "tests": "/tests?last=30d",
    "flaky": "/flaky",
    "stuck": "/stuck",
    "formula": "/how/lead_times",
    "events": "/events",
    "event": "/event/50",
    "sources": "/sources",
    "quarantine": "/quarantine",
    "message": "/quarantine/{message}",
    "search": "/search",
    "kind": "/subjects/testsuiterun",
    "fault": "/events?last=never",
}


@pytest.fixture(scope="module")
def site(postgres18):
    with served(postgres18) as one:
        for batch in batches(history(seed=7, services=12, days=14, until=datetime.now(UTC)), 500):
            answer = httpx.post(
                f"{one.url}/cdevents",
                content=f"[{','.join(batch)}]",
                headers={"Content-Type": "application/json"},
                timeout=60,
            )
            assert answer.status_code < 300, answer.text
        one.post({"context": {"id": "<b>odd</b>"}})
        hurt = {"service": {"id": newest(one)["service_id"]}, "environment": {"id": "prod-eu"}}
        one.post(
            [
                told("incident.detected", "INC-1", minutes_ago(60), **hurt),
                told("incident.resolved", "INC-1", minutes_ago(20), **hurt),
                told("incident.reported", "INC-2", minutes_ago(9), **hurt),
            ]
        )
        yield one


@pytest.fixture(scope="module")
def paths(site):
    placed = newest(site)
    message = site.ask("SELECT max(id) FROM cdviz.quarantine")[0][0]
    known = {
        "artifact": f"/artifact?id={quote(placed['artifact_id'], safe='')}",
        "service": placed["service_id"],
        "message": message,
    }
    return {name: path.format(**known) for name, path in PAGES.items()}


def newest(site):
    placed = site.get("/api/delivery/v1/running?environment=prod-eu").json()["items"]
    return max((one for one in placed if one["artifact_id"]), key=lambda one: one["since"])


def wide(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize("name", [name for name in PAGES if name != "fault"])
def test_a_page_is_shown_at_every_width_in_both_schemes_without_a_complaint(browser, site, paths, name):
    with looking(browser) as page:
        page.goto(site.url + paths[name])
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for width in (390, 1024, 1440):
            page.set_viewport_size({"width": width, "height": 1000})
            assert wide(page) <= 0
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                kept(page, f"{name}-{width}-{scheme}")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier(browser, site, paths, name):
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, bypass_csp=True)
    page = context.new_page()
    page.goto(site.url + paths[name])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert barriers(page) == []
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_nothing_that_the_policy_forbids(site, paths, name):
    text = site.get(paths[name]).text

    assert re.findall(r"<[^>]*\s(?:style|on\w+)=|<style|<script(?![^>]*\ssrc=)", text) == []


def test_the_keyboard_leads_everywhere(browser, site):
    with looking(browser) as page:
        page.goto(site.url)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "To the content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.keyboard.press("g")
        page.keyboard.press("s")
        page.wait_for_url("**/services")
        page.keyboard.press("/")
        page.keyboard.type("no such g s id")
        page.keyboard.press("Escape")
        assert page.get_by_role("searchbox").input_value() in ("no such g s id", "")


def test_filters_choose_what_is_shown_and_go_along(browser, site):
    with looking(browser) as page:
        page.goto(site.url)
        page.get_by_role("link", name="7d", exact=True).click()
        expect(page.get_by_role("link", name="7d", exact=True)).to_have_attribute("aria-current", "true")
        page.get_by_role("textbox", name="environment").or_(page.get_by_role("combobox", name="environment")).fill(
            "staging"
        )
        page.get_by_role("button", name="Show").click()
        page.get_by_role("navigation", name="Places").get_by_role("link", name="Services").click()
        page.wait_for_url("**/services?last=7d&environment=staging")

        assert page.get_by_role("table", name="What runs where").first.get_by_role(
            "columnheader"
        ).all_inner_texts() == [
            "Service",
            "staging",
        ]
        assert "of no effect here: last 7d" in page.get_by_role("form", name="Filters").inner_text()
        page.get_by_role("link", name="clear").click()
        page.wait_for_url("**/services")


def test_what_is_shown_is_what_the_interface_answers(site):
    rest = site.get("/api/delivery/v1/running").json()["items"]
    rows = list(csv.DictReader(io.StringIO(site.get("/services?format=csv&table=running").text)))
    told = site.get("/services?format=json&table=running").json()["items"]

    assert len(rest) == len(rows) == len(told) > 20
    assert {(row["service"], row["environment"]) for row in rows} == {
        (one["service_id"], one["environment_id"]) for one in rest
    }
    services = len({one["service_id"] for one in rest})
    assert f"{services} services in" in site.get("/services").text


def test_every_table_of_a_page_is_a_file_as_well(site, paths):
    for name in (
        "overview",
        "services",
        "changes",
        "pipelines",
        "artifacts",
        "artifact",
        "service",
        "deployments",
        "delivered",
        "incidents",
        "tickets",
        "tests",
        "formula",
        "events",
        "sources",
        "quarantine",
    ):
        links = re.findall(r'href="([^"]*format=(?:csv|json)[^"]*)"', site.get(paths[name]).text)
        assert links, name
        for link in links:
            answer = site.get(link.replace("&amp;", "&"))
            assert answer.status_code == 200, link
            assert answer.headers["content-disposition"].startswith("attachment"), link


def test_pages_of_a_table_follow_each_other_to_the_end(site):
    seen, path = [], "/tasks?last=30d&format=json"
    while path:
        page = site.get(path).json()
        seen += [one["run"] for one in page["items"]]
        path = page["next"]
    shown, path = [], "/tasks?last=30d"
    while path:
        text = site.get(path).text
        shown += re.findall(r'class="id(?: long)? minor"><a href="/subject\?id=([^&"]+)&amp;type=taskrun', text)
        following = re.search(r'href="([^"]+)" rel="next"', text)
        path = following and following[1].replace("&amp;", "&")

    assert len(seen) == len(set(seen)) > 50
    assert [quote(one, safe="") for one in seen] == shown


def test_times_are_told_in_the_readers_zone_with_utc_on_hover(browser, site):
    with looking(browser, timezone_id="Asia/Tokyo") as page:
        page.goto(f"{site.url}/event/50")
        time = page.locator("time[data-local]").first
        utc = datetime.fromisoformat(time.get_attribute("datetime"))

        assert time.get_attribute("title").endswith("UTC")
        assert f"{(utc.hour + 9) % 24}:{utc:%M:%S}".zfill(8) in time.inner_text()


def test_the_overview_counts_what_comes_while_it_is_open(browser, site):
    with looking(browser) as page:
        page.goto(site.url)
        expect(page.get_by_text("new since this page was made")).to_be_hidden()
        before = int(page.locator('[data-count="pipelinerun"]').get_attribute("data-value"))
        site.post(cdevent())  # of another day: new here, but none of the last 24 hours
        site.post(told("pipelinerun.queued", "run-now", minutes_ago(1), pipelineName="build"))
        expect(page.get_by_role("link", name="2 new since this page was made")).to_be_visible(timeout=15_000)
        assert page.locator('[data-count="pipelinerun"]').get_attribute("data-value") == str(before + 1)
        page.get_by_role("link", name="2 new since this page was made").click()
        expect(page.get_by_text("new since this page was made")).to_be_hidden()


def test_a_printed_page_says_what_it_is(browser, site):
    with looking(browser) as page:
        page.goto(f"{site.url}/services?environment=staging")
        page.emulate_media(media="print")

        expect(page.locator(".filed")).to_be_visible()
        assert (
            "/services?environment=staging · environment staging · printed as of" in page.locator(".filed").inner_text()
        )
        expect(page.get_by_role("search")).to_be_hidden()


def test_a_point_says_its_name_under_the_pointer(browser, site):
    with looking(browser) as page:
        page.goto(f"{site.url}/pipelines?last=7d")
        plot = page.locator("svg[data-hints]").first
        hints = page.evaluate("plot => JSON.parse(plot.dataset.hints)", plot.element_handle())
        box = plot.bounding_box()
        x, y, name = hints[0]
        page.mouse.move(box["x"] + box["width"] * x / 100, box["y"] + y)

        expect(plot.locator(".tip")).to_have_text(name)


def test_the_picture_of_an_artifact_leads_to_its_origins(browser, site, paths):
    with looking(browser) as page:
        page.goto(site.url + paths["artifact"])
        graph = page.get_by_role("group", name="Provenance")
        expect(graph.locator("a[aria-current]")).to_have_count(1)
        graph.get_by_role("link", name=re.compile("^build ")).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("build")


def test_a_day_of_the_calendar_leads_to_its_events(browser, site):
    with looking(browser) as page:
        page.goto(site.url)
        day = page.locator(".calendar .plot a").last
        count = int(re.search(r": ([\d\u202f]+) events", day.get_attribute("aria-label"))[1].replace("\u202f", ""))
        path = day.get_attribute("href")
        rows = site.get(f"{path}&format=json").json()["items"]

        assert len(rows) == count > 0


def test_a_card_leads_to_as_many_deployments_as_it_says(browser, site):
    with looking(browser) as page:
        page.goto(site.url)
        card = page.locator(".score", has=page.get_by_role("heading", name="Deployment frequency"))
        said = int(re.search(r"([\d\u202f]+) deployment", card.inner_text())[1].replace("\u202f", ""))
        card.locator(".value a").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Deployments to prod")

        assert len(site.get(f"{page.url.removeprefix(site.url)}?format=json").json()["items"]) == said > 10


def test_a_point_of_a_trend_leads_to_its_part(browser, site):
    with looking(browser) as page:
        page.goto(f"{site.url}/?last=7d")
        page.locator(".score .trend a").nth(3).click()
        page.wait_for_url("**/deployments?from=*")
        expect(page.get_by_role("textbox", name="from (UTC)")).not_to_be_empty()


def test_from_the_matrix_to_a_service_to_its_incidents_by_keyboard(browser, site, paths):
    with looking(browser) as page:
        page.goto(f"{site.url}/services")
        page.get_by_role("rowheader").get_by_role("link").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/service?id=*")
        page.goto(site.url + paths["service"])
        page.get_by_role("navigation", name="About this service").get_by_role("link", name="Incidents").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("table", name="Incidents, newest first")).to_contain_text("INC-2")
        expect(page.get_by_role("table", name="Incidents, newest first")).to_contain_text("open")
