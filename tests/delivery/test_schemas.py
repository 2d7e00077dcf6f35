"""Our vocabulary says exactly what the official schemas say."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import pytest

from evistore.delivery import schemas, vocabulary
from evistore.delivery.notation import kind_of, members_of
from fixtures import official
from fixtures.shared import shared_files

SPECS = ["0.1.0", "0.1.1", "0.1.2", "0.2.0", "0.3.0", "0.4.0", "0.4.1", "0.5.1", "0.6.0-draft"]
ANNOTATIONS = {
    "$schema",
    "$id",
    "description",
    "default",
    "example",
    "examples",
    "contentEncoding",
    "x-cdevents-semantics",
}


def plain(schema: Any, base: str = "") -> Any:
    """*schema* without annotations, its references and synonyms written out: equal meanings are equal values."""
    if isinstance(schema, list):
        return [plain(item, base) for item in schema]
    if not isinstance(schema, dict):
        return schema
    base = schema.get("$id", base)
    if "$ref" in schema:
        target = urljoin(base, schema["$ref"])
        return plain(official.link_documents()[target], target)
    found = {
        key: {name: plain(each, base) for name, each in value.items()} if key == "properties" else plain(value, base)
        for key, value in schema.items()
        if key not in ANNOTATIONS
    }
    return simplified(found)


def simplified(found: dict[str, Any]) -> Any:
    if "required" in found:
        found["required"] = sorted(found["required"])
    if not found.get("required", ["any"]):
        del found["required"]
    if "enum" in found:
        found.pop("minLength", None)
        found["enum"] = sorted(found["enum"])
    if found.get("additionalProperties") is True:
        del found["additionalProperties"]
    if found.get("properties") == {}:
        del found["properties"]
    if found.get("oneOf") == [{"type": "object"}, {"type": "string"}]:
        return {"type": ["object", "string"]}
    match found.get("anyOf"):
        case [{"enum": _}, {"type": "string"} as anything]:  # examples of a value, and then any string
            return anything
        case [_, _, _] as kinds:
            found["anyOf"] = sorted(kinds, key=lambda kind: kind["properties"]["linkType"]["enum"])
    return found


def test_the_types_and_their_spec_versions_are_the_published_ones(shared):
    published = {type_: tuple(entry["spec_versions"]) for type_, entry in official.type_table().items()}
    assert vocabulary.types() == published


def test_there_are_a_hundred_and_eighty_five_types_in_ten_versions():
    assert len(vocabulary.types()) == 185
    assert len(vocabulary.spec_versions()) == 10


@pytest.mark.parametrize("spec", SPECS)
def test_every_event_schema_means_what_the_official_one_means(spec, shared):
    carried = [type_ for type_, specs in vocabulary.types().items() if spec in specs]
    assert carried
    for type_ in carried:
        ours = schemas.event_schema(vocabulary.event_of(type_), spec, type_)
        assert plain(ours) == plain(official.document(official.schema_path(type_, spec))), type_


@pytest.mark.parametrize("spec", [spec for spec in SPECS if spec >= "0.4.0"])
def test_the_custom_schema_means_what_the_official_one_means(spec, shared):
    assert plain(schemas.event_schema("custom", spec)) == plain(official.document(f"schemas/{spec}/custom/schema.json"))


@pytest.mark.parametrize("spec", [spec for spec in SPECS if spec >= "0.4.1"])
@pytest.mark.parametrize("link_type", schemas.LINK_TYPES)
def test_every_link_schema_means_what_the_official_one_means(spec, link_type, shared):
    theirs = official.link_documents()[f"https://cdevents.dev/{spec}/schema/links/link{link_type.lower()}"]
    assert plain(schemas.link_schema(link_type, spec)) == plain(theirs)


def test_no_official_event_schema_is_left_out(shared):
    files = {str(path.relative_to(shared / "cdevents")) for path in shared_files("cdevents/schemas/*/*.json")}
    told = {path for entry in official.type_table().values() for path in entry["spec_versions"].values()}
    assert files == told


@pytest.mark.parametrize(
    "text",
    ["a", "a: ", "a: {b: text", "a: [text", "a: text b: text", "a: text|word", "a: text}"],
)
def test_text_that_is_not_in_the_notation_is_refused(text):
    with pytest.raises(ValueError):
        members_of([text], lambda _: None)


def test_a_kind_must_end_where_its_text_ends():
    with pytest.raises(ValueError, match="should end"):
        kind_of("text text", lambda _: None)
