"""Messages as text, put together from parts that were made before: a report is joined, not serialised."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Final

from evistore.clusters.history.details import Ground, details
from evistore.clusters.history.fleet import Cluster, Hit
from evistore.clusters.history.rules import RULES, Rule, Version

_REASONS: Final = ("MISSING_REQUIREMENTS", "MISSING_REQUIREMENTS", "NOT_APPLICABLE")
_SPECS: Final = (
    "nodes.Conditions",
    "operators.Status",
    "pods.Containers",
    "events.Recent",
    "alerts.Firing",
    "config.Rendered",
)
_SKIPPED: Final = 16
_ZONES: Final = ("Z", "+00:00")


def moment(at: int, zone: str = "Z") -> str:
    """*at* as RFC 3339."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")[:-6] + zone


def zone_of(cluster: Cluster) -> str:
    """How the cluster's messages write that a time is UTC."""
    return _ZONES[cluster.number % 5 == 0]


def identifier(chance: Random) -> str:
    """The id of a request."""
    return f"{chance.getrandbits(128):032x}"


def head(cluster: Cluster, at: int) -> str:
    """The envelope of a message that was checked *at*, up to and with the comma before its body."""
    owner, zone = cluster.organization, zone_of(cluster)
    gathered = moment(at - 60_000 - int(cluster.chance.random() * 300_000), zone)
    return (
        f'{{"OrgID":{owner.number},"AccountNumber":{owner.account},"ClusterName":"{cluster.name}",'
        f'"LastChecked":"{moment(at, zone)}","Version":2,"RequestId":"{identifier(cluster.chance)}",'
        f'"Metadata":{{"gathering_time":"{gathered}"}},'
    )


def item(rule: Rule, ground: Ground, chance: Random) -> str:
    """What a report says of a *rule* that hits."""
    return (
        f'{{"rule_id":"{rule.name}|{rule.key}","component":"{rule.fqdn}.report","type":"rule","key":"{rule.key}",'
        f'"details":{details(rule, ground, chance)},"tags":["{rule.group}","fleet"],'
        f'"links":{{"kcs":["https://docs.example.com/solutions/{rule.key.lower()}"],"doc":[]}}}}'
    )


def skips(platform: str, version: Version, chance: Random) -> str:
    """The rules that could not be asked, as a list; the same in all reports of a cluster."""
    rules = [rule for rule in RULES if not rule.concerns(version, platform)]
    rules += [rule for rule in RULES if rule not in rules]
    return "[" + ",".join(_skip(rule, chance) for rule in rules[:_SKIPPED]) + "]"


def _skip(rule: Rule, chance: Random) -> str:
    needed = ", ".join(f"'fleet_core.{spec}'" for spec in chance.sample(_SPECS, 2))
    return (
        f'{{"rule_fqdn":"{rule.fqdn}.report","reason":"{chance.choice(_REASONS)}",'
        f'"details":"All: [{needed}] Any: ","type":"skip"}}'
    )


def info(cluster: Cluster) -> str:
    """What a report says about the cluster itself, as a list."""
    minor, patch = cluster.version
    masters = sum(name.startswith("master") for name in cluster.ground.nodes)
    told = (
        ("version_info", "CLUSTER_VERSION_INFO", f'"version":"4.{minor}.{patch}"'),
        ("cluster_info", "CLUSTER_PLATFORM", f'"platform":"{cluster.platform}","channel":"stable-4.{minor}"'),
        ("cluster_info", "CLUSTER_SIZE", f'"masters":"{masters}","workers":"{len(cluster.ground.nodes) - masters}"'),
    )
    return "[" + ",".join(_info(name, key, text) for name, key, text in told) + "]"


def _info(name: str, key: str, text: str) -> str:
    return (
        f'{{"info_id":"{name}|{key}","component":"ccx_rules_fleet.{name}.report","type":"info","key":"{key}",'
        f'"details":{{"type":"info","info_key":"{key}",{text}}},"tags":[],"links":{{}}}}'
    )


def report(envelope: str, hits: list[Hit], about: str, skipped: str) -> bytes:
    """A message of rule results."""
    items = ",".join(hit.item for hit in hits)
    return (
        f'{envelope}"Report":{{"system":{{"metadata":{{}},"hostname":null}},"reports":[{items}],"fingerprints":[],'
        f'"skips":{skipped},"info":{about},"pass":[],"analysis_metadata":{{"execution_context":"fleet","plugin_sets":{{}}}}}}}}'
    ).encode()
