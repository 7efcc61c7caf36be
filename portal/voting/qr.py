"""The way to a receipt's check as a picture that a phone reads."""

from __future__ import annotations

from functools import lru_cache

import segno

from portal.voting.ballot import CODE_LENGTH

_QUIET = 4  # modules of white around the code (ISO/IEC 18004)
_BITS = 7  # of a letter
_BLANK = "A" * CODE_LENGTH


def picture(address: str) -> str:
    """An address that ends with a receipt's code, as a QR code inside the page itself (a data: URI): no request of its
    own, whose line in a log would name the code."""
    way, code = address[:-CODE_LENGTH], address[-CODE_LENGTH:]
    size, modules, changes = _codes_of(way)
    for place, letter in enumerate(code):
        for bit in range(_BITS):
            if (ord(letter) ^ ord(_BLANK[place])) >> bit & 1:
                modules ^= changes[place][bit]
    dark, drawn = f"{modules:0{size * size}b}", []
    for y in range(size):
        x, line = _QUIET, f" {y + _QUIET}.5h"
        for run in dark[y * size : (y + 1) * size].split("0"):
            if run:
                drawn.append(f"M{x}{line}{len(run)}")
            x += len(run) + 1
    whole = size + 2 * _QUIET
    return (
        f"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {whole} {whole}'"
        f" shape-rendering='crispEdges'%3E%3Cpath fill='%23fff' d='M0 0h{whole}v{whole}H0z'/%3E"
        f"%3Cpath stroke='%23000' d='{''.join(drawn)}'/%3E%3C/svg%3E"
    )


@lru_cache(maxsize=64)
def _codes_of(way: str) -> tuple[int, int, list[list[int]]]:
    """The modules of a side, those of the address with a blank code as one number, and which of them change with each bit
    of each letter.

    Drawing a code costs more than all the rest of casting a ballot. But its check symbols are sums without carry of its data
    (ISO/IEC 18004, 7.5), and its mask is fixed here: so the code of any address is that of another of this length, changed
    by what each differing bit changes."""
    size, blank = _drawn(way + _BLANK)
    changes = []
    for place in range(CODE_LENGTH):
        before, after = way + _BLANK[:place], _BLANK[place + 1 :]
        changes.append(
            [
                _drawn(f"{before}{chr(ord(_BLANK[place]) ^ 1 << bit)}{after}")[1] ^ blank
                for bit in range(_BITS)
            ]
        )
    return size, blank, changes


def _drawn(address: str) -> tuple[int, int]:
    rows = segno.make_qr(address, error="m", mask=0).matrix
    return len(rows), int("".join("1" if module else "0" for row in rows for module in row), 2)
