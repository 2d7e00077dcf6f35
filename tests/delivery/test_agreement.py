"""Our rules and the official schemas decide alike, whatever is done to an event."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evistore.delivery import schemas, vocabulary
from evistore.delivery.validation import judge, verdict_for
from fixtures import mutants, official

SPECS = list(vocabulary.spec_versions())
JUDGED = [spec for spec in SPECS if spec != "0.5.0"]
WITH_LINKS = [spec for spec in JUDGED if spec >= "0.4.1"]


def carried(spec: str) -> list[str]:
    return [type_ for type_, specs in vocabulary.types().items() if spec in specs]


def custom_path(spec: str) -> str:
    return f"schemas/{'0.5.1' if spec == '0.5.0' else spec}/custom/schema.json"


def assert_alike(ours: Any, path: str) -> None:
    """Both take the full sample, and agree on every single change to it."""
    theirs = official.validator(path)
    event = mutants.full(official.document(path))
    assert ours.is_valid(event), event
    assert theirs.is_valid(event), event
    seen = {True: 0, False: 0}
    for mutant in mutants.spoiled(event):
        verdict = theirs.is_valid(mutant)
        assert ours.is_valid(mutant) == verdict, mutant
        seen[verdict] += 1
    assert seen[True]
    assert seen[False]


@pytest.mark.parametrize("spec", JUDGED)
def test_every_single_change_to_an_event_of_every_type_is_decided_alike(spec, shared):
    for type_ in carried(spec):
        validator = schemas.event_validator(type_, spec)
        assert validator is not None
        assert_alike(validator, official.schema_path(type_, spec))


@pytest.mark.parametrize("spec", [spec for spec in JUDGED if spec >= "0.4.0"])
def test_every_single_change_to_a_custom_event_is_decided_alike(spec, shared):
    validator = schemas.event_validator("custom", spec)
    assert validator is not None
    assert_alike(validator, custom_path(spec))


@pytest.mark.parametrize("spec", WITH_LINKS)
@pytest.mark.parametrize("link_type", schemas.LINK_TYPES)
def test_every_single_change_to_a_separate_link_is_decided_alike(spec, link_type, shared):
    path = f"schemas/{spec}/links/link{link_type.lower()}.json"
    assert_alike(schemas.link_validator(link_type, spec), path)


# What official schemas together decide for a declared version: 0.4.0 takes what it or 0.4.1 takes.
def officially(event: Any, type_: str, spec: str) -> bool:
    both = ["0.4.0", "0.4.1"] if spec == "0.4.0" else [spec]
    paths = [custom_path(each) if type_ == "custom" else official.schema_path(type_, each) for each in both]
    return any(official.accepts(path, event) for path in paths)


@st.composite
def spoiled_events(draw: st.DrawFn, spec: str) -> tuple[str, Any]:
    """An event of a type of *spec* to which several things were done, its type left alone."""
    types = carried(spec) + (["custom"] if spec >= "0.4.0" else [])
    type_ = draw(st.sampled_from(types))
    path = custom_path(spec) if type_ == "custom" else official.schema_path(type_, spec)
    event = copy.deepcopy(mutants.full(official.document(path)))
    if type_ != "custom":
        event["context"]["type"] = type_
    for _ in range(draw(st.integers(0, 4))):
        spots = [(holder, key) for holder, key in mutants.places(event) if key not in ("context", "type")]
        if not spots:
            break
        holder, key = draw(st.sampled_from(spots))
        match draw(st.sampled_from(["drop", "replace", "add", "any"])):
            case "drop" if isinstance(holder, dict):
                del holder[key]
            case "add" if isinstance(holder[key], dict):
                holder[key][draw(st.sampled_from(mutants.NAMES))] = copy.deepcopy(draw(st.sampled_from(mutants.VALUES)))
            case "any":
                holder[key] = draw(anything)
            case _:
                holder[key] = copy.deepcopy(draw(st.sampled_from(mutants.VALUES)))
    return type_, event


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("spec", SPECS)
def test_events_spoiled_in_several_ways_are_decided_alike_and_told_why(spec, shared):
    @settings(max_examples=500, deadline=None)
    @given(spoiled_events(spec))
    def check(case):
        type_, event = case
        verdict = verdict_for(event, spec)
        assert (verdict.state == "valid") == officially(event, type_, spec)
        assert bool(verdict.reasons) == (verdict.state == "invalid")

    check()


@settings(max_examples=500, deadline=None)
@given(anything)
def test_a_verdict_is_given_on_any_json_value(value):
    verdict = judge(value)
    assert verdict.state == "invalid"
    assert verdict.reasons


@settings(max_examples=500, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "context": st.dictionaries(
                st.sampled_from(["id", "type", "version", "specversion", "links", "chainId", "timestamp", "schemaUri"]),
                st.sampled_from(sorted(vocabulary.types())) | st.sampled_from(SPECS) | anything,
            )
            | anything,
            "subject": st.dictionaries(st.sampled_from(["id", "content", "type", "source"]), anything) | anything,
            "customData": anything,
            "customDataContentType": anything,
            "linkType": st.sampled_from(schemas.LINK_TYPES) | anything,
        },
    ),
)
def test_a_verdict_is_given_on_whatever_looks_like_an_event(value):
    assert judge(value).state in ("valid", "invalid", "no-schema")
