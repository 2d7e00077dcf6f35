"""The pages, read as a browser without script would: words, links that lead to evidence, nothing that the policy forbids."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import httpx
import pytest

from fixtures.histories import link, minutes_ago, runs, told
from fixtures.serving import served

HOSTILE = "<script>alert('1')</script>\"'&"
PLACES = [
    "/",
    "/services",
    "/changes",
    "/pipelines",
    "/artifacts",
    "/events",
    "/sources",
    "/quarantine",
    "/subjects/pipelinerun",
    "/subjects/artifact",
    "/search",
]


class Links(HTMLParser):
    """What a page links to, and what the policy would forbid."""

    def __init__(self):
        super().__init__()
        self.hrefs, self.forbidden = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.hrefs += [given["href"]] if tag == "a" and given.get("href", "").startswith("/") else []
        self.forbidden += [name for name in given if name == "style" or name.startswith("on")]
        self.forbidden += [tag] if tag in ("style", "script") and "src" not in given else []


def read(response):
    found = Links()
    found.feed(response.text)
    assert found.forbidden == []
    return found.hrefs


@pytest.fixture(scope="module")
def empty(postgres18):
    with served(postgres18) as one:
        yield one


@pytest.fixture(scope="module")
def site(postgres18):
    with served(postgres18) as one:
        answer = one.post(
            [
                runs("shop", "dev", "pkg:oci/shop@sha256%3A1b2c3d4e5f?tag=2.0", minutes_ago(30)),
                runs("shop", "prod", "pkg:oci/shop@sha256%3A9f8e7d6c5b?tag=1.9", minutes_ago(600)),
                runs(HOSTILE, HOSTILE, HOSTILE, minutes_ago(20)),
                told("pipelinerun.started", "run-1", minutes_ago(10), pipelineName=HOSTILE),
                told("pipelinerun.finished", "run-1", minutes_ago(9), outcome=HOSTILE, pipelineName=HOSTILE),
                told("pipelinerun.started", "run-1", minutes_ago(8), custom=link("change", "c-1", HOSTILE)),
                told("ticket.created", None, minutes_ago(7)),
                told(f"dev.cdeventsx.{'x' * 140}custom-thing.created.0.1.0", "long", minutes_ago(6), source=HOSTILE),
            ]
        )
        assert answer.json()["tally"] == {"stored": 8}, answer.text
        yield one


@pytest.mark.parametrize("path", PLACES)
def test_every_place_of_an_empty_site_answers(empty, path):
    response = empty.get(path)

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    read(response)


def test_an_empty_site_teaches_how_to_send_an_event_that_is_then_shown(postgres18):
    with served(postgres18) as one:
        body = re.search(r"--json '(.*?)'</code>", unescape(httpx.get(one.url).text), re.DOTALL)[1]

        assert one.post(body.encode()).json()["outcome"] == "stored"
        assert "1 event" in httpx.get(one.url).text
        assert ">1.4.2</a>" in httpx.get(one.url).text


def test_every_link_of_every_page_leads_somewhere(site):
    seen, waiting = set(), list(PLACES)
    while waiting and len(seen) < 160:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        response = httpx.get(f"{site.url}{path}", follow_redirects=True)
        assert response.status_code == 200, path
        if "html" in response.headers["content-type"]:
            waiting += read(response)

    assert len(seen) > 40


def test_the_first_page_tells_how_much_there_is_what_runs_where_and_the_latest(site):
    text = site.get("/").text

    assert "8 events" in text
    assert re.search(r">2\.0</a>\s*<span class=\"age\"><time [^>]*>3\d\u202fmin[^<]*</time>", text)
    assert re.search(r"class=\"older\"><a [^>]*>1\.9</a>", text)
    assert text.index("custom-thing") < text.index(">run-1<")


def test_what_senders_write_is_shown_and_never_becomes_markup(site):
    for path in ("/", "/events", "/services", "/subject?id=run-1", "/subjects/pipelinerun"):
        text = site.get(path).text
        assert "<script>" not in text, path
    assert "&lt;script&gt;alert(" in site.get("/").text


def test_a_number_leads_to_the_events_it_counts(site):
    hrefs = [href for href in read(site.get("/")) if href.startswith("/events?subject=pipelinerun&from=")]

    assert hrefs
    assert len(set(re.findall(r"/event/\d+", site.get(hrefs[0]).text))) == 3


def test_the_search_finds_any_id_in_any_spelling_and_says_when_there_is_none(site):
    def target(asked):
        response = httpx.get(f"{site.url}/search", params={"q": asked})
        return response.status_code, response.headers.get("location", "")

    event = site.ask("SELECT context_id, position FROM cdviz.cdevents_lake WHERE subject = 'ticket'")[0]
    assert target("run-1") == (303, "/subject?id=run-1")
    assert target("pkg:OCI/shop@sha256:9f8e7d6c5b?tag=1.9")[0] == 303
    assert target(event[0]) == (303, f"/event/{event[1]}")
    assert target("nothing") == (404, "")
    assert target("\0")[0] == 200


def test_a_subject_tells_its_attempts_and_where_it_came_from(site):
    text = site.get("/subject?id=run-1").text

    assert "2 attempts" in text
    assert "/subject?id=c-1" in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/event/99999", 404),
        ("/event/x", 422),
        ("/subject?id=nobody", 404),
        ("/subject", 422),
        ("/events?cursor=x", 400),
        ("/events?from=x", 400),
    ],
)
def test_what_cannot_be_shown_is_a_page_that_leads_on(site, path, status):
    response = site.get(path)

    assert response.status_code == status
    assert "That cannot be shown" in response.text
    assert "/" in read(response)


def test_empty_fields_of_a_form_are_no_filters(site):
    response = httpx.get(f"{site.url}/events?subject=service&source=&from=")

    assert (response.status_code, response.headers["location"]) == (303, "/events?subject=service")


def test_pages_carry_the_strict_policy_and_a_style_sheet_that_may_be_kept_for_ever(site):
    response = site.get("/")
    style = site.get(re.search(r'href="(/static/style-[0-9a-f]+\.css)"', response.text)[1])

    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]
    assert style.headers["content-type"].startswith("text/css")
    assert "immutable" in style.headers["cache-control"]


def test_a_page_comes_compressed_to_whoever_takes_that(site):
    packed = httpx.get(site.url, headers={"Accept-Encoding": "gzip"})
    plain = httpx.get(site.url, headers={"Accept-Encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3


@pytest.mark.parametrize("path", ["/events?format=xls", "/events?format=csv&table=nothing", "/services?sort=age"])
def test_a_file_that_there_is_not_is_said_to_be_none(site, path):
    assert site.get(path).status_code in (400, 404)


def test_filters_stand_in_the_links_of_the_top_bar(site):
    hrefs = read(site.get("/services?environment=dev&at=2026-01-01T00:00:00"))

    assert "/events?environment=dev" in hrefs
    assert "/?environment=dev" in hrefs
