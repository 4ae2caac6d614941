"""Addresses as QR codes that stand in a page."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_code(address: str) -> Markup:
    """Return ``address`` as a QR code (SVG to stand in a page) that a telephone reads from paper, too."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=3, border=2, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 - segno writes shapes alone, the address is in none of its texts
