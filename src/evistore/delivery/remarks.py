"""What the prose of the CDEvents specification asks for and no schema checks: worth a warning, never a verdict."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from evistore.delivery import vocabulary
from evistore.delivery.purl import is_purl

MOST_REMARKS = 20

# Members that the text calls required where the schema does not: path within `subject.content`, by event.
_TEXT_REQUIRES: dict[str, tuple[str, ...]] = {
    "repository.modified": ("name",),
    "service.published": ("environment",),
    "service.removed": ("environment",),
    "testcaserun.skipped": ("environment",),
}
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:\s*;.*)?", re.ASCII | re.DOTALL)
_DOMAIN_ID = re.compile(r"cdevents:v0:([^:]*):([^:]*):([^:]*):([^:]*):([^:]+):(.+)", re.DOTALL)
_BAD_PERCENT = re.compile(r"%(?![0-9A-F]{2})")
# fmt: off
_PROVIDERS = frozenset({
    "artifactory", "argo", "bitbucket", "circleci", "datadog", "docker", "gitea", "github", "gitlab", "grafana",
    "jenkins", "jira", "linear", "nexus", "pagerduty", "tekton",
})
_RESOURCES = frozenset({
    "pr", "commit", "issue", "branch", "tag", "definition.workflow", "execution", "artifact", "environment", "alert",
})
# fmt: on
_REFERENCES = frozenset({"contextId", "domainId"})


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong or odd, and where: ``path`` is a JSON pointer into the document, empty for the whole."""

    path: str
    message: str


_NONE: dict[str, Any] = {}
_UNFOLLOWED = Reason("/context/schemaUri", "was not followed: only the schema of the specification was asked")


def remarks(document: dict[str, Any], type_: str) -> tuple[Reason, ...]:
    """What is odd in an event of *type_*, most important first; *document* may be invalid in any way."""
    context, subject = object_in(document, "context"), object_in(document, "subject")
    found: list[Reason] = []
    if type_ in vocabulary.types():
        _remark_on_subject(found, _checks(type_), subject)
    elif type_.startswith(vocabulary.CUSTOM_PREFIX):
        _remark_on_custom_type(found, type_, subject)
    if "chainId" in context:
        _remark_on_chain(found, "/context/chainId", context["chainId"])
    elif "chain_id" in context:
        _remark_on_chain(found, "/context/chain_id", context["chain_id"])
    if "links" in context:
        _remark_on_links(found, context["links"])
    if "customData" in document or "customDataContentType" in document:
        _remark_on_custom_data(found, document)
    if "schemaUri" in context:
        found.append(_UNFOLLOWED)
    return tuple(found[:MOST_REMARKS]) if found else ()


def object_in(value: dict[str, Any], name: str) -> dict[str, Any]:
    """The object under *name*; an empty one when there is none."""
    member: Any = value.get(name)
    return member if member.__class__ is dict else _NONE  # not isinstance: this stands on the path of every event


@dataclass(frozen=True, slots=True)
class _Checks:
    """What to look at in the subject of one type."""

    artifact: bool
    required: tuple[str, ...]


@cache
def _checks(type_: str) -> _Checks:
    event = vocabulary.event_of(type_)
    return _Checks(event.startswith("artifact."), _TEXT_REQUIRES.get(event, ()))


def _remark_on_subject(found: list[Reason], checks: _Checks, subject: dict[str, Any]) -> None:
    content = object_in(subject, "content")
    if checks.artifact and not _purl_or_absent(subject.get("id")):
        found.append(Reason("/subject/id", "is no package URL"))
    if "artifactId" in content and not _purl_or_absent(content["artifactId"]):
        found.append(Reason("/subject/content/artifactId", "is no package URL"))
    found.extend(
        Reason("/subject/content", f"the text of the specification requires {name!r}")
        for name in checks.required
        if name not in content
    )


def _remark_on_custom_type(found: list[Reason], type_: str, subject: dict[str, Any]) -> None:
    named = type_.removeprefix(vocabulary.CUSTOM_PREFIX).partition(".")[0]
    told = subject.get("type")
    if isinstance(told, str) and told.lower() != named.lower():
        found.append(Reason("/subject/type", f"is not the subject of the type, {named[:100]!r}"))


def _remark_on_chain(found: list[Reason], path: str, chain: object) -> None:
    if path.endswith("chain_id"):
        found.append(Reason(path, "only 0.4.0 spells it so; it is chainId since"))
    if isinstance(chain, str) and _UUID.fullmatch(chain) is None:
        found.append(Reason(path, "is no UUID"))


def _remark_on_links(found: list[Reason], links: object) -> None:
    if not isinstance(links, list):
        return
    for index, link in enumerate(cast("list[Any]", links)[:MOST_REMARKS]):
        if link.__class__ is dict and not _ordinary(link):
            for path, message in _of_link(link):
                found.append(Reason(f"/context/links/{index}{path}", message))


def _ordinary(link: dict[str, Any]) -> bool:
    """Whether *link* is of the plain sort that nothing can be said of, which is quick to tell."""
    end: Any = link.get("from") or link.get("target")
    return (
        end.__class__ is dict
        and "contextId" in end
        and "domainId" not in end
        and "tags" not in link
        and "linkType" in link
    )


def _of_link(link: dict[str, Any]) -> Iterator[tuple[str, str]]:
    kind = link.get("linkType")
    if kind is None and "link_type" in link:
        yield "", "is spelled the way of 0.4.0, whose schemas accept no link; read as 0.4.1"
    if kind == "END" and "from" not in link:
        yield "", "says nothing of where the chain ends from"
    if kind == "RELATION" and not object_in(link, "target").keys() & _REFERENCES:
        yield "/target", "names neither contextId nor domainId"
    if "tags" in link and not all(isinstance(tag, str) for tag in object_in(link, "tags").values()):
        yield "/tags", "tags are strings, says the text of the specification"
    for end in ("from", "target"):
        domain_id = object_in(link, end).get("domainId")
        if isinstance(domain_id, str):
            yield from ((f"/{end}/domainId", message) for message in _of_domain_id(domain_id))


def _of_domain_id(text: str) -> Iterator[str]:
    parts = _DOMAIN_ID.fullmatch(text)
    if parts is None:
        yield "does not have the eight parts of a domainId"
        return
    provider, _, _, groups, resource, identifier = parts.groups()
    if provider and provider not in _PROVIDERS:
        yield "names a provider that is not in the registry"
    if resource not in _RESOURCES:
        yield "names a type of resource that the specification does not list"
    if groups and "" in groups.split("/"):
        yield "has an empty group"
    if _BAD_PERCENT.search(text) or ":" in identifier or "/" in identifier:
        yield "is not percent-encoded, with hexadecimal digits in upper case"


def _remark_on_custom_data(found: list[Reason], document: dict[str, Any]) -> None:
    data = document.get("customData")
    if isinstance(data, str) and not _is_base64(data):
        found.append(Reason("/customData", "is a string that is no base64"))
    media_type = document.get("customDataContentType")
    if isinstance(media_type, str) and _MEDIA_TYPE.fullmatch(media_type) is None:
        found.append(Reason("/customDataContentType", "is no media type"))


def _is_base64(text: str) -> bool:
    try:
        binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return False
    return True


def _purl_or_absent(value: object) -> bool:
    """Whether *value* is a package URL or no id at all; an empty one is the schema's matter."""
    return not isinstance(value, str) or not value or is_purl(value)
