"""Delivery evidence: CDEvents in, answers out. It owns the schema ``cdviz``."""

from evistore.kernel.schema import KERNEL, Context

DELIVERY = Context("delivery", "evistore.delivery", "cdviz")
CONTEXTS = (KERNEL, DELIVERY)
"""What a database of delivery evidence consists of, in order."""
