"""The pages of clusters: they tell what the database holds, every number leads to its evidence, what senders write is no markup."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import quote

import httpx
import pytest

from evistore.clusters.demo import Fleet, store
from evistore.kernel.database import Database
from fixtures.serving import served

HOSTILE = "<script>alert('1')</script>\"'&"
NAMES = [
    "{5d5892d3-1f74-4ccf-91af-548dfc9767aa}",
    "urn:uuid:5d5892d3-1f74-4ccf-91af-548dfc9767ab",
    "/5d5892d3-1f74-4ccf-91af-548dfc9767ac/",
]
PLACES = ["/clusters", "/clusters?order=silent", "/clusters/recommendations", "/clusters/errors"]
UNTIL = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


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


def message(cluster, *keys, rule="rules.hostile", at=None, version=None, details=None):
    """A report of *cluster*."""
    return {
        "OrgID": 77,
        "ClusterName": cluster,
        "LastChecked": (at or datetime.now(UTC)).isoformat(),
        "Report": {
            "system": {},
            "fingerprints": [],
            "reports": [
                {"component": f"{rule}.report", "key": key, "details": details or {"x": HOSTILE}} for key in keys
            ],
            "info": [{"info_id": "version_info|CLUSTER_VERSION_INFO", "details": {"version": version or "4.9.1"}}],
        },
    }


def report(one, told):
    answer = httpx.post(f"{one.url}/insights/reports", json=told, timeout=30)
    assert answer.is_success, answer.text


@pytest.fixture(scope="module")
def empty(postgres18):
    with served(postgres18) as one:
        yield one


@pytest.fixture(scope="module")
def site(postgres18):
    """A fleet of 60 clusters, and some whose names and findings are unusual."""
    with served(postgres18) as one:
        with Database(one.database, size=2) as database:
            store(database, Fleet(3, 60, 40, UNTIL), lambda _: None)
        for name in NAMES:
            report(one, message(name, HOSTILE, "", "A/B|C"))
        yield one


def rows(one, path, table):
    """The rows of a *table* of the page."""
    found, place = [], f"{path}{'&' if '?' in path else '?'}format=json&table={table}"
    while place:
        answer = one.get(place)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        place = answer.json()["next"]
    return found


@pytest.mark.parametrize("path", PLACES)
def test_every_place_of_an_empty_site_answers(empty, path):
    response = empty.get(path)

    assert response.status_code == 200
    read(response)


def test_an_empty_site_teaches_how_to_send_a_report_that_is_then_shown(postgres18):
    with served(postgres18) as one:
        body = re.search(r"--json '(.*?)'</code>", unescape(one.get("/clusters").text), re.DOTALL)[1]
        report(one, json.loads(body))

        assert "1 cluster of 1 organisation" in one.get("/clusters").text
        page = one.get(f"/clusters/{json.loads(body)['ClusterName']}").text
        assert "Runs 4.16.3" in page
        assert ">DISK_FULL</a>" in page


def test_every_link_of_every_page_leads_somewhere(site):
    seen, waiting = set(), list(PLACES)
    while waiting and len(seen) < 250:
        path = waiting.pop(0)
        if path in seen or not path.startswith("/clusters"):
            continue
        seen.add(path)
        response = httpx.get(f"{site.url}{path}", follow_redirects=True, timeout=30)
        assert response.status_code == 200, path
        if "html" in response.headers["content-type"]:
            waiting += read(response)

    assert len(seen) > 150


def test_the_first_page_leads_to_the_clusters(site):
    assert "/clusters" in [href.partition("?")[0] for href in read(site.get("/"))]


def test_the_answer_of_the_list_is_what_the_database_holds(site):
    ((clusters, hits, affected),) = site.ask(
        "SELECT (SELECT count(*) FROM report), (SELECT count(*) FROM recommendation), (SELECT count(DISTINCT cluster_id) FROM recommendation)"
    )
    text = re.sub(r"<[^>]+>", "", site.get("/clusters").text)

    assert f"{clusters} clusters of 13 organisations" in text
    assert f"{hits} recommendations for {affected} of them" in text


@pytest.mark.parametrize("order", ["urgent", "silent"])
def test_pages_of_the_list_show_every_cluster_once_in_order(site, order):
    seen, path = [], f"/clusters?order={order}"
    while path:
        text = site.get(path).text
        found = re.findall(r'<th scope="?row"? class="id[^>]*>\s*<a href="[^"]*">\s*([^<]*?)\s*<', text)
        seen += map(unescape, found)
        following = re.search(r'<a href="([^"]*)" rel="next"', text)
        path = unescape(following[1]) if following else None

    counts = dict(
        site.ask(
            "SELECT r.cluster, count(c.cluster_id) FROM report r LEFT JOIN recommendation c ON c.cluster_id = r.cluster GROUP BY 1"
        )
    )
    times = dict(site.ask("SELECT cluster, last_checked_at FROM report"))
    assert len(seen) == len(set(seen)) == len(counts) == 63
    values = [times[one] if order == "silent" else -counts[one] for one in seen]
    assert values == sorted(values)


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("organization=77", "org_id = 77"),
        (
            "rule=NO_ALERT_RECEIVER",
            "cluster IN (SELECT cluster_id FROM recommendation WHERE error_key = 'NO_ALERT_RECEIVER')",
        ),
        (
            "rule=ccx_rules_fleet.monitoring.alertmanager_silent%7CNO_ALERT_RECEIVER",
            "cluster IN (SELECT cluster_id FROM recommendation WHERE error_key = 'NO_ALERT_RECEIVER')",
        ),
        ("search=4.16", "cluster IN (SELECT cluster_id FROM report_info WHERE version_info LIKE '4.16%%')"),
        ("search=URN:uuid", "cluster LIKE 'urn:%%'"),
    ],
)
def test_a_filter_of_the_list_lets_through_what_it_says(site, query, condition):
    expected = {one for (one,) in site.ask(f"SELECT cluster FROM report WHERE {condition}")}
    found = {row["cluster"] for row in rows(site, f"/clusters?{query}", "clusters")}

    assert found == expected
    assert 0 < len(found) < 63


def test_recommendations_are_counted_by_cluster_and_lead_to_those(site):
    expected = dict(site.ask("SELECT error_key, count(*) FROM recommendation GROUP BY error_key HAVING count(*) > 0"))
    found = rows(site, "/clusters/recommendations", "recommendations")

    assert {row["finding"]: row["clusters"] for row in found if row["clusters"]} == expected
    most = max(found, key=lambda row: row["clusters"])
    leads = rows(site, f"/clusters?rule={quote(most['rule'] + '|' + most['finding'])}", "clusters")
    assert len(leads) == most["clusters"]


def test_recommendations_can_be_had_as_csv_and_sorted(site):
    text = site.get("/clusters/recommendations?format=csv&sort=-appeared").text
    found = list(csv.DictReader(io.StringIO(text)))

    appeared = [int(row["appeared"]) for row in found]
    assert appeared == sorted(appeared, reverse=True)
    assert appeared[0] > 0


def test_days_add_up_to_what_stands_now(site):
    days = rows(site, "/clusters/recommendations", "days")

    assert days[0]["day"] == f"{datetime.now(UTC):%Y-%m-%d}"
    assert days[0]["standing"] == site.ask("SELECT count(*) FROM recommendation")[0][0]
    assert all(
        after["standing"] == before["standing"] + after["appeared"] - after["resolved"]
        for after, before in pairwise(days)
    )


def test_before_the_first_report_nothing_is_known(site):
    days = rows(site, "/clusters/recommendations?last=90d", "days")

    assert days[-1]["standing"] is None
    assert "before the first report" in site.get("/clusters/recommendations?last=90d").text


@pytest.mark.parametrize(
    "window", ["from=9999-12-31T23:00:00Z", "from=0001-01-01&until=0001-01-02", "until=9999-12-31T23:59:59Z"]
)
def test_windows_at_both_ends_of_time_are_answered(site, window):
    assert site.get(f"/clusters/recommendations?{window}").status_code == 200
    place = "/clusters/recommendations/ccx_rules_fleet.monitoring.alertmanager_silent%7CNO_ALERT_RECEIVER"
    assert site.get(f"{place}?{window}").status_code == 200


def test_a_recommendation_tells_which_clusters_have_it_and_since_when(site):
    place = "/clusters/recommendations/ccx_rules_fleet.monitoring.alertmanager_silent%7CNO_ALERT_RECEIVER"
    expected = site.ask(
        "SELECT cluster_id, appeared_at FROM clusters.hit_episode WHERE error_key = 'NO_ALERT_RECEIVER' AND resolved_at IS NULL ORDER BY 2 DESC"
    )
    found = rows(site, place, "affected")

    assert [(row["cluster"], datetime.fromisoformat(row["since"])) for row in found] == expected
    assert f"{len(expected)} clusters of" in site.get(place).text


def test_a_recommendation_that_no_cluster_ever_had_is_told_so(site):
    response = site.get("/clusters/recommendations/rules.none%7CNONE")

    assert response.status_code == 404
    assert "no cluster ever had" in response.text


def test_a_cluster_tells_hits_history_and_voices(site):
    ((cluster,),) = site.ask("SELECT cluster_id FROM cluster_rule_toggle WHERE disabled = 1 ORDER BY 1 LIMIT 1")
    place = f"/clusters/{cluster}"
    hits = {key for (key,) in site.ask("SELECT error_key FROM rule_hit WHERE cluster_id = %s", cluster)}
    episodes = site.ask("SELECT count(*) FROM clusters.hit_episode WHERE cluster_id = %s", cluster)[0][0]
    changes = site.ask("SELECT count(*) FROM clusters.rule_change WHERE cluster_id = %s", cluster)[0][0]
    votes = site.ask("SELECT count(*) FROM cluster_rule_user_feedback WHERE cluster_id = %s", cluster)[0][0]

    assert {row["finding"] for row in rows(site, place, "hits")} == hits
    assert len(rows(site, place, "episodes")) == episodes
    assert len(rows(site, place, "said")) == changes + votes
    assert "disabled" in {row["settled"] for row in rows(site, place, "hits")}
    text = site.get(place).text
    assert text.count("what the rule found") == len(hits)
    assert '<rect class="span"' in text


def test_a_cluster_tells_whose_workloads_should_be_changed(site):
    cluster, spaces = site.ask("SELECT cluster_id, count(*) FROM dvo.dvo_report GROUP BY 1 ORDER BY 2 DESC LIMIT 1")[0]

    assert len(rows(site, f"/clusters/{cluster}", "workloads")) == spaces > 1
    assert "Workloads to change" in site.get(f"/clusters/{cluster}").text


def test_an_acknowledged_rule_says_so_on_the_cluster(site):
    cluster, key, why = site.ask(
        """
        SELECT h.cluster_id, h.error_key, d.justification
          FROM rule_hit AS h
          JOIN rule_disable AS d ON d.org_id = h.org_id::text AND d.error_key = h.error_key
         WHERE NOT EXISTS (SELECT FROM cluster_rule_toggle AS t WHERE t.cluster_id = h.cluster_id AND t.error_key = h.error_key AND t.disabled = 1)
         LIMIT 1
        """
    )[0]

    assert {row["finding"]: row["settled"] for row in rows(site, f"/clusters/{cluster}", "hits")}[key] == why


@pytest.mark.parametrize("name", NAMES)
def test_a_cluster_has_a_page_whatever_its_name_looks_like(site, name):
    response = site.get(f"/clusters/{quote(name, safe='')}")

    assert response.status_code == 200
    assert f'<span class="id">{name}</span>' in response.text
    assert f'href="/clusters/{quote(name, safe="")}"' in site.get("/clusters?organization=77").text


@pytest.mark.parametrize("key", [HOSTILE, "", "A/B|C"])
def test_a_recommendation_has_a_page_whatever_its_key_looks_like(site, key):
    place = f"/clusters/recommendations/{quote('rules.hostile|' + key, safe='')}"

    assert {row["cluster"] for row in rows(site, place, "affected")} == set(NAMES)
    assert place in [unescape(href) for href in read(site.get(f"/clusters/{quote(NAMES[0], safe='')}"))]


def test_what_senders_write_never_becomes_markup(site):
    hostile = quote(HOSTILE, safe="")
    for path in (
        f"/clusters/{quote(NAMES[0], safe='')}",
        f"/clusters/recommendations/rules.hostile%7C{hostile}",
        "/clusters/recommendations",
        f"/clusters?rule={hostile}&search={hostile}",
        f"/clusters/errors?topic={hostile}",
    ):
        text = site.get(path).text
        assert "alert(&#39;1" in text, path
        assert "<script>" not in text, path


def test_a_cluster_nobody_heard_of_is_told_so(site):
    response = site.get("/clusters/5d5892d3-0000-4ccf-91af-548dfc9767aa")

    assert response.status_code == 404
    assert "no report of a cluster" in response.text


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        (NAMES[0].upper(), f"/clusters/{quote(NAMES[0], safe='')}"),
        (
            "NO_ALERT_RECEIVER",
            "/clusters/recommendations/ccx_rules_fleet.monitoring.alertmanager_silent%7CNO_ALERT_RECEIVER",
        ),
        ("rules.hostile|A/B|C", f"/clusters/recommendations/{quote('rules.hostile|A/B|C', safe='')}"),
        ("rules.hostile.report|A/B|C", f"/clusters/recommendations/{quote('rules.hostile|A/B|C', safe='')}"),
    ],
)
def test_the_search_finds_clusters_and_recommendations(site, asked, place):
    response = httpx.get(f"{site.url}/search", params={"q": asked})

    assert (response.status_code, response.headers["location"]) == (303, place)
    assert httpx.get(f"{site.url}/search", params={"q": f"{asked}-not"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/clusters?cursor=nonsense", 400),
        ("/clusters?cursor=W251bGwsIm5hbiB4Il0", 400),
        ("/clusters?cursor=W251bGwsIngiXQ", 400),
        ("/clusters?organization=-1", 422),
        ("/clusters?organization=one", 422),
        ("/clusters?order=other", 422),
        ("/clusters?search=%00", 422),
        ("/clusters/recommendations?last=9d", 400),
        ("/clusters/recommendations?sort=rules", 400),
        ("/clusters/errors?cursor=nonsense", 400),
        ("/clusters/errors/topic/0/1", 404),
        ("/clusters/errors/topic/x/1", 422),
    ],
)
def test_an_address_that_does_not_fit_is_told_so_on_a_page(site, path, status):
    response = site.get(path)

    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")


def test_faulty_messages_are_counted_by_pointer_and_lead_to_each(site):
    total = site.ask("SELECT count(*) FROM consumer_error")[0][0]
    kinds = rows(site, "/clusters/errors", "kinds")

    assert total > 3
    assert len(rows(site, "/clusters/errors", "errors")) == total
    for kind in kinds:
        pointer = quote(kind["pointer"] or "-", safe="")
        found = rows(site, f"/clusters/errors?pointer={pointer}&code={kind['code']}", "errors")
        assert len(found) == kind["messages"] > 0


def test_pages_of_faulty_messages_follow_on_each_other(site):
    places = [row["place"] for row in rows(site, "/clusters/errors", "errors")]

    assert len(set(places)) == len(places)
    assert rows(site, "/clusters/errors?last=1h&topic=nobody", "errors") == []
    assert rows(site, "/clusters/errors?until=2020-01-01", "errors") == []


def test_a_faulty_message_is_shown_with_all_its_faults(site):
    topic, partition, offset, faults, raw = site.ask(
        "SELECT topic, partition, topic_offset, faults, message FROM clusters.consumer_error ORDER BY jsonb_array_length(faults) DESC LIMIT 1"
    )[0]
    place = f"/clusters/errors/{topic}/{partition}/{offset}"

    assert [(row["pointer"], row["code"], row["text"]) for row in rows(site, place, "faults")] == [
        (fault["pointer"], fault["code"], fault["text"]) for fault in faults
    ]
    assert len(faults) > 1
    assert raw[:200] in unescape(site.get(place).text)


def test_a_silent_cluster_is_marked(postgres18):
    with served(postgres18) as one:
        report(one, message("5d5892d3-1f74-4ccf-91af-548dfc9767ad", at=datetime.now(UTC) - timedelta(days=9)))
        text = one.get("/clusters").text

        assert ">1</a> has not reported for a week" in text
        assert '<b class="mark">silent</b>' in text
        assert "nothing is recommended for it" in text


def test_a_browser_shows_the_pages_without_a_word_of_complaint_and_keys_lead_on(site, page):
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(f"{site.url}/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/clusters")
    page.get_by_role("link", name="Recommendations", exact=True).click()
    page.get_by_role("link", name="NO_ALERT_RECEIVER").first.click()
    page.wait_for_url("**/recommendations/ccx_rules_fleet.monitoring.alertmanager_silent%7CNO_ALERT_RECEIVER")
    page.locator("#affected tbody a").first.click()
    page.wait_for_selector("figure.lanes")
    page.locator("details.data summary").first.click()
    assert "documentation" in page.locator("details.data[open] pre").first.inner_text()
    page.get_by_role("link", name="Faulty messages").click()
    page.locator("#errors tbody a").first.click()
    page.wait_for_selector("#faults")

    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for path in (
            "/clusters",
            "/clusters/recommendations",
            "/clusters/errors",
            f"/clusters/{quote(NAMES[1], safe='')}",
        ):
            page.goto(f"{site.url}{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
    assert complaints == []
