"""Evistore: an evidence store for people who ship software to clusters."""
