"""Delivery evidence: CDEvents in, answers out."""
