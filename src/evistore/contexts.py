"""Every body of evidence there is, in the order in which they are migrated."""

from evistore.clusters import CLUSTERS
from evistore.delivery import DELIVERY
from evistore.kernel.schema import KERNEL

CONTEXTS = (KERNEL, DELIVERY, CLUSTERS)
"""What a database that holds everything consists of."""
