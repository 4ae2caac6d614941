"""Cases for which no rule of a table matches, as far as that is certain without data."""

from __future__ import annotations

from itertools import islice, product

from service.domain.decisions.columns import Table
from service.domain.decisions.coverage import RowCoverage

_MOST_LOOKS = 400_000
"""Cells looked at before no gap is found for certain."""


def gap_of(table: Table, *, named: bool = False) -> str | None:
    """Describe a case that no rule decides; None where there is none for certain, or where the table says what holds.

    With ``named`` only among the texts that the table names and values that are there.
    """
    if table.may_match_nothing or not table.rules:
        return None
    if any(cell.compiled is None for cell in (*table.cells(), *(column.expression for column in table.inputs))):
        return None
    coverage = RowCoverage(table)
    questions = coverage.named_classes() if named else [range(size) for size in coverage.class_counts()]
    cases = _MOST_LOOKS // (len(table.rules) * max(len(questions), 1))
    for case in islice(product(*questions), cases):
        if not any(coverage.may_match(row, case) for row in range(len(table.rules))):
            return coverage.described(case)
    return None
