"""The way to a receipt's check as a picture that a phone reads."""

from __future__ import annotations

import segno


def picture(address: str) -> str:
    """An address as a QR code inside the page itself (a data: URI): no request of its own, whose line in a log would
    name the code."""
    return str(segno.make_qr(address, error="m").svg_data_uri(scale=4, border=4, light="#fff"))
