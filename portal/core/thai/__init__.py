"""Thai text, words, order and dates: the conventions of the pages and of the search, in one place.

``text`` normalises what people type, ``words`` splits and folds it for search and line breaks, ``order`` sorts it,
``dates`` writes and reads days and times.
"""

from portal.core.thai.text import arabic_digits, normalise, parse_int, plain_length, thai_digits

__all__ = [
    "arabic_digits",
    "normalise",
    "parse_int",
    "plain_length",
    "thai_digits",
]
