"""A procedure as a book: headings, text, tables and pictures, before it is set as PDF or Word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from service.domain.errors import Invalid
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class BookHeading:
    """A heading of ``level`` 1 (chapter) to 3; the first two stand in the contents."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class BookText:
    """A paragraph; ``quiet`` where it only explains what follows."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class BookTable:
    """A table; ``widths`` are shares of the page."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BookPicture:
    """A drawing in ``strips`` (SVG) of ``width`` by ``height`` each, one below the other; a long one is cut into several."""

    name: str
    strips: tuple[str, ...]
    width: float
    height: float

    @property
    def is_wide(self) -> bool:
        """Tell whether it needs a page laid across."""
        return self.width > self.height * len(self.strips) * 1.2


MOST_LETTERS, MOST_PICTURES = 2_000_000, 200
"""What a book holds at most; the largest of the places shipped has about a tenth of it."""
BookBlock: TypeAlias = BookHeading | BookText | BookTable | BookPicture
_KINDS = {BookHeading: "heading", BookText: "text", BookTable: "table", BookPicture: "picture"}


@dataclass(frozen=True, slots=True)
class Handbook:
    """A book: its title, the lines of its cover, the word for the contents, and everything in it."""

    title: str
    cover: tuple[str, ...]
    contents: str
    language: str
    blocks: tuple[BookBlock, ...]

    @property
    def pictures(self) -> tuple[BookPicture, ...]:
        """The drawings in order."""
        return tuple(block for block in self.blocks if isinstance(block, BookPicture))

    @property
    def letters(self) -> int:
        """How many letters stand in it, those of drawings left out."""
        return sum(_count_letters(block) for block in self.blocks)

    def require_printable(self) -> None:
        """Raise Invalid for a book that nobody would print: to set it would hold other work up."""
        letters, pictures = self.letters, len(self.pictures)
        if letters > MOST_LETTERS or pictures > MOST_PICTURES:
            raise Invalid(
                Text(
                    f"手册有 {letters // 10_000} 万字、{pictures} 张图，超过 {MOST_LETTERS // 10_000} 万字或 {MOST_PICTURES} 张图，没有生成。请精简后再试。",
                    f"The handbook has {letters} letters and {pictures} drawings; at most {MOST_LETTERS} and {MOST_PICTURES} are set. Shorten it.",
                )
            )

    def as_dict(self) -> dict[str, Any]:
        """Return what a layout reads; a picture names the places of its strips among all strips."""
        first, places = 0, {}
        for picture in self.pictures:
            places[id(picture)] = [*range(first, first + len(picture.strips))]
            first += len(picture.strips)
        blocks = [_to_block_dict(block, places) for block in self.blocks]
        content = {"title": self.title, "cover": self.cover, "contents": self.contents, "language": self.language}
        return {**content, "blocks": blocks}


def _count_letters(block: BookBlock) -> int:
    if isinstance(block, BookTable):
        return sum(len(cell) for row in (block.head, *block.rows) for cell in row)
    return len(block.name if isinstance(block, BookPicture) else block.text)


def _to_block_dict(block: BookBlock, places: Mapping[int, list[int]]) -> dict[str, Any]:
    kind = {"kind": _KINDS[type(block)]}
    if isinstance(block, BookPicture):
        return {**kind, "name": block.name, "numbers": places[id(block)], "wide": block.is_wide}
    if isinstance(block, BookHeading):
        return {**kind, "text": block.text, "level": block.level}
    if isinstance(block, BookText):
        return {**kind, "text": block.text, "quiet": block.quiet}
    return {**kind, "head": block.head, "rows": block.rows, "widths": block.widths}
