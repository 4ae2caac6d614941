"""The text of an issued document as layouts read it: cleaned, cut into lines, with the sizes that depend on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

OFFICIAL = "official"
"""The layout of documents that name none: GB/T 9704-2012."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_HEAD_WIDTH, _HEAD_LARGEST, _ONE_LINE = 440, 36, 18
_TITLE_LINE, _CLOSING = 20, "，。、；：！？）》〉」』〕】”’"
_OFFICES = ("领导小组办公室", "评审委员会办公室", "委员会办公室", "监督管理局", "领导小组", "委员会")


@dataclass(frozen=True, slots=True)
class Table:
    """A table between paragraphs: headings, and rows of as many texts."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table where ``table`` is set."""

    text: str
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """A document as it is set.

    ``title_lines`` is the title cut into lines of like length; ``head`` are the lines of 发文机关标志 and
    ``head_size`` their size in points; ``addressee`` has its colon; ``date`` is written 2026年3月10日, ``day`` is the
    same in ISO form.
    """

    title: str
    title_lines: tuple[str, ...]
    head: tuple[str, ...]
    head_size: int
    number: str
    addressee: str
    blocks: tuple[Block, ...]
    attachments: tuple[str, ...]
    signature: str
    date: str
    day: str
    copies: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the same as plain values, for layouts."""
        return asdict(self)


def composed(content: Mapping[str, Any]) -> Composed:
    """Read the frozen content of a document (see ``compose``)."""
    signature = _clean(content.get("signature"))
    head = _head(_clean(content.get("head")) or signature)
    return Composed(
        title=_clean(content["title"]),
        title_lines=_title(_clean(content["title"])),
        head=head,
        head_size=min(_HEAD_LARGEST, _HEAD_WIDTH // max([len(line) for line in head] or [1])),
        number=_clean(content.get("number")),
        addressee=_addressee(_clean(content.get("addressee"))),
        blocks=tuple(block for item in content["paragraphs"] for block in _blocks(item)),
        attachments=_names(content.get("attachments")),
        signature=signature,
        date=chinese_date(str(content["date"])),
        day=str(content["date"]),
        copies=_names(content.get("copies")),
    )


def chinese_date(text: str) -> str:
    """Return an ISO day as 成文日期 is written, without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def plain_text(item: object) -> str:
    """Return a paragraph as text; a table's cells are set apart by blanks, its rows by line ends."""
    if not isinstance(item, Mapping):
        return str(item)
    return "\n".join("　".join(map(str, row)) for row in (item["head"], *item["rows"]))


def _blocks(item: object) -> list[Block]:
    if isinstance(item, Mapping):
        rows = tuple(tuple(_clean(cell) for cell in row) for row in item["rows"])
        return [Block("", Table(tuple(_clean(cell) for cell in item["head"]), rows))]
    return [Block(line.strip()) for line in _clean(item).splitlines() if line.strip()]


def _names(found: object) -> tuple[str, ...]:
    return tuple(_clean(name) for name in found) if isinstance(found, list | tuple) else ()


def _addressee(text: str) -> str:
    return f"{text.rstrip('：:')}：" if text else ""


def _head(text: str) -> tuple[str, ...]:
    """Cut a long name of an authority into two lines, before the office it ends with where there is one."""
    if "\n" in text:
        return tuple(line.strip() for line in text.splitlines() if line.strip())
    if len(text) <= _ONE_LINE:
        return (text,) if text else ()
    cut = next(
        (len(text) - len(o) for o in _OFFICES if text.endswith(o) and len(o) < len(text) - 2), -(-len(text) // 2)
    )
    return (text[:cut], text[cut:])


def _title(text: str) -> tuple[str, ...]:
    """Cut a long title into lines of like length, none of which begins with a closing mark (7.3.1)."""
    count = -(-len(text) // _TITLE_LINE)
    if count <= 1 or "\n" in text:
        return tuple(text.splitlines()) or ("",)
    size, lines = -(-len(text) // count), []
    while text:
        cut = size if len(text) > size else len(text)
        while cut < min(len(text), _TITLE_LINE) and text[cut] in _CLOSING:
            cut += 1
        lines.append(text[:cut])
        text = text[cut:]
    return tuple(lines)


def _clean(value: object) -> str:
    """Return text without what no file format can hold."""
    return _UNPRINTABLE.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")) if value is not None else ""
