"""Cluster evidence: Insights reports in, recommendations out.

It owns the schemas ``public`` and ``dvo``, whose tables are those that clients of the Insights Results Aggregator know, and ``clusters`` with what
is ours: functions, views, history.
"""

from evistore.kernel.schema import KERNEL, Context

CLUSTERS = Context("clusters", "evistore.clusters", "clusters")
CONTEXTS = (KERNEL, CLUSTERS)
"""What a database of cluster evidence consists of, in order."""
