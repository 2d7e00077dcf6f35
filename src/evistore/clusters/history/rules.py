"""The rules of the generated fleet: invented, each with how often it hits, how long until somebody has put it right, and what an upgrade changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Shape = Literal["nodes", "operators", "certificates", "pods", "setting", "package", "claims", "alerts"]
Version = tuple[int, int]
"""Minor and patch of a cluster: (16, 12) is 4.16.12."""

_PREFIX: Final = "ccx_rules_fleet"
OLDEST: Final = (0, 0)
NEVER: Final = (99, 0)


@dataclass(frozen=True, slots=True)
class Rule:
    """One finding of one rule."""

    group: str
    name: str
    key: str
    shape: Shape
    """What its details tell about."""
    weight: float
    days: float
    """Median of how long it stands where no upgrade ends it."""
    since: Version = OLDEST
    """The version that brought the trouble."""
    fixed: Version = NEVER
    """The version without it."""
    platform: str = ""
    """Where it can hit at all; empty for everywhere."""
    born: int = 0
    """Days before the end at which the rule was written; 0 for before the beginning."""

    @property
    def fqdn(self) -> str:
        """The component without its ``.report``."""
        return f"{_PREFIX}.{self.group}.{self.name}"

    def concerns(self, version: Version, platform: str) -> bool:
        """Whether a cluster of *version* on *platform* can have it."""
        return self.since <= version < self.fixed and self.platform in ("", platform)


RULES: Final = (
    Rule("storage", "etcd_disk_latency", "ETCD_DISK_LATENCY_HIGH", "nodes", 3.0, 16),
    Rule("storage", "etcd_database_size", "ETCD_DATABASE_NEAR_QUOTA", "nodes", 1.2, 9),
    Rule("storage", "etcd_defragmentation", "ETCD_FRAGMENTED", "nodes", 1.6, 6, (14, 0), (16, 14)),
    Rule("storage", "registry_empty_dir", "REGISTRY_WITHOUT_VOLUME", "setting", 1.4, 40),
    Rule("storage", "claim_almost_full", "CLAIM_ALMOST_FULL", "claims", 3.2, 4),
    Rule("storage", "claim_pending", "CLAIM_WITHOUT_VOLUME", "claims", 1.5, 3),
    Rule("storage", "default_class_missing", "NO_DEFAULT_STORAGE_CLASS", "setting", 0.8, 22),
    Rule("storage", "default_class_missing", "SEVERAL_DEFAULT_STORAGE_CLASSES", "setting", 0.9, 30),
    Rule("storage", "snapshot_controller_leak", "SNAPSHOTS_LEFT_BEHIND", "claims", 1.1, 25, (15, 3), (16, 9)),
    Rule("storage", "multipath_flapping", "PATHS_FLAPPING", "nodes", 0.7, 8, platform="baremetal"),
    Rule("nodes", "disk_pressure", "NODE_DISK_PRESSURE", "nodes", 2.4, 2),
    Rule("nodes", "memory_pressure", "NODE_MEMORY_PRESSURE", "nodes", 2.0, 2),
    Rule("nodes", "too_few_workers", "FEWER_WORKERS_THAN_ADVISED", "nodes", 1.0, 50),
    Rule("nodes", "undersized_masters", "CONTROL_PLANE_UNDERSIZED", "nodes", 2.6, 45),
    Rule("nodes", "clock_skew", "CLOCK_NOT_SYNCHRONISED", "nodes", 1.3, 5),
    Rule("nodes", "kernel_soft_lockup", "KERNEL_SOFT_LOCKUP", "package", 1.8, 30, (15, 0), (16, 17)),
    Rule("nodes", "container_runtime_leak", "RUNTIME_MEMORY_LEAK", "package", 2.0, 30, (16, 4), (17, 2)),
    Rule("nodes", "pod_limit", "NEAR_POD_LIMIT", "nodes", 1.2, 12),
    Rule("nodes", "autoscaler_stuck", "AUTOSCALER_NOT_SCALING", "nodes", 0.8, 4, platform="cloud"),
    Rule("nodes", "machine_without_node", "MACHINE_WITHOUT_NODE", "nodes", 1.1, 5, platform="cloud"),
    Rule("nodes", "firmware_outdated", "FIRMWARE_KNOWN_BAD", "package", 1.2, 60, platform="baremetal"),
    Rule("nodes", "ballooning_enabled", "MEMORY_BALLOONING", "setting", 1.0, 35, platform="vsphere"),
    Rule("network", "mtu_mismatch", "MTU_MISMATCH", "nodes", 1.0, 20),
    Rule("network", "dns_forward_loop", "DNS_FORWARD_LOOP", "setting", 0.6, 6),
    Rule("network", "proxy_without_exceptions", "NO_PROXY_INCOMPLETE", "setting", 1.5, 18),
    Rule("network", "router_certificate", "ROUTER_CERTIFICATE_EXPIRES_SOON", "certificates", 1.8, 7),
    Rule("network", "router_certificate", "ROUTER_CERTIFICATE_EXPIRED", "certificates", 0.4, 2),
    Rule("network", "legacy_plugin", "LEGACY_NETWORK_PLUGIN", "setting", 2.2, 200, (13, 0), (17, 0)),
    Rule("network", "overlay_restart_loop", "OVERLAY_RESTARTS", "pods", 1.4, 20, (16, 2), (16, 11)),
    Rule("network", "egress_address_lost", "EGRESS_ADDRESS_UNASSIGNED", "nodes", 0.7, 3, (15, 0), (17, 4)),
    Rule("network", "load_balancer_ports", "LOAD_BALANCER_PORT_UNREACHABLE", "alerts", 0.9, 3, platform="vsphere"),
    Rule("operators", "degraded_while_idle", "OPERATOR_DEGRADED", "operators", 2.6, 3),
    Rule("operators", "unavailable", "OPERATOR_UNAVAILABLE", "operators", 0.8, 1),
    Rule("operators", "unmanaged_operator", "OPERATOR_UNMANAGED", "setting", 1.2, 60),
    Rule("operators", "pruner_suspended", "IMAGE_PRUNER_SUSPENDED", "setting", 2.0, 40),
    Rule("operators", "catalog_source_failing", "CATALOG_NOT_READY", "pods", 1.6, 5),
    Rule("operators", "subscription_manual", "APPROVAL_OVERDUE", "operators", 1.0, 15),
    Rule("operators", "samples_removed", "SAMPLES_IMPORT_FAILED", "operators", 1.3, 10),
    Rule("monitoring", "alertmanager_silent", "NO_ALERT_RECEIVER", "setting", 4.2, 90),
    Rule("monitoring", "metrics_not_persistent", "METRICS_WITHOUT_VOLUME", "setting", 3.8, 90),
    Rule("monitoring", "retention_too_long", "METRICS_RETENTION_EXCEEDS_VOLUME", "claims", 1.0, 14),
    Rule("monitoring", "scrape_backlog", "SCRAPES_TOO_SLOW", "alerts", 1.1, 6),
    Rule("monitoring", "old_alerts_firing", "ALERT_FIRING_FOR_WEEKS", "alerts", 2.4, 18),
    Rule("logging", "index_read_only", "LOG_INDEX_READ_ONLY", "claims", 0.9, 4),
    Rule("logging", "collector_memory", "COLLECTOR_KILLED_BY_LIMIT", "pods", 1.5, 9),
    Rule("logging", "unstructured_overflow", "LOG_RATE_LIMITED", "pods", 1.0, 7, (14, 0), (17, 1)),
    Rule("security", "kubeadmin_present", "FIRST_ADMIN_STILL_THERE", "setting", 3.4, 120),
    Rule("security", "anonymous_access", "ANONYMOUS_ROLE_BOUND", "setting", 0.6, 5),
    Rule("security", "privileged_default", "DEFAULT_ACCOUNT_PRIVILEGED", "setting", 1.2, 25),
    Rule("security", "signer_certificate", "SIGNER_EXPIRES_SOON", "certificates", 0.9, 10),
    Rule("security", "weak_ciphers", "WEAK_CIPHERS_ALLOWED", "setting", 1.1, 50),
    Rule("security", "runtime_escape", "RUNTIME_ESCAPE_KNOWN", "package", 2.2, 40, (14, 0), (17, 6), born=23),
    Rule("security", "login_banner", "BANNER_WITH_MARKUP", "setting", 0.5, 30),
    Rule("upgrade", "channel_unset", "CHANNEL_NOT_SET", "setting", 1.4, 45),
    Rule("upgrade", "version_unsupported", "VERSION_OUT_OF_SUPPORT", "package", 2.8, 400, (0, 0), (15, 0)),
    Rule("upgrade", "deprecated_api", "DEPRECATED_API_IN_USE", "alerts", 2.6, 20, (15, 0), (17, 0)),
    Rule("upgrade", "paused_pool", "MACHINE_POOL_PAUSED", "nodes", 1.5, 14),
    Rule("upgrade", "disruption_budget", "BUDGET_BLOCKS_DRAIN", "pods", 2.0, 12),
    Rule("upgrade", "still_progressing", "UPGRADE_TAKES_LONG", "operators", 0.0, 1),
    Rule("virtual", "migration_stuck", "LIVE_MIGRATION_STUCK", "pods", 0.8, 3, platform="baremetal"),
    Rule("virtual", "guest_agent_missing", "GUESTS_WITHOUT_AGENT", "pods", 0.9, 30, platform="baremetal"),
    Rule("virtual", "clone_strategy", "CLONES_COPY_EVERYTHING", "claims", 1.1, 25, (16, 0), born=9),
)
STUCK: Final = next(rule for rule in RULES if rule.key == "UPGRADE_TAKES_LONG")
"""Only an upgrade brings it."""
