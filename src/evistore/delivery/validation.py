"""Whether an event is one: the verdict of the rules of its spec version, with reasons and warnings.

Formats are asserted. 0.5.0 is judged by 0.5.1; what declares 0.4.0 passes when 0.4.0 or 0.4.1 takes it. What only the
prose of the specification asks for becomes a warning and never decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice
from typing import Any, Literal, cast

import jsonschema_rs

from evistore.delivery import schemas, vocabulary
from evistore.delivery.remarks import Reason, object_in, remarks

State = Literal["valid", "invalid", "no-schema"]
MOST_REASONS = 20
LONGEST_MESSAGE = 300
MOST_VALUES = 2_000

_KNOWN = frozenset(vocabulary.spec_versions())
_LINK_VERSIONS = ("0.5.1", "0.6.0-draft")
_LINK_ENDS = ("start", "from", "to", "end", "source", "target")
_END = object()

_Attempt = tuple[str, jsonschema_rs.Validator]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one document.

    ``spec_version`` names the rules that decided, ``None`` when none could; ``type`` is the document's own
    ``context.type``, or the ``linkType`` of a link that travels alone. ``no-schema`` means that no version knows the
    type: the document may be right, nobody can tell.
    """

    state: State
    spec_version: str | None
    type: str | None
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()


def judge(document: object) -> Verdict:
    """The verdict on *document*, any JSON value. Never raises.

    The rules are those of the spec version it declares or, where that does not carry its type, of the newest that does.
    """
    type_ = _type_of(document)
    if type_ is None:
        return _untyped(document)
    event = cast("dict[str, Any]", document)
    context = event["context"]
    member = "specversion" if "specversion" in context else "version"
    declared = context.get(member)
    known = declared if isinstance(declared, str) and declared in _KNOWN else None
    attempts = _attempts(_family(type_), known, member)
    verdict = _decided(event, type_, attempts)
    if declared is None or declared in (verdict.spec_version, "0.5.0") or not attempts:
        return verdict
    note = Reason(f"/context/{member}", f"does not name the version judged by, {verdict.spec_version}")
    return replace(verdict, warnings=(note, *verdict.warnings))


def verdict_for(document: object, spec_version: str) -> Verdict:
    """The verdict on *document* by the rules of *spec_version*, whatever it declares. Never raises."""
    type_ = _type_of(document)
    if type_ is None:
        return _untyped(document)
    family = _family(type_)
    attempts = _named(family, spec_version) if family is not None else ()
    return _decided(cast("dict[str, Any]", document), type_, attempts)


def _type_of(document: object) -> str | None:
    """The ``context.type`` of *document*, when there is one and it is a string."""
    if isinstance(document, dict):
        type_ = object_in(cast("dict[str, Any]", document), "context").get("type")
        if isinstance(type_, str):
            return type_
    return None


def _decided(document: dict[str, Any], type_: str, attempts: tuple[_Attempt, ...]) -> Verdict:
    for spec, validator in attempts:
        if _passes(validator, document):
            found = remarks(document, type_)
            return (
                _shared(spec, type_, found) if type_ in vocabulary.types() else Verdict("valid", spec, type_, (), found)
            )
    if not attempts:
        reason = Reason("/context/type", "no spec version knows this type: nobody can judge the event")
        return Verdict("no-schema", None, type_, (reason,), remarks(document, type_))
    spec, reasons = min(
        ((spec, _reasons(validator, document)) for spec, validator in attempts), key=lambda it: len(it[1])
    )
    return Verdict("invalid", spec, type_, reasons, remarks(document, type_))


@lru_cache(maxsize=4096)
def _shared(spec: str, type_: str, warnings: tuple[Reason, ...]) -> Verdict:
    """The verdict that many events of a published type share, made once."""
    return Verdict("valid", spec, type_, (), warnings)


def _family(type_: str) -> str | None:
    """What validators are kept under: the type, one word for all custom types, ``None`` for what no version knows."""
    if type_ in vocabulary.types():
        return type_
    return vocabulary.CUSTOM if type_.startswith(vocabulary.CUSTOM_PREFIX) else None


@cache
def _attempts(family: str | None, declared: str | None, member: str) -> tuple[_Attempt, ...]:
    """The rules to try in turn: of the version *declared* when it carries the type, else of the newest that does."""
    if family is None:
        return ()
    if declared is not None and (named := _named(family, declared)):
        return named
    if family == vocabulary.CUSTOM:
        return _named(family, "0.5.1" if member == "specversion" else "0.4.1")
    candidates = vocabulary.types()[family]
    released = [spec for spec in candidates if spec in vocabulary.released_versions()]
    return _named(family, (released or candidates)[-1])


@cache
def _named(family: str, spec: str) -> tuple[_Attempt, ...]:
    specs = ("0.4.0", "0.4.1") if spec == "0.4.0" else (schemas.STAND_INS.get(spec, spec),)
    found = ((each, schemas.event_validator(family, each)) for each in specs)
    return tuple((each, validator) for each, validator in found if validator is not None)


def _untyped(document: object) -> Verdict:
    """The verdict on what has no ``context.type``: a link that travels alone, or no CDEvent."""
    if not isinstance(document, dict):
        return _invalid("", "a CDEvent is a JSON object")
    members = cast("dict[str, Any]", document)
    if isinstance(members.get("context"), dict):
        return _invalid("/context/type", "an event names its type, a string")
    link_type = members.get("linkType")
    if "context" in members or link_type not in schemas.LINK_TYPES:
        return _invalid("/context", "a CDEvent has a context, which is an object")
    return _of_link(members, link_type)


def _of_link(link: dict[str, Any], link_type: str) -> Verdict:
    """The verdict on a separate link, which names no version: of the newest release that takes it, else the draft."""
    attempts = [(spec, schemas.link_validator(link_type, spec)) for spec in _LINK_VERSIONS]
    for spec, validator in attempts:
        if _passes(validator, link):
            return Verdict("valid", spec, link_type)
    spec, validator = attempts[any("domainId" in object_in(link, end) for end in _LINK_ENDS)]
    return Verdict("invalid", spec, link_type, _reasons(validator, link))


def _passes(validator: jsonschema_rs.Validator, document: object) -> bool:
    try:
        return validator.is_valid(document)
    except (ValueError, RecursionError):  # a value that JSON cannot hold, or one nested too deep to look at
        return False


def _reasons(validator: jsonschema_rs.Validator, document: object) -> tuple[Reason, ...]:
    try:
        told = (error for each in _errors(validator, document) for error in _told(each))
        return tuple(Reason(_pointer(error.instance_path), _message(error)) for error in islice(told, MOST_REASONS))
    except (ValueError, RecursionError) as error:
        return (Reason("", f"cannot be judged: {error}"[:LONGEST_MESSAGE]),)


def _errors(validator: jsonschema_rs.Validator, document: object) -> list[jsonschema_rs.ValidationError]:
    """All errors of a document of usual size, the first of a larger one.

    The validator lists all before it gives the first: a million errors have taken a minute and gigabytes.
    """
    if not _larger_than(document, MOST_VALUES):
        return list(validator.iter_errors(document))
    try:
        validator.validate(document)
    except jsonschema_rs.ValidationError as error:
        return [error]
    return []


def _larger_than(document: object, most: int) -> bool:
    """Whether more than *most* values stand in *document*."""
    pending: list[object] = [document]
    for count, value in enumerate(iter(lambda: pending.pop() if pending else _END, _END)):
        if count > most or len(pending) > most:
            return True
        if isinstance(value, dict):
            pending.extend(islice(cast("dict[str, object]", value).values(), most + 1))
        elif isinstance(value, list):
            pending.extend(islice(cast("list[object]", value), most + 1))
    return False


def _told(error: jsonschema_rs.ValidationError) -> Iterator[jsonschema_rs.ValidationError]:
    """The errors worth telling: of a link that fits no kind, those against the kind it says it is."""
    kind = error.kind
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AnyOf):
        branches = [branch for branch in kind.context if not any("linkType" in each.instance_path for each in branch)]
        if len(branches) == 1:
            yield from branches[0]
            return
    yield error


def _message(error: jsonschema_rs.ValidationError) -> str:
    message = error.message
    return message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…"


def _pointer(path: list[str | int]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)[:LONGEST_MESSAGE]


def _invalid(path: str, message: str) -> Verdict:
    return Verdict("invalid", None, None, (Reason(path, message),))
