"""A browser's name in plain words, from the line it sends about itself."""

from __future__ import annotations

# The first sign that fits wins: most browsers also claim to be others.
_BROWSERS = (
    ("Line/", "LINE"),
    ("FBAN", "Facebook"),
    ("FBAV", "Facebook"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def name_of(line: str) -> str:
    """For example "Chrome · Android"; empty when nothing is recognised."""
    browser = next((name for sign, name in _BROWSERS if sign in line), "")
    system = next((name for sign, name in _SYSTEMS if sign in line), "")
    return " · ".join(part for part in (browser, system) if part)
