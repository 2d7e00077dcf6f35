"""What ``evistore bench consume`` and ``evistore bench rest`` measure.

Every figure is taken on generated messages, in a database that is made for it and dropped afterwards.
"""
