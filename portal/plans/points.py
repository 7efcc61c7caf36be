"""A point on the map, read from what people paste: two figures as maps give them, or the link of a map."""

from __future__ import annotations

import re
from urllib.parse import unquote

from portal.core import thai

LATITUDES = (13.4, 14.2)
LONGITUDES = (100.2, 101.1)
_FIGURE = r"([0-9]{1,3}\.[0-9]{1,15})"
_PLAIN = re.compile(rf"{_FIGURE}(?:\s*,\s*|\s+){_FIGURE}")
# In a link the place itself stands before the middle of the window: !3d…!4d, then named figures, then @.
_IN_LINKS = (
    re.compile(rf"!3d{_FIGURE}!4d{_FIGURE}"),
    re.compile(rf"mlat={_FIGURE}&mlon={_FIGURE}"),
    re.compile(rf"[?&/](?:q|query|ll|destination|center)=(?:loc:)?{_FIGURE},\s*{_FIGURE}"),
    re.compile(rf"^geo:{_FIGURE},{_FIGURE}"),
    re.compile(rf"#map=[0-9.]+/{_FIGURE}/{_FIGURE}"),
    re.compile(rf"@{_FIGURE},{_FIGURE}"),
    re.compile(rf"/{_FIGURE},\s*{_FIGURE}"),
)


def read(typed: str) -> tuple[float, float] | None:
    """(latitude, longitude) with six decimals, Thai digits welcome; None when no point can be read."""
    text = thai.arabic_digits(typed).strip()
    found = _PLAIN.fullmatch(text)
    if found is None and (text.startswith(("http://", "https://", "geo:"))):
        link = unquote(text).replace("+", " ")
        found = next((one for pattern in _IN_LINKS if (one := pattern.search(link))), None)
    return (round(float(found[1]), 6), round(float(found[2]), 6)) if found else None


def is_in_bangkok(point: tuple[float, float]) -> bool:
    """Whether the point lies in or close by the city; two figures the wrong way round do not."""
    return LATITUDES[0] <= point[0] <= LATITUDES[1] and LONGITUDES[0] <= point[1] <= LONGITUDES[1]
