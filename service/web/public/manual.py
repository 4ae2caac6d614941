"""The manual's pages, made from its text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from flask import Blueprint, redirect, render_template, send_from_directory
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from service.domain.errors import NotFound
from service.domain.text import Text
from service.web.frame.requests.current import language
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("manual", __name__)


@PAGES.get("/manual")
@route_guard("portal.view")
def index() -> ResponseReturnValue:
    """Lead to the first chapter."""
    return redirect(f"/manual/{CHAPTERS[0].name}")


@PAGES.get("/manual/<name>")
@PAGES.get("/manual/<name>/<anchor>")
@route_guard("portal.view")
def read(name: str, anchor: str = "") -> ResponseReturnValue:
    """Show a section of a chapter, its first where none is named, beside the lists of sections and chapters."""
    one = chapter(name)
    every = sections(one, language())
    shown = section(one, anchor, language())
    at = every.index(shown)
    following = every[at + 1] if at + 1 < len(every) else None
    return render_template(
        "portal/manual.html", chapters=CHAPTERS, chapter=one, sections=every, shown=shown, following=following
    )


@PAGES.get("/manual/images/<name>")
@route_guard("portal.view")
def image(name: str) -> ResponseReturnValue:
    """Return a picture of the manual."""
    return send_from_directory(IMAGES, name, max_age=3600)


ROOT = Path(__file__).parents[3]
IMAGES = ROOT / "docs" / "images"
_PAGE = "h2"
"""A heading that begins a page."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One text of the manual: its name in the address, its file below the program's folder, and its title.

    ``chinese`` is the file of the same text in Chinese, heading by heading; "" where ``file`` itself says it in both.
    """

    name: str
    file: str
    title: Text
    chinese: str = ""

    def file_in(self, language: str) -> str:
        """Return the file that people of ``language`` read."""
        return self.chinese if language == "zh" and self.chinese else self.file


CHAPTERS = (
    Chapter("model", "processes/README.md", Text("设计一个地方的程序", "Modelling a procedure")),
    Chapter("studio", "docs/studio.md", Text("设计器逐项操作", "The studio, part by part"), "docs/zh/studio.md"),
    Chapter("feel", "docs/feel.md", Text("公式", "Formulas")),
    Chapter("documents", "docs/documents.md", Text("文书", "Documents")),
    Chapter("spreadsheets", "docs/spreadsheets.md", Text("表格的导入和导出", "Spreadsheets")),
    Chapter("voting", "docs/voting.md", Text("投票", "Voting"), "docs/zh/voting.md"),
    Chapter(
        "interventions", "docs/interventions.md", Text("运行中的干预", "Interventions"), "docs/zh/interventions.md"
    ),
    Chapter("retention", "docs/retention.md", Text("保存期限", "Retention")),
    Chapter("permissions", "docs/permissions.md", Text("权限表", "Permissions")),
    Chapter("glossary", "docs/glossary.md", Text("词汇", "Glossary")),
)


@dataclass(frozen=True, slots=True)
class ManualPage:
    """A part of a chapter that is a page: its anchor, its words, its HTML, and the anchors of all headings in it."""

    anchor: str
    words: str
    html: Markup
    anchors: frozenset[str]


def chapter(name: str) -> Chapter:
    """Return the chapter called ``name``; raises NotFound."""
    found = next((one for one in CHAPTERS if one.name == name), None)
    if found is None:
        raise NotFound(_none(name))
    return found


def sections(one: Chapter, language: str = "en") -> tuple[ManualPage, ...]:
    """Return a chapter's sections, what stands before the first with it; what changed on disk since is read again."""
    file = one.file_in(language)
    return _sections(one, file, (ROOT / file).stat().st_mtime_ns)


def section(one: Chapter, anchor: str, language: str = "en") -> ManualPage:
    """Return the section of a chapter at ``anchor``, its first where none is asked for; raises NotFound."""
    every = sections(one, language)
    found = next((part for part in every if part.anchor == anchor), None) if anchor else every[0]
    if found is None:
        raise NotFound(_none(anchor))
    return found


def _none(asked: str) -> Text:
    return Text(
        f"手册里没有“{asked}”。请从目录中选择。", f"The manual has nothing called “{asked}”. Choose from its lists."
    )


@lru_cache(maxsize=4 * len(CHAPTERS))
def _sections(one: Chapter, file: str, _changed: int) -> tuple[ManualPage, ...]:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    parts = _parts(reader.parse((ROOT / file).read_text("utf-8")))
    rest = iter(_anchors(reader, one.file))  # a heading keeps its address in every language
    anchors = [[next(rest) for _ in _headings(tokens)] for tokens in parts]
    places = {anchor: found[0] for found in anchors for anchor in found}
    made = []
    for tokens, found in zip(parts, anchors, strict=True):
        for (opened, _), anchor in zip(_headings(tokens), found, strict=True):
            opened.attrSet("id", anchor)
        _address_links(tokens, one, file, places)
        words = next(words for opened, words in _headings(tokens) if opened.tag == _PAGE or opened is tokens[0])
        html = Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - our own text, without HTML in it
        made.append(ManualPage(found[0], words.replace("`", ""), html, frozenset(found)))
    return tuple(made)


def _anchors(reader: MarkdownIt, file: str) -> list[str]:
    """Return the anchors of the headings of ``file``, made of their words."""
    return [_anchor(words) for _, words in _headings(reader.parse((ROOT / file).read_text("utf-8")))]


def _parts(tokens: Sequence[Token]) -> list[list[Token]]:
    """Divide a chapter before each heading that begins a page; its title stays with the first."""
    begins = [n for n, token in enumerate(tokens) if token.type == "heading_open" and token.tag == _PAGE]
    cuts = [0, *begins[1:], len(tokens)]
    return [list(tokens[start:end]) for start, end in pairwise(cuts)]


def _headings(tokens: Sequence[Token]) -> list[tuple[Token, str]]:
    return [(opened, words.content) for opened, words in pairwise(tokens) if opened.type == "heading_open"]


def _anchor(words: str) -> str:
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def _address_links(tokens: Sequence[Token], one: Chapter, file: str, places: Mapping[str, str]) -> None:
    """Let links and pictures lead to the pages of the manual; wide tables take the focus."""
    for token in (inner for outer in tokens for inner in (outer, *(outer.children or ()))):
        if token.type == "table_open":
            token.attrSet("tabindex", "0")
        for attribute in ("href", "src"):
            if (address := token.attrGet(attribute)) is not None:
                token.attrSet(attribute, _address(one, file, str(address), places))


def _address(one: Chapter, file: str, address: str, places: Mapping[str, str]) -> str:
    """Return where a link of a chapter leads within the manual; a file that the manual does not hold leads to its start."""
    path, _, anchor = address.partition("#")
    if "://" in address:
        return address
    if not path:
        return f"/manual/{one.name}/{places[anchor]}#{anchor}" if anchor in places else f"/manual/{one.name}"
    target = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
    if posixpath.dirname(target) == "docs/images":
        return f"/manual/images/{posixpath.basename(target)}"
    other = next((each for each in CHAPTERS if target in (each.file, each.chinese)), None)
    if other is None:
        return "/manual"
    held = (
        next((part.anchor for part in sections(other) if anchor in part.anchors), "") if anchor and other != one else ""
    )
    return f"/manual/{other.name}/{held}#{anchor}" if held else f"/manual/{other.name}"
