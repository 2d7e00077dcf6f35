"""The parameters that stand in paths, with their checks and the sentences that clients know."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from evistore.clusters.identifiers import PATTERN, uuid_fault
from evistore.clusters.routes.call import Parameter
from evistore.kernel.errors import Rejected

_DIGITS = re.compile(r"[0-9]+")
_RULE = re.compile(r"[a-zA-Z_0-9.]+")
_SELECTOR = re.compile(r"[a-zA-Z_0-9]+\.[a-zA-Z_0-9.]+\|[a-zA-Z_0-9]+\Z")
_LONGEST_NAMESPACE = 256
_LONGEST_PAIR = 2000  # characters of a rule with its key, as in messages
_LONGEST_RULE, _LONGEST_NAME = 500, 256  # characters: cluster, rule, key and user together are one key of an index
_UINT32 = 2**32
_UINT64 = 2**64
_ONE_CLUSTER = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_UINT32_PATTERN = (
    "^0*([1-9][0-9]{0,8}|[1-3][0-9]{9}|4[01][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}|4294[0-8][0-9]{5}|42949[0-5][0-9]{4}"
    "|429496[0-6][0-9]{3}|4294967[01][0-9]{2}|42949672[0-8][0-9]|429496729[0-5])$"
)
_EXAMPLE_CLUSTER = "5d5892d3-1f74-4ccf-91af-548dfc9767aa"

_RULE_FAULT = "invalid rule ID, it must contain only from latin characters, number, underscores or dots"
_PAIR_FAULT = r"invalid rule ID, it must contain only rule ID and error key separated by |"
_PARTS_FAULT = "invalid rule ID, each part of ID must contain only latin characters, numbers, underscores or dots"
_SELECTOR_FAULT = "Param rule_selector is not a valid rule selector (plugin_name|error_key)"


def unfit(name: str, value: str, reason: str) -> Rejected:
    """The fault that the parameter *name* is no good."""
    return Rejected(
        f"Error during parsing param '{name}' with value '{value}'. Error: '{reason}'", code="parameter-invalid"
    )


def _organization(name: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text) if _DIGITS.fullmatch(text) and len(text.lstrip("0")) <= len(str(_UINT64)) else _UINT64
        if number >= _UINT64:
            raise unfit(name, text, "unsigned integer expected")
        if number >= _UINT32:
            raise unfit(name, text, f"value {number} out of range for uint32")
        if number == 0:
            raise unfit(name, text, "positive value expected")
        return number

    return read


def _cluster(text: str) -> str:
    if (fault := uuid_fault(text)) is not None:
        raise unfit("cluster", text, fault)
    return storable("cluster", text)


def _rule(text: str) -> str:
    if not _RULE.fullmatch(text):
        raise unfit("rule_id", text, _RULE_FAULT)
    return _short("rule_id", text, _LONGEST_RULE)


def rule_and_key(text: str) -> tuple[str, str]:
    """The rule and the error key of a text ``rule|KEY``.

    Raises:
        Rejected: ``parameter-invalid``.
    """
    parts = text.split("|")
    if len(parts) != 2:  # noqa: PLR2004  # a pair
        reason = _PAIR_FAULT
    elif not all(map(_RULE.fullmatch, parts)):
        reason = _PARTS_FAULT
    elif len(text) > _LONGEST_PAIR:
        reason = _too_long(_LONGEST_PAIR)
    else:
        return parts[0], parts[1]
    raise Rejected(
        f"Error during validating param 'rule' with value '{text}'. Error: '{reason}'", code="parameter-invalid"
    )


def _pair(text: str) -> tuple[str, str]:
    try:
        return rule_and_key(text)
    except Rejected as fault:
        raise unfit("rule_id", text, fault.message) from fault


def _selector(text: str) -> str:
    if not _SELECTOR.search(text):
        raise unfit("rule_selector", text, _SELECTOR_FAULT)
    return storable("rule_selector", text)


def _user(text: str) -> str:
    if not text.strip():
        raise Rejected("Missing required param from request: user_id", code="parameter-missing")
    return storable("user_id", _short("user_id", text, _LONGEST_NAME))


def _error_key(text: str) -> str:
    return storable("error_key", _short("error_key", text, _LONGEST_NAME))


def _short(name: str, text: str, most: int) -> str:
    if len(text) > most:
        raise unfit(name, text, _too_long(most))
    return text


def _too_long(most: int) -> str:
    return f"it is longer than {most} characters"


def _namespace(text: str) -> str:
    if not 1 <= len(text) <= _LONGEST_NAMESPACE:
        raise unfit("namespace", text, f"invalid namespace ID: '{text}'")
    return storable("namespace", text)


def _clusters(text: str) -> list[str]:
    return checked_clusters(text.split(","))


def checked_clusters(names: list[str]) -> list[str]:
    """The *names*, each of which can be that of a cluster.

    Raises:
        Rejected: ``parameter-invalid``, one cannot.
    """
    for name in names:
        if (fault := uuid_fault(name)) is not None:
            raise Rejected(f"invalid cluster ID: '{name}'. Error: {fault}", code="parameter-invalid")
    return [storable("cluster", name) for name in names]


def storable(name: str, text: str) -> str:
    """The *text*, which PostgreSQL can hold.

    Raises:
        Rejected: ``nul-character``.
    """
    if "\0" in text:
        raise Rejected(
            f"Error during parsing param '{name}' with value '{text}'. Error: 'it holds a NUL character'",
            code="nul-character",
        )
    return text


def _told(name: str, reason: str) -> str:
    return unfit(name, "V", reason).message


_ORG_FAULTS = ("unsigned integer expected", "positive value expected", "value V out of range for uint32")
_UUID_FAULTS = ("invalid UUID length: N", "invalid UUID format", 'invalid urn prefix: "V"')

ORG = Parameter(
    "org_id",
    _organization("org_id"),
    "Organisation. Those above 2147483647 pass the check, but nothing is ever stored for them.",
    _UINT32_PATTERN,
    "1",
    tuple(_told("org_id", reason) for reason in _ORG_FAULTS),
)
ORGANIZATION = replace(
    ORG,
    name="organization",
    read=_organization("organization"),
    refusals=tuple(_told("organization", reason) for reason in _ORG_FAULTS),
)
CLUSTER = Parameter(
    "cluster",
    _cluster,
    "Cluster: any notation of a UUID; it is looked up as it is written.",
    PATTERN,
    _EXAMPLE_CLUSTER,
    tuple(_told("cluster", reason) for reason in _UUID_FAULTS),
)
CLUSTERS = Parameter(
    "clusters",
    _clusters,
    "Clusters, separated by commas; other notations of a UUID will do.",
    f"^{_ONE_CLUSTER}(,{_ONE_CLUSTER})*$",
    _EXAMPLE_CLUSTER,
    tuple(f"invalid cluster ID: 'V'. Error: {reason}" for reason in _UUID_FAULTS),
)
RULE = Parameter(
    "rule_id",
    _rule,
    "Rule, usually with `.report` at its end.",
    "^[a-zA-Z_0-9.]+$",
    "ccx.a.report",
    (_told("rule_id", _RULE_FAULT), _told("rule_id", _too_long(_LONGEST_RULE))),
    _LONGEST_RULE,
)
RULE_AND_KEY = Parameter(
    "rule_id",
    _pair,
    "Rule and error key, separated by `|`.",
    r"^[a-zA-Z_0-9.]+\|[a-zA-Z_0-9.]+$",
    "ccx.a.report|EK1",
    tuple(
        _told("rule_id", f"Error during validating param 'rule' with value 'V'. Error: '{reason}'")
        for reason in (_PAIR_FAULT, _PARTS_FAULT)
    ),
)
SELECTOR = Parameter(
    "rule_selector",
    _selector,
    "Rule without `.report`, and error key, separated by `|`.",
    r"[a-zA-Z_0-9]+\.[a-zA-Z_0-9.]+\|[a-zA-Z_0-9]+$",
    "ccx.a|EK1",
    (_told("rule_selector", _SELECTOR_FAULT),),
)
KEY = Parameter(
    "error_key",
    _error_key,
    "Error key: which of the rule's findings.",
    example="EK1",
    refusals=(_told("error_key", _too_long(_LONGEST_NAME)),),
    longest=_LONGEST_NAME,
)
USER = Parameter(
    "user_id",
    _user,
    "User; not blank.",
    r"^[^/\u0000]*[^/\s\u0000][^/\u0000]*$",
    "12",
    ("Missing required param from request: user_id", _told("user_id", _too_long(_LONGEST_NAME))),
    _LONGEST_NAME,
)
ANY_USER = Parameter("user_id", str, "User; it is not looked at.", "^[^/]+$", "12")
NAMESPACE = Parameter(
    "namespace",
    _namespace,
    "Uid of a namespace.",
    r"^[^/\u0000]{1,256}$",
    "A",
    (_told("namespace", "invalid namespace ID: 'V'"),),
)
