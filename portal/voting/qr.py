"""The way to a receipt's check as a picture that a phone reads."""

from __future__ import annotations

import re
from functools import lru_cache, reduce
from operator import xor

import segno

from portal.voting.ballot import CODE_LENGTH

_QUIET = 4  # modules of white around the code (ISO/IEC 18004)
_BITS = 7  # of a letter
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # base 32
_BLANK = "A" * CODE_LENGTH


def picture(address: str) -> str:
    """An address that ends with a receipt's code, as a QR code inside the page itself (a data: URI): no request of its
    own, whose line in a log would name the code."""
    way, code = address[:-CODE_LENGTH], address[-CODE_LENGTH:]
    size, modules, changes = _codes_of(way)
    for change, letter in zip(changes, code, strict=True):
        modules ^= change[letter]
    wide = _bytes_of(size)
    dark = modules.to_bytes(size * wide, "big")
    lines = ("".join(map(_DRAWN.__getitem__, dark[at : at + wide])) for at in range(0, len(dark), wide))
    whole = size + 2 * _QUIET
    return (
        f"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {whole} {whole}'"
        f" shape-rendering='crispEdges'%3E%3Cpath fill='%23fff' d='M0 0h{whole}v{whole}H0z'/%3E"
        f"%3Cpath stroke='%23000' d='M{_QUIET} {_QUIET}.5{f'm-{8 * wide} 1'.join(lines)}'/%3E%3C/svg%3E"
    )


def _line(modules: int) -> str:
    """Eight modules of a line as a path: along the dark ones, over the others."""
    return "".join(
        f"h{len(run)}" if run[0] == "1" else f"m{len(run)} 0" for run in re.findall("0+|1+", f"{modules:08b}")
    )


_DRAWN = [_line(modules) for modules in range(256)]


@lru_cache(maxsize=64)
def _codes_of(way: str) -> tuple[int, int, list[dict[str, int]]]:
    """The modules of a side, those of the address with a blank code as one number (each line filled up to whole bytes), and
    for each place of the code which of them change with each letter.

    Drawing a code costs more than all the rest of casting a ballot. But its check symbols are sums without carry of its data
    (ISO/IEC 18004, 7.5), and its mask is fixed here: so the code of any address is that of another of this length, changed
    by what each differing bit changes."""
    size, blank = _drawn(way + _BLANK)
    changes = []
    for place, former in enumerate(_BLANK):
        before, after = way + _BLANK[:place], _BLANK[place + 1 :]
        by_bit = [_drawn(f"{before}{chr(ord(former) ^ 1 << bit)}{after}")[1] ^ blank for bit in range(_BITS)]
        changes.append(
            {
                letter: reduce(
                    xor, (by_bit[bit] for bit in range(_BITS) if (ord(letter) ^ ord(former)) >> bit & 1), 0
                )
                for letter in _LETTERS
            }
        )
    return size, blank, changes


def _bytes_of(size: int) -> int:
    return -(-size // 8)


def _drawn(address: str) -> tuple[int, int]:
    rows = segno.make_qr(address, error="m", mask=0).matrix
    width = 8 * _bytes_of(len(rows))
    lines = ("".join("1" if module else "0" for module in row).ljust(width, "0") for row in rows)
    return len(rows), int("".join(lines), 2)
