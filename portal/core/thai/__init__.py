"""Thai text, words, order and dates: the conventions of the pages and of the search, in one place.

``text`` normalises what people type, ``words`` splits and folds it for search and line breaks, ``order`` sorts it,
``dates`` writes and reads days and times.
"""

from portal.core.thai.dates import (
    BANGKOK,
    BE,
    Style,
    day_text,
    deadline_text,
    fiscal_year_text,
    instant_text,
    month_text,
    parse_day,
    parse_time,
    span_text,
)
from portal.core.thai.order import SORT_KEY_LENGTH, sort_key
from portal.core.thai.text import arabic_digits, normalise, parse_int, plain_length, thai_digits
from portal.core.thai.words import MOST_TERMS, phrases, query_terms, tokens, words, wrap

__all__ = [
    "BANGKOK",
    "BE",
    "MOST_TERMS",
    "SORT_KEY_LENGTH",
    "Style",
    "arabic_digits",
    "day_text",
    "deadline_text",
    "fiscal_year_text",
    "instant_text",
    "month_text",
    "normalise",
    "parse_day",
    "parse_int",
    "parse_time",
    "phrases",
    "plain_length",
    "query_terms",
    "sort_key",
    "span_text",
    "thai_digits",
    "tokens",
    "words",
    "wrap",
]
