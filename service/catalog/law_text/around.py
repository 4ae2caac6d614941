"""The words around a place of a file, as people read them: without the signs by which a file is written."""

from __future__ import annotations

import html
import re

_EDGE = re.compile(r"\\*[\"']|&(?:amp;)*(?:quot|lt|gt|#10|#xa);|[<>\n\[\]{}]|, |\\n")
"""What ends the words of one text within a file: a quotation mark, a tag, a line, the brackets and commas of a list, a formula."""
_KEY = re.compile(r"^\s*(?:# ?)?(?:- )*(?:\w+: )?")
"""The key before a text in YAML, or the sign of a remark."""


def words_around(text: str, start: int, end: int, most: int) -> str:
    """Return what stands from ``start`` to ``end`` with at most so many signs of the same text before and behind it.

    Words that a formula, an attribute or a tag holds are shown without it.
    """
    line = text.rfind("\n", 0, start) + 1
    before, behind = text[line:start], text[end:].partition("\n")[0]
    edges = list(_EDGE.finditer(before))
    before = before[edges[-1].end() :] if edges else _KEY.sub("", before)
    edge = _EDGE.search(behind)
    behind = behind[: edge.start()] if edge else behind
    before, behind = html.unescape(before), html.unescape(behind)
    return f"{before[-most:]}{text[start:end]}{behind[:most]}".strip()
