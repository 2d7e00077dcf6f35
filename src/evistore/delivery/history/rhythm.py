"""When people and machines work: hours of the day, days of the week, one busy week in a quarter. All in UTC.

Moments are whole milliseconds since 1970, which was a Thursday.
"""

from functools import lru_cache
from random import Random

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

_MORNING, _EVENING = 7, 18
_FRIDAY = 4
_MONDAY = 4 * DAY
_HOURS = (1, 1, 1, 1, 1, 3, 8, 22, 42, 50, 48, 40, 30, 40, 48, 46, 38, 24, 12, 7, 5, 4, 2, 1)
_DAYS = (1.0, 1.15, 1.15, 1.1, 0.8, 0.08, 0.06)
_BUSY_WEEK = 1.45
_QUARTER = 13
_LIGHTEST = (_QUARTER - 1 + _BUSY_WEEK) / _QUARTER
_TOTAL = sum(_HOURS) * sum(_DAYS) * _LIGHTEST


def weekday(at: int) -> int:
    """Day of the week of *at*, Monday is 0."""
    return (at - _MONDAY) // DAY % 7


@lru_cache(maxsize=400)
def share(at: int, busy: int) -> float:
    """Part of an average week's work that begins in the hour of *at*; each 13th week from *busy* on is the busy one."""
    week = (at - _MONDAY) // WEEK - (busy - _MONDAY) // WEEK
    rush = _BUSY_WEEK if week % _QUARTER == 0 else 1.0
    return _HOURS[at // HOUR % 24] * _DAYS[weekday(at)] * rush / _TOTAL


def at_work(at: int, chance: Random) -> int:
    """*at* itself in working hours, else a moment of the next working morning."""
    hour = at // HOUR % 24
    if _MORNING <= hour < _EVENING and weekday(at) <= _FRIDAY:
        return at
    day = at // DAY + (hour >= _EVENING)
    while weekday(day * DAY) > _FRIDAY:
        day += 1
    return day * DAY + _MORNING * HOUR + int(chance.random() * 3 * HOUR)
