"""Submitted forms to be read: on paper, and in excerpts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.domain.forms import ReadableForm
from service.web.forms.build import Builder
from service.web.forms.look import FormUrls, Look, Mode, path_of
from service.web.forms.parts import Field, File, ListRow, Part, Prose, Region, RowList, Section
from service.web.forms.shown import places

Block = str | dict[str, Any]

_EMPTY = "—"
_HEAD = ["项目", "内容"]
_NUMERALS = "一二三四五六七八九十"


def form_on_paper(read: ReadableForm) -> list[Block]:
    """Return a form as paragraphs of a document, in Chinese as documents are.

    Fields that stand together become one table of two columns, lists a table with a column for each of their fields.
    """
    look = Look(read.today, Mode.PRINT, language="zh", stored=read.outside)
    blocks: list[Block] = []
    for block in _blocks(Builder(read.form, {}, look, read=read).build(), ""):
        last = blocks[-1] if blocks else None
        if isinstance(block, dict) and isinstance(last, dict) and block["head"] == last["head"] == _HEAD:
            last["rows"].extend(block["rows"])
        else:
            blocks.append(block)
    return _numbered(blocks)


def _numbered(blocks: list[Block]) -> list[Block]:
    """Return the blocks with their headings numbered as official documents number them."""
    found, count = [], 0
    for block in blocks:
        if isinstance(block, str) and block.startswith("§"):
            name = block[1:].lstrip("一二三四五六七八九十、")
            block = f"{_NUMERALS[count] if count < len(_NUMERALS) else count + 1}、{name}"
            count += 1
        found.append(block)
    return found


def _blocks(parts: tuple[Part, ...], under: str) -> Iterator[Block]:
    for part in parts:
        if isinstance(part, Field):
            yield {"head": _HEAD, "rows": [[part.label, _value(part)]]}
        elif isinstance(part, Section):
            if part.label:
                yield part.label if under else f"§{part.label}"
            yield from _blocks(part.parts, part.label or under)
        elif isinstance(part, Region):
            yield from _blocks(part.parts, under)
        elif isinstance(part, RowList):
            yield from _rows(part, under)
        elif isinstance(part, Prose):
            yield from filter(None, (line.strip() for line in part.html.striptags().splitlines()))


def _rows(part: RowList, under: str) -> Iterator[Block]:
    if part.label:
        yield part.label
    if not part.rows:
        yield "（无）"
    elif part.columns:
        yield {
            "head": ["序号", *(c.label for c in part.columns)],
            "rows": list(map(_cells, range(1, 1 + len(part.rows)), part.rows)),
        }
    else:
        for row in part.rows:
            yield row.title
            yield from _blocks(row.parts, under or row.title)


def _cells(number: int, row: ListRow) -> list[str]:
    return [str(number), *(_cell(part) for part in row.parts)]


def _cell(part: Part) -> str:
    if isinstance(part, Field):
        return _value(part)
    if isinstance(part, Region):
        return "；".join(_cell(inner) for inner in part.parts) or _EMPTY
    return str(part.inline.striptags()) if isinstance(part, Prose) else _EMPTY


def _value(part: Field) -> str:
    if part.files:
        return "；".join(f"{file.name}（{file.size}）" for file in part.files)
    if not part.value:
        return _EMPTY
    return f"{part.prefix}{part.value}{part.unit}"


_BLANK = ("", "—")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a form says at one place: a value in words or files, "" and none where it was left blank.

    ``lacks`` names the first upload there without a file, "" where none is missing.
    """

    label: str
    value: str
    files: tuple[File, ...] = ()
    lacks: str = ""


class Excerpts:
    """A form of which only what is asked for is drawn."""

    def __init__(self, read: ReadableForm, urls: FormUrls, language: str) -> None:
        look = Look(read.today, Mode.READ, urls, language, read.outside)
        self._builder = Builder(read.form, {}, look, read=read)
        self._places = dict(places(read.form.nodes, read.state, read.values))

    def at(self, path: str) -> tuple[Excerpt, ...]:
        """Return what stands at a field, group or list; nothing where it is not shown."""
        place = self._places.get(path_of(path))
        part = self._builder.part(place) if place is not None else None
        return tuple(_read_excerpts(part)) if part is not None else ()


def _read_excerpts(part: Part) -> Iterator[Excerpt]:
    if isinstance(part, Field):
        lacks = part.label if part.control == "files" and not part.files else ""
        yield Excerpt(part.label, "" if part.value in _BLANK else part.value, part.files, lacks)
    elif isinstance(part, RowList):
        files = tuple(file for row in part.rows for file in _files(row.parts))
        rows = ("、".join(one for one in _excerpt_cells(row.parts) if one) for row in part.rows)
        cells = (cell for row in part.rows for inner in row.parts for cell in _read_excerpts(inner))
        yield Excerpt(
            part.label,
            "；".join(row for row in rows if row),
            files,
            next((cell.lacks for cell in cells if cell.lacks), ""),
        )
    elif isinstance(part, Section | Region):
        for inner in part.parts:
            yield from _read_excerpts(inner)


def _excerpt_cells(parts: tuple[Part, ...]) -> Iterator[str]:
    return (said.value for part in parts for said in _read_excerpts(part))


def _files(parts: tuple[Part, ...]) -> Iterator[File]:
    return (file for part in parts for said in _read_excerpts(part) for file in said.files)
