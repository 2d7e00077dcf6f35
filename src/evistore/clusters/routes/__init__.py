"""The REST interface of cluster evidence: what clients of the Insights Results Aggregator ask, byte for byte as they expect it.

``table`` says what an operation is, ``application`` answers requests by a table of them. The operations themselves stand in modules that are named
for what they are about; each holds a list ``OPERATIONS``.
"""
