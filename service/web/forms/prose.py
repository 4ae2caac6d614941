"""The subset of Markdown for texts in forms: headings, lists, bold, links. Everything else is plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_LINK = re.compile(r"\[([^\]]+)\]\((/[^)\s]*|https?://[^)\s]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def prose(text: str) -> Markup:
    """Return the text as safe HTML; headings begin at the second level, below the title of the page."""
    return Markup("\n").join(_blocks(text.splitlines()))


def inline(text: str) -> Markup:
    """Return one line of text as safe HTML, without a paragraph around it."""
    return _inline(" ".join(text.split()))


def _blocks(lines: list[str]) -> Iterator[Markup]:
    items: list[Markup] = []
    for line in [*(line.strip() for line in lines), ""]:
        bullet = re.match(r"[-*] +(.*)", line)
        if bullet:
            items.append(Markup("<li>{}</li>").format(_inline(bullet[1])))
            continue
        if items:
            yield Markup("<ul>{}</ul>").format(Markup("").join(items))
            items = []
        if line:
            yield _block(line)


def _block(line: str) -> Markup:
    heading = re.match(r"(#{1,4}) +(.*)", line)
    if heading:
        level = min(len(heading[1]) + 1, 4)
        return Markup("<h{0}>{1}</h{0}>").format(level, _inline(heading[2]))
    return Markup("<p>{}</p>").format(_inline(line))


def _inline(text: str) -> Markup:
    safe = str(escape(text))
    safe = _BOLD.sub(r"<strong>\1</strong>", safe)
    return Markup(_LINK.sub(r'<a href="\2">\1</a>', safe))  # noqa: S704  escaped above, then only our own tags
