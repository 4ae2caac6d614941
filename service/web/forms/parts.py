"""Parts of a drawn form, and the sheets that they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, TypeAlias

from markupsafe import Markup

NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class ChoiceOption:
    """One option of a choice; ``normal`` where it stands for no finding."""

    value: str
    label: str
    chosen: bool
    normal: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """One uploaded file; ``side`` where ``href`` shows it at the side of the page: "swap" if the side stands there, else "go".

    ``fault`` says why nobody can look at it.
    """

    id: str
    name: str
    size: str
    href: str
    side: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field with its label; ``control`` says which element it is drawn as; ``most`` signs it may hold, 0: any number.

    ``money`` is the unit of an amount.
    ``offered`` are words to take, ``lines`` those of a text that the program wrote, ``beside`` is what is known on it from elsewhere.
    """

    part: ClassVar[str] = "field"
    control: str
    id: str
    name: str
    label: str
    span: int = 16
    hint: str = ""
    error: str = ""
    required: bool = False
    cites: Markup = NOTHING
    value: str = ""
    choices: tuple[ChoiceOption, ...] = ()
    files: tuple[File, ...] = ()
    unit: str = ""
    prefix: str = ""
    money: str = ""
    live: bool = False
    focus: bool = False
    accept: str = ""
    max_bytes: int = 0
    max_count: int = 0
    most: int = 0
    offered: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    beside: Markup = NOTHING

    @property
    def is_finding(self) -> bool:
        """Whether one of its choices stands for no finding."""
        return any(choice.normal for choice in self.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Parts under one heading; ``findings`` names the group whose findings a button fills in as normal, "" for none."""

    part: ClassVar[str] = "section"
    id: str
    label: str
    parts: tuple[Part, ...]
    span: int = 16
    hint: str = ""
    error: str = ""
    cites: Markup = NOTHING
    findings: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One row: ``name`` is its path, ``title`` how it is called."""

    name: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHeading:
    """The heading of a column in a table of rows."""

    label: str
    number: bool
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowList:
    """Rows with the same fields: a table when ``columns`` are given, else one card per row."""

    part: ClassVar[str] = "rows"
    id: str
    name: str
    label: str
    rows: tuple[ListRow, ...]
    columns: tuple[ColumnHeading, ...] = ()
    span: int = 16
    hint: str = ""
    error: str = ""
    cites: Markup = NOTHING
    editable: bool = False
    can_add: bool = False
    can_remove: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A part that changes with the values of others and is sent again by itself; empty while hidden.

    ``kept`` is what was typed in it before it was hidden, so that it is there again when it is shown again.
    """

    part: ClassVar[str] = "region"
    id: str
    parts: tuple[Part, ...]
    span: int = 16
    holds_inputs: bool = False
    row: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def in_table(self) -> bool:
        """Whether it stands in a cell of a table, whose row is called ``row``."""
        return bool(self.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Text, already safe; ``inline`` without paragraphs, for cells."""

    part: ClassVar[str] = "prose"
    html: Markup
    inline: Markup
    span: int = 16


Part: TypeAlias = Field | Section | RowList | Region | Prose


def on_sheets(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts of the page with every run of fields outside groups as a section without a heading."""
    return tuple(_iterate_sheets(parts))


def _iterate_sheets(parts: tuple[Part, ...]) -> Iterator[Part]:
    for framed, run in groupby(parts, key=_is_framed):
        members = tuple(run)
        first = next((n for n, part in enumerate(members) if _needs_ground(part)), None)
        if framed or first is None:
            yield from members
            continue
        yield from members[:first]
        yield Section(id=f"sheet-{_get_name(members[first])}", label="", parts=members[first:])


def _is_framed(part: Part) -> bool:
    inner = part.parts if isinstance(part, Region) else (part,)
    return any(isinstance(child, Section | RowList) for child in inner)


def _needs_ground(part: Part) -> bool:
    inner = part.parts if isinstance(part, Region) else (part,)
    return any(isinstance(child, Field) for child in inner)


def _get_name(part: Part) -> str:
    return part.id if isinstance(part, Field | Region) else "text"
