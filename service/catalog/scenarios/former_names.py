"""The last name of an element that a draft took away, as the version before has it."""

from __future__ import annotations

import re
from html import unescape

from service.catalog.tree import Files

_NAME = re.compile(rb"""\bname=(?:"([^"]*)"|'([^']*)')""")


def former_name(before: Files, ident: str) -> str | None:
    """Return what the element ``ident`` is called in the diagrams of ``before``, None where they have none or do not name it."""
    if not re.fullmatch(r"[\w.-]+", ident):
        return None
    word = ident.encode()
    tag = re.compile(rb"""<[^<>]*\bid=["']%s["'][^<>]*>""" % re.escape(word))
    for path in sorted(before):
        found = tag.search(before[path]) if path.endswith(".bpmn") and word in before[path] else None
        name = _NAME.search(found[0]) if found else None
        if name:
            return unescape((name[1] or name[2] or b"").decode(errors="replace")).strip() or None
    return None
