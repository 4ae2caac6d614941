"""Computes the formulas of a workbook of ours: references, arithmetic, and the few functions that they use."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from statistics import fmean, median
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

_PLACE = re.compile(r"(?:'([^']+)'!)?(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)")


class Cells(list):
    """The values of a range, which compare and count one by one."""

    def _each(self, other: Any, act: Callable[[float, float], float]) -> Cells:
        return Cells(
            act(one, two)
            for one, two in zip(self, other if isinstance(other, Cells) else [other] * len(self), strict=True)
        )

    def __gt__(self, other: Any) -> Cells:
        return self._each(other, lambda a, b: float(a > b))

    def __lt__(self, other: Any) -> Cells:
        return self._each(other, lambda a, b: float(a < b))

    def __sub__(self, other: Any) -> Cells:
        return self._each(other, lambda a, b: a - b)

    def __add__(self, other: Any) -> Cells:
        return self._each(other, lambda a, b: a + b)

    def __mul__(self, other: Any) -> Cells:
        return self._each(other, lambda a, b: a * b)


def _abs(value: Any) -> Any:
    return Cells(map(abs, value)) if isinstance(value, Cells) else abs(value)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": sum,
    "AVERAGE": fmean,
    "MEDIAN": median,
    "LARGE": lambda cells, n: sorted(cells, reverse=True)[n - 1],
    "SMALL": lambda cells, n: sorted(cells)[n - 1],
    "SUMPRODUCT": sum,
    "ABS": _abs,
    "ROUND": lambda value, digits: round(value + 1e-9, digits),
    "AND": lambda *all_of: all(all_of),
    "IF": lambda asked, yes, no: yes if asked else no,
}


class Recalculated:
    """A workbook whose formulas are computed from the values that its cells hold now."""

    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(io.BytesIO(content))
        self._known: dict[tuple[str, str], Any] = {}

    def rows(self, sheet: str) -> list[list[Any]]:
        """Return the computed rows of a sheet, without its headings."""
        self._known.clear()
        found = self.book[sheet]
        return [[self.value(sheet, cell.coordinate) for cell in row] for row in found.iter_rows(min_row=2)]

    def value(self, sheet: str, place: str) -> Any:
        """Return the value of a cell."""
        key = (sheet, place.replace("$", ""))
        if key not in self._known:
            written = self.book[sheet][key[1]].value
            formula = isinstance(written, str) and written.startswith("=")
            self._known[key] = self._computed(sheet, written[1:]) if formula else written
        return self._known[key]

    def _computed(self, sheet: str, formula: str) -> Any:
        def named(match: re.Match[str]) -> str:
            return f"at({match[1] or sheet!r}, {match[2]!r})" if not match[1] else f"at({match[1]!r}, {match[2]!r})"

        texts = re.split(r'("[^"]*")', formula)
        words = [part if part.startswith('"') else _PLACE.sub(named, part) for part in texts]
        words = [part if part.startswith('"') else re.sub(r"(?<![<>=])=(?!=)", "==", part) for part in words]
        return eval("".join(words), {"__builtins__": {}}, {**_FUNCTIONS, "at": self._at})

    def _at(self, sheet: str, place: str) -> Any:
        if ":" not in place:
            return self.value(sheet, place) or 0
        left, top, right, bottom = range_boundaries(place.replace("$", ""))
        rows = self.book[sheet].iter_rows(left and int(top), int(bottom), int(left), int(right))
        return Cells(self.value(sheet, cell.coordinate) or 0 for row in rows for cell in row)
