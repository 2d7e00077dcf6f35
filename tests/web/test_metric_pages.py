"""The pages of the metrics: what they say is what the interface answers, and every number leads to what it counts."""

from __future__ import annotations

import re
from html import unescape

import pytest

from fixtures.histories import link, runs, told
from fixtures.serving import served

HOSTILE = "<script>alert('1')</script>\"'&"
DAY = "from=2026-03-20T00:00:00Z&until=2026-03-21T00:00:00Z"
REST = "/api/delivery/v1/metrics"
PAGES = [
    *("/deployments", "/delivered", "/incidents", "/tickets", "/pipelines", "/tasks", "/builds", "/suites", "/tests"),
    *("/flaky", "/flaky?kind=testsuiterun", "/stuck", "/how", "/how/lead_times", "/how/ticket"),
]


@pytest.fixture(scope="module")
def empty(postgres18):
    with served(postgres18) as one:
        yield one


@pytest.fixture(scope="module")
def site(postgres18):
    with served(postgres18) as one:
        prod, shop = {"id": "prod"}, {"id": "shop"}
        answer = one.post(
            [
                told("change.merged", "c/1", "08:00"),
                told("artifact.packaged", "a@1", "08:30", change={"id": "c/1"}),
                runs("shop", "prod", "a@0", "2026-03-19T09:00:00+00:00"),
                runs("shop", "prod", "a@1", "10:00"),
                runs("shop", "prod", "a@0", "10:30", "rolledback"),
                runs("shop", "prod", "a@2", "11:00", "upgraded"),
                runs("shop", "stage", "a@2", "10:50"),
                told("incident.detected", "I", "10:10", service=shop, environment=prod),
                told("incident.resolved", "I", "10:40", service=shop),
                told("incident.detected", "J", "09:00", service={"id": "cart"}),
                told("incident.detected", HOSTILE, "12:00", service=shop, environment=prod, custom=link("artifact", "a@2", "CAUSE")),
                told("ticket.created", "T-1", "09:00", ticketType="bug", summary="it hurts"),
                told("ticket.closed", "T-1", "12:00", ticketType="bug", resolution="completed", summary="it hurts"),
                told("ticket.created", "T-2", "09:30", summary=HOSTILE),
                told("pipelinerun.queued", "run-1", "07:59", pipelineName="main"),
                told("pipelinerun.started", "run-1", "08:00", pipelineName="main"),
                told("pipelinerun.finished", "run-1", "08:10", pipelineName="main", outcome="success"),
                told("pipelinerun.started", "run-2", "08:00", pipelineName=HOSTILE),
                told("pipelinerun.finished", "run-2", "08:30", pipelineName=HOSTILE, outcome="failure"),
                told("pipelinerun.finished", "run-3", "09:30", pipelineName="main"),
                told("pipelinerun.started", "run-4", "08:00", pipelineName="main"),
                *(
                    told("testcaserun.finished", f"t-{n}", f"08:0{n}", testCase={"id": "t"}, outcome=end, context={"chainId": "c"})
                    for n, end in enumerate(["fail", "pass"])
                ),
            ]
        )  # fmt: skip
        assert set(answer.json()["tally"]) == {"stored"}, answer.text
        yield one


def rows(site, path, table):
    """The rows of a table of a page, as a program reads them."""
    response = site.get(f"{path}{'&' if '?' in path else '?'}format=json&table={table}")
    assert response.status_code == 200, response.text
    return response.json()["items"]


def words(site, path):
    """The text of a page, without markup."""
    response = site.get(path)
    assert response.status_code == 200, response.text
    return unescape(re.sub(r"\s+", " ", re.sub(r"<title>[^<]*</title>|<[^>]+>", "", response.text))).replace(
        "\u202f", " "
    )


def cards(site, path):
    """The cards of a page: the name of each, its value and the address of its evidence."""
    found = re.findall(
        r'<h3><a[^>]*>([^<]+)</a></h3>\s*<p class="value">(?:<a href="([^"]+)">|<span class="quiet">)([^<]+)<',
        site.get(path).text,
    )
    return {name: (value.replace("\u202f", " "), unescape(href)) for name, href, value in found}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_an_empty_site_answers_and_teaches(empty, path):
    response = empty.get(path)

    assert response.status_code == 200
    assert re.findall(r"<[^>]*\s(?:style|on\w+)=|<style|<script(?![^>]*\ssrc=)", response.text) == []
    assert not re.search(r"\bNone\b|>0\u202f?%<", re.sub(r"<pre.*?</pre>", "", response.text, flags=re.DOTALL))


def test_the_first_page_tells_what_the_interface_answers(site):
    rest = site.get(f"{REST}/dora?{DAY}").json()["metrics"]
    shown = {name: value for name, (value, _) in cards(site, f"/?{DAY}").items()}

    assert rest["change_failure_rate"]["whole"]["failed"] == 2
    assert shown == {
        "Deployment frequency": "2 a day",
        "Lead time for changes": "2 h",
        "Change failure rate": "100 %",
        "Failed deployment recovery time": "40 min",
        "Deployment rework rate": "50 %",
    }
    text = words(site, f"/?{DAY}")
    assert "median of 1 change, known for 1 of 2 releases; 1 release without a change linked to the artifact" in text
    assert "2 of 2 deployments failed; 1 incident without a deployment before them" in text
    assert "median, known for 1 of 2 failed; 1 deployment with an incident still open" in text
    assert "up from 1 a day" not in text, "the evidence begins within the day before"


def test_every_number_of_the_first_page_leads_to_what_it_counts(site):
    shown = cards(site, f"/?{DAY}").items()
    counts = {name: len(rows(site, href, href[1:].split("?")[0])) for name, (_, href) in shown}

    assert counts == {
        "Deployment frequency": 2,
        "Lead time for changes": 1,
        "Change failure rate": 2,
        "Failed deployment recovery time": 1,
        "Deployment rework rate": 1,
    }
    lacking = [unescape(href) for href in re.findall(r'; <a href="([^"]+)">\d', site.get(f"/?{DAY}").text)]
    assert [len(rows(site, href, href[1:].split("?")[0])) for href in lacking] == [1, 1, 1]


def test_points_of_a_trend_lead_to_their_part_of_the_evidence(site):
    text = site.get("/?from=2026-03-19T00:00:00Z&until=2026-03-21T00:00:00Z").text
    hrefs = [unescape(href) for href in re.findall(r'<a href="([^"]+)" tabindex="-1" aria-label="\d+ Mar 2026: [^"]+ a day', text)]  # fmt: skip

    assert [len(rows(site, href, "deployments")) for href in hrefs] == [1, 2]
    trend = rows(site, "/?from=2026-03-19T00:00:00Z&until=2026-03-21T00:00:00Z", "trend")
    parts = site.get(f"{REST}/dora?from=2026-03-19T00:00:00Z&until=2026-03-21T00:00:00Z&by=day").json()["metrics"]
    assert [one["failure_rate"] for one in trend[::-1]] == [
        one["rate"] for one in parts["change_failure_rate"]["parts"]
    ]


def test_a_window_is_compared_with_the_one_before_where_that_is_known(site):
    afternoon = "from=2026-03-20T10:45:00Z&until=2026-03-20T12:30:00Z"

    assert "compared with 20 Mar 2026 to 20 Mar 2026 before" in words(site, f"/?{afternoon}")
    assert "the same before" in words(site, f"/?{afternoon}")
    assert "compared with nothing: the evidence begins on 19 Mar 2026" in words(site, "/?last=365d")


@pytest.mark.parametrize(
    ("query", "shown"),
    [("", 2), ("&environment=stage", 1), ("&environment=*", 3), ("&service=cart", 0), ("&source=/x", 0)],
)
def test_filters_let_pass_what_they_name(site, query, shown):
    found = rows(site, f"/deployments?{DAY}{query}", "deployments")
    rest = site.get(f"{REST}/deployments?{DAY}{query}").json()["items"]

    assert len(found) == len(rest) == shown
    assert [one["artifact"] for one in found] == [one["artifact_id"] for one in rest]


def test_what_is_not_known_is_said_and_never_nothing(site):
    assert "Change failure rate no data" in words(site, f"/?{DAY}&service=cart&environment=*")
    assert "Lead time for changes unknown" in words(site, f"/?{DAY}&environment=stage")
    assert "unknown: without a change linked to the artifact" in words(site, f"/delivered?{DAY}&explained=false")
    assert "Known for 1 of 2 releases; why not for 1" in words(site, f"/delivered?{DAY}")
    assert "1 run without a start" in words(site, f"/pipelines?{DAY}")


def test_an_incident_says_which_deployment_is_behind_it_and_how_that_is_known(site):
    text = words(site, f"/incidents?{DAY}")
    found = {one["incident"]: one["known_by"] for one in rows(site, f"/incidents?{DAY}", "incidents")}

    assert "3 incidents began" in text
    assert "1 is linked to the deployment behind it, 1 tied to one by time only; 1 to none" in text
    assert found == {"I": "time", "J": "no-deployment", HOSTILE: "artifact"}
    assert len(rows(site, f"/incidents?{DAY}&still=true", "incidents")) == 2
    assert len(rows(site, f"/incidents?{DAY}&tied=false", "incidents")) == 1
    assert "shop in prod, 10 min before" in text


def test_tickets_are_open_or_took_so_long(site):
    assert "2 tickets created" in words(site, f"/tickets?{DAY}")
    found = {one["ticket"]: one["closed_seconds"] for one in rows(site, f"/tickets?{DAY}", "tickets")}
    assert found == {"T-1": 10_800.0, "T-2": None}
    assert [one["ticket"] for one in rows(site, f"/tickets?{DAY}&still=true", "tickets")] == ["T-2"]


def test_runs_tell_what_the_interface_answers(site):
    rest = site.get(f"{REST}/executions/pipelinerun?{DAY}").json()["items"]
    found = rows(site, f"/pipelines?{DAY}", "names")

    keys = ("runs", "failed", "failure_rate", "p50_seconds", "p95_seconds", "queue_p50_seconds")
    asked = ("items", "failed", "failure_rate", "p50_seconds", "p95_seconds", "queue_p50_seconds")
    assert sorted(tuple(one[key] for key in keys) for one in found) == sorted(tuple(one[key] for key in asked) for one in rest)  # fmt: skip
    assert {name: value for name, (value, _) in cards(site, f"/pipelines?{DAY}").items()} == {
        "Runs": "3",
        "Took, median": "20 min",
        "Failure rate": "50 %",
        "Waited in the queue, median": "1 min",
    }
    assert [one["run"] for one in rows(site, f"/pipelines?{DAY}", "runs")] == ["run-3", "run-2", "run-1"]
    assert [one["run"] for one in rows(site, f"/pipelines?{DAY}&verdict=failed", "runs")] == ["run-2"]
    assert [one["run"] for one in rows(site, f"/pipelines?{DAY}&verdict=unexplained", "runs")] == ["run-3"]


def test_flaky_tests_and_stuck_runs_are_listed(site):
    (flaky,) = rows(site, f"/flaky?{DAY}", "flaky")
    stuck = rows(site, "/stuck", "stuck")

    assert (flaky["test"], flaky["flaky_rate"], flaky["sample"]) == ("t", 1.0, "t-0")
    assert [one["run"] for one in stuck] == ["run-4"]
    assert "no run that began more than 1 d 4 h ago" not in words(site, "/stuck?hours=28").lower()
    assert rows(site, "/stuck?kind=build", "stuck") == []


def test_a_service_tells_where_it_runs_how_it_went_and_which_version_went_where(site):
    text = words(site, f"/service?id=shop&{DAY}")

    assert "a@2 in stage since" in text
    assert "It runs the same everywhere." in text
    assert [one["artifact"] for one in rows(site, f"/service?id=shop&{DAY}", "history")] == ["a@2", "a@2", "a@0", "a@1"]
    assert {one["incident"] for one in rows(site, f"/service?id=shop&{DAY}", "incidents")} == {"I", HOSTILE}
    assert "/deployments?from=2026-03-20T00%3A00%3A00Z" in site.get(f"/service?id=shop&{DAY}").text
    assert site.get("/service?id=nobody").status_code == 404
    assert 'href="/service?id=shop"' in site.get("/services").text


def test_every_figure_says_how_it_is_computed(site):
    hrefs = set(re.findall(r'href="(/how/\w+)"', "".join(site.get(path).text for path in ("/", *PAGES, "/sources"))))

    assert len(hrefs) > 30
    for href in sorted(hrefs):
        text = words(site, href)
        assert "In SQL" in text, href
    assert "from its merge" in words(site, "/how/lead_time_for_changes")
    assert site.get("/how/nothing").status_code == 404


def test_what_senders_write_never_becomes_markup(site):
    for path in (f"/incidents?{DAY}", f"/tickets?{DAY}", f"/pipelines?{DAY}", "/service?id=shop&last=365d"):
        assert "<script>" not in site.get(path).text, path
    assert "&lt;script&gt;alert(" in site.get(f"/pipelines?{DAY}").text


def test_where_no_environment_is_production_the_pages_say_so(postgres18):
    with served(postgres18) as one:
        one.post([runs("shop", "here", "a@1", "2026-03-20T10:00:00+00:00")])

        assert "No environment is known as production" in words(one, "/")
        assert "No environment is known as production" in words(one, "/deployments")
        assert "1 deployment" in words(one, f"/deployments?{DAY}&environment=*")


@pytest.mark.parametrize("query", ["from=2026-03-20&until=2026-03-20", "from=0001-01-03", "until=9999-12-30&last=365d"])
@pytest.mark.parametrize("path", ["/", "/deployments", "/delivered", "/incidents", "/tickets", "/tests", "/flaky"])
def test_any_window_is_answered(site, path, query):
    assert site.get(f"{path}?{query}").status_code == 200
