"""Telephone numbers in what is read, as links that call them on a phone."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from service.casework.reading.contacts import TELEPHONE

_LINK = Markup('<a href="tel:{}">{}</a>')


def telephones(words: str) -> Markup:
    """Return ``words`` with every telephone number in it as a link; everything else stands as it is written."""
    shown, at = Markup(""), 0
    for found in TELEPHONE.finditer(words):
        shown += escape(words[at : found.start()]) + _LINK.format(re.sub(r"\D", "", found[0]), found[0])
        at = found.end()
    return shown + escape(words[at:])
