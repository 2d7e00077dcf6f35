"""The attributes beside the body of a message, and the document as a whole."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest
import zstandard

from evistore.clusters.wire import Faulty, Report, report_of, workloads_of
from fixtures.insights_messages import CLUSTER, report_message, workloads_message

GO = "json: cannot unmarshal {} into Go struct field incomingMessage.{} of type {}"
UUIDS = [
    CLUSTER,
    CLUSTER.upper(),
    CLUSTER.replace("-", ""),
    f"urn:uuid:{CLUSTER}",
    f"URN:UUID:{CLUSTER}",
    f"{{{CLUSTER}}}",
    f"[{CLUSTER}]",
    f"x{CLUSTER}x",
]
NO_UUIDS = [
    "",
    "x",
    CLUSTER[:-1],
    f"{CLUSTER}0",
    CLUSTER.replace("-", "_"),
    CLUSTER.replace("5", "g"),
    f"urn-uuid:{CLUSTER}",
    f"é{CLUSTER}x",
    f"é{CLUSTER}",
    f"{CLUSTER}\n",
    CLUSTER.replace("5", "\uff15"),
    "-" * 36,
]


def codes(read) -> list[tuple[str, str]]:
    """Every fault of a faulty message: where, and its code."""
    assert isinstance(read, Faulty), read
    return [(fault.pointer, fault.code) for fault in read.faults]


def raw(name: str, text: str) -> bytes:
    """A message whose attribute *name* has this JSON text."""
    return report_message(**({} if name == "OrgID" else {"org": 1}), **{name: "@@"}).replace(b'"@@"', text.encode())


@pytest.mark.parametrize("cluster", UUIDS)
def test_a_cluster_is_kept_as_sent(cluster):
    assert report_of(report_message(cluster=cluster)).envelope.cluster == cluster


@pytest.mark.parametrize("cluster", NO_UUIDS)
def test_a_cluster_that_is_no_uuid_is_faulty(cluster):
    read = report_of(report_message(cluster=cluster))
    assert codes(read) == [("/ClusterName", "uuid-invalid")]
    assert read.text == "cluster name is not a UUID"


def test_a_cluster_with_nul_cannot_be_stored():
    assert codes(report_of(report_message(cluster=f"\0{CLUSTER}x"))) == [("/ClusterName", "nul-character")]


@pytest.mark.parametrize("org", [0, 1, 2**31 - 1])
def test_an_organisation_that_the_database_can_hold_is_taken(org):
    assert report_of(report_message(org)).envelope.org_id == org


@pytest.mark.parametrize("org", [2**31, 2**32 - 1])
def test_an_organisation_beyond_the_column_is_refused_with_a_reason(org):
    read = report_of(report_message(org))
    assert codes(read) == [("/OrgID", "org-out-of-range")]
    assert read.text == f"organization ID {org} is larger than 2147483647"
    assert read.envelope.org_id == org


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('"1"', "string"),
        ("true", "bool"),
        ("[]", "array"),
        ("{}", "object"),
        ("1.0", "number 1.0"),
        ("1e3", "number 1e3"),
        ("-1", "number -1"),
        ("-0", "number -0"),
        ("4294967296", "number 4294967296"),
        ("9" * 5000, "number " + "9" * 40),
    ],
)
def test_an_organisation_of_another_type_is_refused_in_known_words(text, told):
    read = report_of(raw("OrgID", text))
    assert codes(read) == [("/OrgID", "type-wrong")]
    assert read.text == GO.format(told, "OrgID", "types.OrgID")


def test_only_allowed_organisations_may_send():
    assert isinstance(report_of(report_message(5), allowed={5}), Report)
    read = report_of(report_message(6), allowed={5})
    assert codes(read) == [("/OrgID", "org-not-allowed")]
    assert read.text == "organization ID is not in allow list"
    assert codes(workloads_of(workloads_message(6), allowed=range(5))) == [("/OrgID", "org-not-allowed")]


@pytest.mark.parametrize("name", ["OrgID", "ClusterName", "Report"])
def test_null_is_as_good_as_absent(name):
    for sent in (report_message(**{name: ...}), report_message(**{name: None})):
        read = report_of(sent)
        assert codes(read) == [(f"/{name}", "attribute-missing")]
        assert read.text == f"missing required attribute '{name}'"


@pytest.mark.parametrize("last_checked", [None, ..., ""])
def test_last_checked_is_needed(last_checked):
    read = report_of(report_message(last_checked=last_checked))
    assert codes(read) == [("/LastChecked", "time-invalid" if last_checked == "" else "attribute-missing")]
    assert read.text == 'parsing time "" as "2006-01-02T15:04:05.999999999Z07:00": cannot parse "" as "2006"'


@pytest.mark.parametrize("version", [0, 1, 2, 3, 255, None, ...])
def test_any_small_version_will_do_or_none(version):
    found = report_of(report_message(Version=version)).envelope.version
    assert found == (version if isinstance(version, int) else None)


@pytest.mark.parametrize("text", ['"2"', "256", "-1", "1.0", "[]", "true"])
def test_another_version_is_faulty(text):
    assert codes(report_of(raw("Version", text))) == [("/Version", "type-wrong")]


@pytest.mark.parametrize(
    ("metadata", "moment"),
    [
        (None, None),
        (..., None),
        ({}, None),
        ({"gathering_time": None}, None),
        ({"gathering_time": "0001-01-01T00:00:00Z"}, None),
        ({"gathering_time": "2024-01-15T10:58:00+02:00"}, datetime(2024, 1, 15, 8, 58, tzinfo=UTC)),
        ({"Gathering_Time": "2024-01-15T10:58:00.5Z", "x": 1}, datetime(2024, 1, 15, 10, 58, 0, 500_000, UTC)),
    ],
)
def test_the_time_of_gathering_is_optional(metadata, moment):
    assert report_of(report_message(Metadata=metadata)).envelope.gathered_at == moment


@pytest.mark.parametrize(
    ("metadata", "fault"),
    [
        ([], ("/Metadata", "type-wrong")),
        ("x", ("/Metadata", "type-wrong")),
        ({"gathering_time": ""}, ("/Metadata/gathering_time", "time-invalid")),
        ({"gathering_time": "yesterday"}, ("/Metadata/gathering_time", "time-invalid")),
        ({"gathering_time": 1}, ("/Metadata/gathering_time", "type-wrong")),
    ],
)
def test_a_wrong_time_of_gathering_is_faulty(metadata, fault):
    assert codes(report_of(report_message(Metadata=metadata))) == [fault]


def test_names_match_without_regard_to_case_and_the_last_one_wins():
    sent = report_message(1, RequestId="a").removesuffix(b"}")
    read = report_of(sent + ', "ORGID": 2, "orgid": 3, "Reque\u017ftid": "b", "LastChec\u212aed": null}'.encode())
    assert codes(read) == [("/LastChecked", "attribute-missing")]
    assert (read.envelope.org_id, read.envelope.request_id) == (3, "b")
    assert report_of(sent + b', "orgid": 2, "OrgID": 4}').envelope.org_id == 4
    assert report_of(sent + b', "Report": null, "report": {}, "RePoRt": [1]}').faults[0].pointer == "/RePoRt"


def test_half_a_surrogate_pair_becomes_the_replacement_character():
    sent = report_message(RequestId="@", hits=["a@|K"]).replace(b"@", b"\\ud800\\ud83d\\ude00\\udc00")
    read = report_of(sent)
    assert read.envelope.request_id == "\ufffd\U0001f600\ufffd"
    assert read.hits[0].component == "a\ufffd\U0001f600\ufffd.report"
    assert "\\ud800\\ud83d\\ude00\\udc00" in read.report


def test_names_with_half_a_surrogate_pair_do_not_hide_their_neighbours():
    sent = report_message(7, odd={"@": [1, {}]}, **{"@": " x:,[ "}).replace(b"@", b"\\udfff")
    assert report_of(sent.replace(b'"fingerprints"', b'"\\ud800" : [ ], "fingerprints"')).envelope.org_id == 7


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"", "json-invalid"),
        (b" \n", "json-invalid"),
        (b"\xef\xbb\xbf" + report_message(), "json-invalid"),
        (report_message() + report_message(), "json-invalid"),
        (report_message() + b"x", "json-invalid"),
        (report_message() + b"\0", "json-invalid"),
        (report_message()[:-1], "json-invalid"),
        (report_message(RequestId="@").replace(b"@", b"\0"), "json-invalid"),
        (report_message(RequestId="@").replace(b"@", b"\n"), "json-invalid"),
        (report_message(RequestId="@").replace(b"@", b"\\q"), "json-invalid"),
        (report_message(RequestId="@").replace(b"@", b"\\ud8"), "json-invalid"),
        (report_message(RequestId="@").replace(b"@", b"\xff"), "not-utf8"),
        (report_message(RequestId="@").replace(b"@", b"\xed\xa0\x80"), "not-utf8"),
        (b'{"OrgID": NaN}', "json-invalid"),
        (b'{"OrgID": 01}', "json-invalid"),
        (b'{"OrgID": 1,}', "json-invalid"),
        (b"[]", "type-wrong"),
        (b'"x"', "type-wrong"),
        (b"null", "type-wrong"),
        (b"[" * 1_000_000, "too-deep"),
        (report_message(x="@").replace(b'"@"', b'{"a":' * 5000 + b"1" + b"}" * 5000), "too-deep"),
        (b"{" + b",".join(b'"a":1' for _ in range(400_002)) + b"}", "too-large"),
    ],
)
def test_what_is_not_one_json_object_has_one_fault(value, code):
    assert codes(report_of(value)) == [("", code)]
    assert codes(workloads_of(value)) == [("", code)]


def test_white_space_around_a_message_is_fine():
    assert isinstance(report_of(b"\r\n\t " + report_message() + b" \n"), Report)


def test_what_could_be_read_of_a_faulty_message_is_told():
    read = report_of(report_message(7, last_checked="x", RequestId="r", Report=None))
    assert (read.envelope.org_id, read.envelope.cluster, read.envelope.request_id) == (7, CLUSTER, "r")
    read = report_of(report_message(7, RequestId="r", x="@").replace(b"@", b"\xff"))
    assert (read.envelope.org_id, read.envelope.cluster, read.envelope.request_id) == (7, CLUSTER, "r")
    assert report_of(b'{"a":"\xff').envelope.org_id is None


PLAIN = report_message(RequestId="x" * 1000)
PACKED = {"gzip": gzip.compress(PLAIN), "zstd": zstandard.ZstdCompressor().compress(PLAIN)}
PACK = {"gzip": gzip.compress, "zstd": lambda plain: zstandard.ZstdCompressor().compress(plain)}


@pytest.mark.parametrize("name", PACK)
def test_a_compressed_message_is_read(name):
    pack = PACK[name]
    assert report_of(pack(PLAIN)) == report_of(PLAIN)
    assert report_of(pack(PLAIN[:50]) + pack(b"") + pack(PLAIN[50:])) == report_of(PLAIN)
    assert workloads_of(pack(workloads_message())) == workloads_of(workloads_message())


@pytest.mark.parametrize("name", PACK)
def test_broken_compression_is_a_fault(name):
    packed = PACK[name](PLAIN)
    for broken in (packed[:-1], packed[:4], packed + b"x", packed + b"\0", packed[:20] + b"\xff\xff" + packed[22:]):
        assert codes(report_of(broken)) == [("", f"{name}-broken")]


@pytest.mark.parametrize("name", PACK)
def test_what_is_compressed_twice_is_not_read(name):
    assert codes(report_of(PACK[name](PACK[name](PLAIN)))) in ([("", "not-utf8")], [("", "json-invalid")])


@pytest.mark.parametrize("pack", [lambda plain: plain, *PACK.values()])
def test_a_message_has_a_limit(pack):
    assert isinstance(report_of(pack(PLAIN), limit=len(PLAIN)), Report)
    assert codes(report_of(pack(PLAIN), limit=len(PLAIN) - 1)) == [("", "too-large")]
    assert codes(report_of(pack(b" " * 50_000_000))) == [("", "too-large")]


def test_a_thousand_members_are_too_many():
    assert codes(report_of(gzip.compress(b" ") * 1000 + gzip.compress(PLAIN))) == [("", "gzip-broken")]


def test_the_text_of_a_report_is_that_of_go():
    sent = report_message(Report=...).removesuffix(b"}") + (
        b', "Report": {"system" : { "b" : 1.50, "a":1E+5 }, "reports": [ ],\n"\xc3\xa9":"<\\u003c>&\xe2\x80\xa8",'
        b' "fingerprints": [null , "\\u00e9\\/\\ud800 x"], "\\u0008a\\"": -0, "reports": [ ]}}'
    )
    assert report_of(sent).report == (
        r'{"\ba\"":-0,"fingerprints":[null,"\u00e9\/\ud800 x"],"reports":[],"system":{"b":1.50,"a":1E+5},'
        r'"é":"\u003c\u003c\u003e\u0026\u2028"}'
    )


def test_the_text_of_a_report_sorts_names_by_bytes():
    names = ["a", "B", "é", "\uffff", "\U0001f600", "", "aa"]
    read = report_of(report_message(Report=json.loads(report_of(report_message()).report) | dict.fromkeys(names, 0)))
    found = list(json.loads(read.report))
    assert found == sorted(found, key=str.encode)
