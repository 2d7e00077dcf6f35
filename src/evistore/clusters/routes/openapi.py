"""The description of the interface as an OpenAPI 3.1 document, written from the table of its operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from evistore.clusters.routes.call import FOREIGN, Parameter
from evistore.clusters.routes.identity import MALFORMED, MISSING
from evistore.clusters.routes.parameters import ORG, ORGANIZATION
from evistore.clusters.routes.table import Operation

INTERNAL = "Internal Server Error"
_FAULT = {"$ref": "#/components/schemas/Fault"}
_CODE = {"X-Error-Code": {"description": "Stable name of the fault.", "schema": {"type": "string"}}}
_ABOUT = """What clients of the Insights Results Aggregator ask of cluster evidence.

Paths are matched after decoding, so that `%2F` separates parts. A slash too many or too few at the end, and empty or dot parts, are redirected (301).
Any other path is answered with 404, any other method with 405 and no body. `OPTIONS` tells the methods and does nothing else.
Names in bodies match whatever their case, only the first JSON value of a body is read, and `null` stands for the empty value."""


def document(operations: Iterable[Operation], prefixes: Sequence[str], *, auth: bool) -> dict[str, Any]:
    """The document of *operations*, which stand below each of *prefixes*; with *auth* they want a token."""
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(f"/{one.path}", {})[one.method.lower()] = _operation(one, auth=auth)
        if one.options:
            paths[f"/{one.path}"].setdefault("options", _options(one))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Evistore: cluster evidence", "version": version("evistore"), "description": _ABOUT},
        "servers": [{"url": prefix.removesuffix("/")} for prefix in prefixes],
        "paths": paths,
        "components": {"schemas": {"Fault": _fault()}, "securitySchemes": {"identity": _identity()}},
    }


def faults(one: Operation, *, auth: bool) -> dict[int, list[str]]:
    """The sentences of all that can go wrong, by status; where a sentence repeats what was sent, ``V`` stands for it."""
    found: dict[int, list[str]] = {}
    for parameter in (*one.checks, *one.later):
        found.setdefault(400, []).extend(parameter.refusals)
    if one.body is not None:
        found.setdefault(400, []).extend(one.body.refusals)
        found[413] = ["a request may have N bytes"]
    if auth and not one.open:
        found[401] = [MISSING, MALFORMED, "error retrieving requester org_id from token. …"]
        if ORG in (*one.checks, *one.later) or ORGANIZATION in one.checks:
            found[403] = [FOREIGN.format(org_id="N", own="N")]
    for status, sentences in one.faults.items():
        if auth or status != HTTPStatus.FORBIDDEN:
            found[status] = list(dict.fromkeys([*found.get(status, ()), *sentences]))
    if one.asks:
        away = ["the database does not answer"] if one.away == HTTPStatus.SERVICE_UNAVAILABLE else []
        found[500] = [INTERNAL]
        found[503] = ["more is asked than the database answers", "no answer within N s", *away]
    return dict(sorted(found.items()))


def _operation(one: Operation, *, auth: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "tags": ["debug"] if one.debug else ["clusters"],
    }
    if one.description:
        told["description"] = one.description
    if "{" in one.path:
        told["parameters"] = [_parameter(parameter) for parameter in _in_order(one)]
    if one.body is not None:
        told["requestBody"] = {
            "required": one.body.required,
            "content": {"application/json": {"schema": one.body.schema}},
        }
    told["responses"] = _responses(one, auth=auth)
    if auth and not one.open:
        told["security"] = [{"identity": []}]
    return told


def _options(one: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": f"{one.name}_options",
        "summary": "The methods that can be used here",
        "tags": ["options"],
        "description": "Nothing else is done, whoever asks.",
    }
    if "{" in one.path:
        told["parameters"] = [_parameter(parameter) | {"schema": {"type": "string"}} for parameter in _in_order(one)]
    allow = {"Allow": {"description": "The methods.", "schema": {"type": "string"}}}
    return told | {"responses": {"200": {"description": "The methods, without a body.", "headers": allow}}}


def _in_order(one: Operation) -> list[Parameter[Any]]:
    return sorted((*one.checks, *one.later), key=lambda each: one.path.index(f"{{{each.name}}}"))


def _parameter(parameter: Parameter[Any]) -> dict[str, Any]:
    longest = {} if parameter.longest is None else {"maxLength": parameter.longest}
    told: dict[str, Any] = {
        "name": parameter.name,
        "in": "path",
        "required": True,
        "description": parameter.description,
        "schema": {"type": "string", "minLength": 1, "pattern": parameter.pattern} | longest,
    }
    return told | ({"example": parameter.example} if parameter.example else {})


def _responses(one: Operation, *, auth: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "200": {"description": "The answer.", "content": {one.media_type: {"schema": one.answer}}},
    }
    for status, sentences in faults(one, auth=auth).items():
        told[str(status)] = {
            "description": "One of: " + ", ".join(f"`{sentence}`" for sentence in sentences),
            "headers": _CODE,
            "content": {"application/json": {"schema": _FAULT}},
        }
    return told


def _fault() -> Mapping[str, Any]:
    return {
        "type": "object",
        "description": "What went wrong.",
        "required": ["status"],
        "properties": {"status": {"type": "string", "description": "A sentence."}},
        "additionalProperties": False,
    }


def _identity() -> Mapping[str, Any]:
    form = '{"identity": {"account_number": "42", "org_id": "1", "user": {"user_id": "12"}}}'
    return {"type": "apiKey", "in": "header", "name": "x-rh-identity", "description": f"Base64 of `{form}`."}
