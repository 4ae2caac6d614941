"""Lists: columns, orders and cells declared once; from them come a list's page, its place and its table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from service.domain.spreadsheets.lists import CellKind, Column
from service.domain.text import Text
from service.store import CAP, Ordered

PAGE = 40
MOST = 5_000
"""Most rows of a table."""
OLDEST = "when"
"""The word of the order in which the oldest comes first, where the newest does by itself."""

Line = TypeVar("Line")
Row = TypeVar("Row")
Place = TypeVar("Place")
Say: TypeAlias = Callable[[Text | str], str]
"""Says a text, or a name of a package, in the language of the reader."""


@dataclass(frozen=True, slots=True)
class ListColumn(Generic[Line]):
    """A column of a list: its heading, what a table holds of a line, and the word of its order.

    ``cell`` is None where only the page shows the column. ``order`` is what an address says, "" for the order that the
    list has by itself, None where it has none by this column; what rows are sorted by stands in the store by this word.
    """

    title: Text
    cell: Callable[[Line, Say], object] | None = None
    order: str | None = None
    kind: CellKind = CellKind.TEXT


class Table(NamedTuple):
    """A list as a table: its name, its headings and its rows."""

    title: str
    columns: tuple[Column, ...]
    rows: list[list[object]]


@dataclass(frozen=True, slots=True)
class Page(Generic[Line, Place]):
    """A page of a list; ``after`` is the place of its last line where others follow.

    Where the list is in an order that was asked for, ``pages`` says how many there are and ``many`` how many rows they
    have; both are 0 where it is in its own.
    """

    lines: tuple[Line, ...]
    after: Place | None = None
    pages: int = 0
    many: int = 0


@dataclass(frozen=True, slots=True)
class ListSpec(Generic[Line]):
    """A list at ``path``: its own order is ``rising`` or falling, and is turned round by the word ``turned`` if there is one.

    ``cursor`` is the name under which an address says after which place a page begins. ``conditions`` are those that it
    may say besides; without them nobody is told of what the list does not heed.
    """

    path: str
    name: Text
    columns: tuple[ListColumn[Line], ...]
    rising: bool = False
    turned: str = ""
    cursor: str = "before"
    conditions: tuple[str, ...] = ()

    @property
    def heads(self) -> dict[str, Text]:
        """Return the headings of the columns by which the list can be put in order, by the word of the order, its own first."""
        heads = {column.order: column.title for column in self.columns if column.order is not None}
        return {"": heads.pop(""), **heads} if "" in heads else heads

    def find_place(self, order: str, many: int, page: int) -> tuple[Ordered | None, int]:
        """Return the order of the page asked for and how many pages there are; None and 0 where it cannot be had.

        ``order`` may have a minus before it, which turns it round. More rows than are counted (``many``) are put in no
        other order than their own.
        """
        by = order.removeprefix("-")
        if not self.is_order(order) or many >= CAP:
            return None, 0
        pages = max(1, -(-many // PAGE))
        return Ordered(by, order.startswith("-"), PAGE * (min(max(page, 1), pages) - 1)), pages

    def is_order(self, order: str) -> bool:
        """Return whether the rows are counted and put in this order: its own needs none, nor does it backwards by `OLDEST`."""
        by = order.removeprefix("-")
        return bool(by) and (by in self.heads or by == self.turned != OLDEST)

    def make_table(self, lines: Iterable[Line], say: Say) -> Table:
        """Return the table of these lines."""
        visible_columns = [(column, column.cell) for column in self.columns if column.cell is not None]
        columns = (
            Column(f"_{n}", column.title, kind=column.kind, given=True) for n, (column, _) in enumerate(visible_columns)
        )
        return Table(self.name.zh, tuple(columns), [[cell(line, say) for _, cell in visible_columns] for line in lines])


def read_page(
    spec: ListSpec[Any],
    order: str,
    page: int,
    *,
    ids: Callable[[], Sequence[int]],
    arranged: Callable[[Sequence[int], Ordered, int], Sequence[Row]],
    following: Callable[[int], Sequence[Row]],
    place_of: Callable[[Row], Place],
) -> Page[Row, Place]:
    """Return a page of rows, in ``order`` where the list can be put in it, else in its own.

    ``ids`` finds the rows that are counted, ``arranged`` a page of them in an order, ``following`` so many rows after the
    place that was asked for in the order of the list.
    """
    counted = ids() if spec.is_order(order) else ()
    place, pages = spec.find_place(order, len(counted), page)
    if place is not None:
        return Page(tuple(arranged(counted, place, PAGE)), None, pages, len(counted))
    return replace(cut_page(following(PAGE + 1), place_of, PAGE), many=len(counted))


def cut_page(rows: Sequence[Row], place_of: Callable[[Row], Place], most: int) -> Page[Row, Place]:
    """Return the page of ``rows``, of which one more was read where others follow."""
    return Page(tuple(rows[:most]), place_of(rows[most - 1]) if len(rows) > most else None)


def read_lines(page: Page[Row, Place], lines: Iterable[Line]) -> Page[Line, Place]:
    """Return the page with what is shown of its rows."""
    return Page(tuple(lines), page.after, page.pages, page.many)
