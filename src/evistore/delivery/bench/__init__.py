"""What the store can do, measured: always against a limit taken in the same run on the same server.

Absolute figures belong to one machine on one day; ratios travel. Every run works in a database of its own, which it drops.
"""
