"""Bytes to events: what senders really send, what the CloudEvents rules say, and garbage."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings import http, kafka
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given, settings
from hypothesis import strategies as st

from evistore.delivery.wire import Event, Malformed, decode_http, decode_kafka, decode_text
from evistore.kernel.documents import UNSTORABLE
from evistore.kernel.errors import Rejected

CDEVENT = {
    "context": {
        "specversion": "0.5.1",
        "id": "271069a8-fc18-44f1-b38f-9d70a1695819",
        "source": "/ci/main",
        "type": "dev.cdevents.build.started.0.3.0",
        "timestamp": "2026-03-02T08:15:00Z",
    },
    "subject": {"id": "build-1", "content": {}},
}
TEXT = json.dumps(CDEVENT, indent=1)
BODY = TEXT.encode()
HEADERS = {
    "Content-Type": "application/json",
    "Ce-Specversion": "1.0",
    "Ce-Id": CDEVENT["context"]["id"],
    "Ce-Source": "/ci/main",
    "Ce-Type": "dev.cdevents.build.started.0.3.0",
    "Ce-Subject": "build-1",
    "Ce-Time": "2026-03-02T08:15:00Z",
}
ENVELOPE = {name[3:].lower(): value for name, value in HEADERS.items() if name.startswith("Ce-")}
JSON = {"content-type": "application/json"}
STRUCTURED = {"content-type": "application/cloudevents+json; charset=utf-8"}
BATCH = {"content-type": "application/cloudevents-batch+json"}


def structured(**changed):
    return json.dumps(
        {key: value for key, value in {**ENVELOPE, "data": CDEVENT, **changed}.items() if value != "gone"}
    ).encode()


def only(decoded) -> Event:
    (event,) = decoded.events if hasattr(decoded, "events") else decoded
    assert isinstance(event, Event), event
    return event


def code_of(headers, body) -> str:
    with pytest.raises(Rejected) as refusal:
        decode_http(headers, body)
    return refusal.value.code


def test_a_bare_event_keeps_its_text_and_gets_a_verdict():
    decoded = decode_http(JSON, BODY)
    event = only(decoded)
    assert (decoded.mode, decoded.batch) == ("bare", False)
    assert (event.text, event.document, event.notes) == (TEXT, CDEVENT, ())
    assert event.verdict.state == "valid"


def test_no_verdict_is_given_when_none_is_asked_for():
    assert only(decode_http(JSON, BODY, judged=False)).verdict is None


def test_bare_events_come_as_an_array_too():
    decoded = decode_http(JSON, b" [" + BODY + b",\n" + BODY + b" ]\n")
    assert (decoded.mode, decoded.batch) == ("bare", True)
    assert [event.text for event in decoded.events] == [TEXT, TEXT]
    assert decode_http(JSON, b"[]").events == []


def test_binary_mode_takes_the_body_as_the_event():
    decoded = decode_http(HEADERS, BODY)
    assert decoded.mode == "binary"
    assert (only(decoded).text, only(decoded).notes) == (TEXT, ())


def test_structured_mode_cuts_the_event_out_of_its_envelope_unchanged():
    body = b'{"specversion":"1.0","id":"x","source":"/","type":"t", "d\\u0061ta" :' + BODY + b"}"
    decoded = decode_http(STRUCTURED, body)
    assert decoded.mode == "structured"
    assert (only(decoded).text, only(decoded).document) == (TEXT, CDEVENT)


def test_a_number_keeps_its_spelling_in_every_mode():
    text = '{"customData":{"cost":1.10,"big":123456789012345678901234567890}}'
    wrapped = json.dumps({**ENVELOPE, "data": "DATA"}).replace('"DATA"', text).encode()
    assert only(decode_http(JSON, text.encode())).text == text
    assert only(decode_http(STRUCTURED, wrapped)).text == text
    assert only(decode_http(BATCH, b"[" + wrapped + b"]")).text == text
    assert only(decode_http(JSON, b"[" + text.encode() + b"]")).text == text


def test_a_batch_holds_structured_events_and_a_broken_one_costs_no_other():
    decoded = decode_http(BATCH, b"[" + structured() + b"," + structured(id="") + b"," + structured() + b"]")
    assert (decoded.mode, decoded.batch) == ("batch", True)
    assert [type(event) for event in decoded.events] == [Event, Malformed, Event]
    assert decoded.events[1].code == "broken-cloudevent"
    assert decode_http(BATCH, b" [ ] ").events == []


@pytest.mark.parametrize("poison", ['"\\u0000"', '"\\ud800"', "1e-20000", "1e400", "[" * 300 + "]" * 300, "NaN"])
def test_what_the_database_cannot_hold_costs_no_other_element_of_a_list(poison):
    decoded = decode_http(JSON, f'[{TEXT},{{"customData":{poison}}},{TEXT}]'.encode())
    assert [type(event) for event in decoded.events] == [Event, Malformed, Event]
    assert decoded.events[1].raw == f'{{"customData":{poison}}}'.encode()


@pytest.mark.parametrize(
    ("media", "headers"),
    [
        ("application/cloudevents+json", STRUCTURED),
        ("application/cloudevents-batch+json", BATCH),
        ("APPLICATION/CLOUDEVENTS+JSON ; a=b", STRUCTURED),
    ],
)
def test_the_media_type_tells_the_mode_whatever_headers_stand_beside_it(media, headers):
    body = b"[" + structured() + b"]" if "batch" in media else structured()
    assert only(decode_http({**HEADERS, "Content-Type": media}, body)).text == json.dumps(CDEVENT)


@pytest.mark.parametrize(
    "media", ["application/json; charset=utf-8", "text/json", "application/vnd.acme+json", "APPLICATION/JSON"]
)
def test_json_is_taken_under_all_its_names(media):
    assert only(decode_http({"content-type": media}, BODY)).document == CDEVENT
    assert only(decode_http({**HEADERS, "Content-Type": media}, BODY)).document == CDEVENT


def test_a_missing_content_type_means_json():
    assert only(decode_http({}, BODY)).document == CDEVENT


@pytest.mark.parametrize(
    "media",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/cloudevents",
        "application/cloudevents+avro",
        "application/cloudevents-batch",
        "application/cloudevents-batch+protobuf",
    ],
)
def test_other_media_types_are_refused_by_their_own_code(media):
    assert code_of({"content-type": media}, BODY) == "unsupported-media-type"
    assert code_of({**HEADERS, "Content-Type": media}, BODY) == "unsupported-media-type"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty-body"),
        (b" \n", "empty-body"),
        (b"\xef\xbb\xbf{}", "byte-order-mark"),
        (b'{"a":"\xff"}', "invalid-utf8"),
        (b'{"a":"\xed\xa0\x80"}', "invalid-utf8"),
        ('{"a":1}'.encode("utf-16"), "invalid-utf8"),
        (b"{", "not-json"),
        (b"{}{}", "not-json"),
        (b"[1,]", "not-json"),
        (b"[1", "not-json"),
        (b"[1] 2", "not-json"),
        (b"\x00", "not-json"),
        (b"event", "not-json"),
        (b'{"a":NaN}', "not-a-number"),
        (b'{"a":-Infinity}', "not-a-number"),
    ],
)
def test_what_is_no_json_is_refused_over_http_and_malformed_elsewhere(body, code):
    assert code_of(JSON, body) == code
    assert code_of(HEADERS, body) == code
    (malformed,) = decode_kafka([], body)
    assert (malformed.code, malformed.raw) == (code, body)
    assert decode_text(body).code == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"a":"\\u0000"}', "nul-character"),
        (b'{"\\u0000":1}', "nul-character"),
        (b'"\\\\\\u0000"', "nul-character"),
        (b'{"a":"\\ud800"}', "lone-surrogate"),
        (b'{"a":"\\uDC00\\ud800"}', "lone-surrogate"),
        (b"1e400", "number-range"),
        (b"1e-20000", "number-range"),
        (b'{"a":[0e-20000]}', "number-range"),
        (b'{"a":0e99999999999999999999}', "number-range"),
        (b'{"a":0.' + b"1" * 17_000 + b"}", "number-range"),
        (b'{"a":[' + b",".join([b"1e300"] * 10_000) + b"]}", "number-range"),
        (b'{"a":' + b"9" * 400 + b"}", "number-range"),
        (b"[" * 201 + b"]" * 201, "too-deep"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "too-deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too-deep"),
    ],
)
def test_json_that_the_database_cannot_hold_is_kept_aside_through_every_door(body, code):
    assert code in UNSTORABLE
    assert decode_text(body).code == code
    (malformed,) = decode_http(HEADERS, body).events
    assert (malformed.code, malformed.raw) == (code, body)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":"\\\\u0000"}', '"\\ud83d\\ude00"', "1e300", "1.5e-300",
        "[[" * 100 + "]]" * 100, '{"a":"' + "{[" * 500 + '"}', '"1e-20000"', '{"a":"x:1e-20000,"}', "null", "[]", "1",
    ],
)  # fmt: skip
def test_json_that_the_database_can_hold_is_passed_through_whatever_it_is(text):
    event = decode_text(text.encode())
    assert isinstance(event, Event)
    assert event.text == text


@pytest.mark.parametrize("name", ["id", "source", "type", "specversion"])
def test_a_required_attribute_is_neither_missing_nor_empty(name):
    header = f"Ce-{name.title()}"
    assert code_of({**HEADERS, header: ""}, BODY) == "broken-cloudevent"
    assert code_of({key: value for key, value in HEADERS.items() if key != header}, BODY) == "broken-cloudevent"
    for value in ("", None, "gone", 1, {}):
        assert code_of(STRUCTURED, structured(**{name: value})) == "broken-cloudevent"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (structured(specversion="0.3"), "broken-cloudevent"),
        (structured(data_base64="e30="), "broken-cloudevent"),
        (structured(data="gone", data_base64="e30"), "broken-cloudevent"),
        (structured(data="gone", data_base64=1), "broken-cloudevent"),
        (structured(data="gone", data_base64=base64.b64encode(b"{").decode()), "not-json"),
        (structured(data="gone"), "no-data"),
        (structured(data=None), "no-data"),
        (structured(datacontenttype="text/xml"), "unsupported-media-type"),
        (structured(datacontenttype=5), "broken-cloudevent"),
        (structured(time=5), "broken-cloudevent"),
        (BODY, "broken-cloudevent"),
        (b"[]", "broken-cloudevent"),
        (b"null", "broken-cloudevent"),
    ],
)
def test_an_envelope_that_is_no_cloudevent_is_refused(body, code):
    assert code_of(STRUCTURED, body) == code
    (malformed,) = decode_http(BATCH, b"[" + body + b"]").events
    assert malformed.code == code


def test_a_batch_that_is_no_array_is_refused():
    assert code_of(BATCH, structured()) == "not-json"


def test_null_attributes_are_unset_and_extensions_may_be_anything():
    event = only(
        decode_http(STRUCTURED, structured(subject=None, time=None, data_base64=None, acme={"a": 1}, sequence=7))
    )
    assert [note.path for note in event.notes] == ["/subject/id", "/context/timestamp"]


def test_data_may_come_as_base64():
    encoded = base64.b64encode(BODY).decode()
    assert only(decode_http(STRUCTURED, structured(data="gone", data_base64=encoded))).text == TEXT


def test_a_string_under_data_is_a_string_and_is_not_parsed_again():
    assert only(decode_http(STRUCTURED, structured(data=TEXT))).document == TEXT


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"Ce-Id": "random"}, "/context/id"),
        ({"Ce-Source": "/other"}, "/context/source"),
        ({"Ce-Type": "other"}, "/context/type"),
        ({"Ce-Subject": "other"}, "/subject/id"),
        ({"Ce-Time": "2026-03-02T08:15:01Z"}, "/context/timestamp"),
        ({"Ce-Time": "yesterday"}, "/context/timestamp"),
    ],
)
def test_a_difference_between_envelope_and_event_is_noted_and_nothing_more(changed, path):
    event = only(decode_http({**HEADERS, **changed}, BODY))
    assert [note.path for note in event.notes] == [path]
    assert event.verdict.state == "valid"


def test_the_same_moment_spelled_another_way_is_no_difference():
    assert only(decode_http({**HEADERS, "Ce-Time": "2026-03-02T09:15:00.000+01:00"}, BODY)).notes == ()


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        ("a%2525", "a%25"),
        ('"quoted \\"text\\" here"', 'quoted "text" here'),
        ("100%", "100%"),
        ("€".encode().decode("latin-1"), "€"),
        ("%C3%A9 \u00c3\u00a9", "é é"),
    ],
)
def test_header_values_are_unquoted_and_percent_decoded_once(sent, meant):
    document = {**CDEVENT, "subject": {"id": meant, "content": {}}}
    assert only(decode_http({**HEADERS, "Ce-Subject": sent}, json.dumps(document).encode())).notes == ()


@pytest.mark.parametrize("sent", ["%ff", "a\u00ffb", "\u20ac"])
def test_header_values_that_are_no_utf_8_are_refused(sent):
    assert code_of({**HEADERS, "Ce-Subject": sent}, BODY) == "broken-cloudevent"


def test_a_cloudevent_labelled_as_plain_json_is_opened_and_noted():
    for event in (
        only(decode_http(JSON, structured())),
        only(decode_kafka([], structured())),
        decode_text(structured()),
    ):
        assert event.document == CDEVENT
        assert [note.path for note in event.notes] == [""]


def test_kafka_takes_every_mode():
    prefixed = [(f"ce_{name}", value.encode()) for name, value in ENVELOPE.items()]
    assert only(decode_kafka(prefixed, BODY)).text == TEXT
    assert only(decode_kafka([("Content-Type", b"application/cloudevents+json")], structured())).document == CDEVENT
    assert (
        only(decode_kafka([("content-type", b"application/cloudevents-batch+json")], b"[" + structured() + b"]")).notes
        == ()
    )
    assert only(decode_kafka([("content-type", b"application/octet-stream")], BODY)).text == TEXT
    assert len(decode_kafka([], b"[" + BODY + b"," + BODY + b"]")) == 2


def test_kafka_headers_are_not_percent_decoded():
    document = {**CDEVENT, "subject": {"id": "a%20b", "content": {}}}
    headers = [(f"ce_{name}", value.encode()) for name, value in {**ENVELOPE, "subject": "a%20b"}.items()]
    assert only(decode_kafka(headers, json.dumps(document).encode())).notes == ()


@pytest.mark.parametrize(
    ("headers", "value", "code"),
    [
        ([], None, "empty-body"),
        ([("ce_id", b"x")], BODY, "broken-cloudevent"),
        ([("ce_id", None), ("ce_type", b"\xff")], BODY, "broken-cloudevent"),
        ([("content-type", b"application/cloudevents+avro")], b"Obj\x01", "unsupported-media-type"),
        ([("content-type", b"\xff")], b"\xff", "invalid-utf8"),
    ],
)
def test_a_kafka_message_that_is_no_event_is_malformed(headers, value, code):
    (malformed,) = decode_kafka(headers, value)
    assert (malformed.code, malformed.raw) == (code, value or b"")


def test_what_the_cloudevents_sdk_sends_is_understood_without_a_note():
    attributes = {
        "id": CDEVENT["context"]["id"],
        "source": "/ci/main",
        "type": "dev.cdevents.build.started.0.3.0",
        "subject": "build-1",
        "time": datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
        "datacontenttype": "application/json",
    }
    event = CloudEvent(attributes, CDEVENT)
    for message in (http.to_binary_event(event), http.to_structured_event(event)):
        assert only(decode_http(message.headers, message.body)).document == CDEVENT
        assert only(decode_http(message.headers, message.body)).notes == ()
    for message in (kafka.to_binary_event(event), kafka.to_structured_event(event)):
        assert only(decode_kafka(list(message.headers.items()), message.value)).document == CDEVENT


# What other SDKs do to the envelope (id and time of their own, no subject) must not cost an event.
@pytest.mark.parametrize(
    "missing",
    [["Ce-Time"], ["Ce-Subject"], ["Ce-Time", "Ce-Subject"]],
    ids=["sdk-go", "cdviz-collector", "spinnaker"],
)
def test_senders_that_leave_attributes_out_are_understood(missing):
    headers = {name: value for name, value in HEADERS.items() if name not in missing} | {"Ce-Id": "made-up"}
    assert len(only(decode_http(headers, BODY)).notes) == len(missing) + 1


# -- garbage

FRAGMENTS = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u0000", b"\\ud800",
    b"1e-20000", b"NaN", b"\xff", b"\xef\xbb\xbf", b" ", b"null", b'"data":', b'"specversion":"1.0",', b'"context":', BODY, structured(),
]  # fmt: skip
bodies = st.binary(max_size=60) | st.lists(st.sampled_from(FRAGMENTS), max_size=8).map(b"".join)
names = st.sampled_from([
    "content-type", "ce-id", "ce-type", "ce-source", "ce-specversion", "ce-subject", "ce-time",
    "ce_id", "ce_type", "ce_source", "ce_specversion", "ce-", "x",
])  # fmt: skip
values = st.text(max_size=12) | st.sampled_from(
    ["1.0", "application/json", *(h["content-type"] for h in (STRUCTURED, BATCH)), "%", '"', "\\"]
)


@settings(max_examples=800, deadline=None)
@given(st.dictionaries(names, values, max_size=7), bodies)
def test_no_request_breaks_the_http_door(headers, body):
    try:
        decoded = decode_http(headers, body)
    except Rejected:
        return
    assert all(isinstance(event, Event | Malformed) for event in decoded.events)
    assert decoded.batch or len(decoded.events) == 1


@settings(max_examples=800, deadline=None)
@given(
    st.lists(st.tuples(names, st.none() | st.binary(max_size=8) | values.map(str.encode)), max_size=7),
    st.none() | bodies,
)
def test_no_message_breaks_the_kafka_door(headers, value):
    assert all(isinstance(event, Event | Malformed) for event in decode_kafka(headers, value))


@settings(max_examples=800, deadline=None)
@given(bodies)
def test_a_document_is_an_event_exactly_when_it_is_json_that_can_be_held(body):
    event = decode_text(body)
    if isinstance(event, Event) and not event.notes:
        assert event.text.encode() == body
        assert json.loads(body) == event.document
    elif isinstance(event, Malformed):
        assert event.raw == body
