"""Licences under which data can be given away. The rulebook says by number which one counts from when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Licence(NamedTuple):
    """A public licence: its own short name and its address."""

    name: str
    url: str


LICENCES: Mapping[int, Licence] = {
    1: Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    2: Licence("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    3: Licence("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
}
"""Numbers are for good: values entered for ``opendata.licence`` name them."""
