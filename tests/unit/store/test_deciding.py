"""Every table is named as one that decides, or with the reason why it does not, so that none is forgotten."""

from __future__ import annotations

from itertools import chain

from service.store.rows import metadata
from service.store.seals.deciding import DECIDING, NOT_DECIDING, beside_cases, digested, rows_of_cases


def test_every_table_is_named_once() -> None:
    named = [*DECIDING, *chain.from_iterable(NOT_DECIDING.values())]
    assert sorted(named) == sorted(metadata.tables), "say in service/store/seals/deciding.py whether a table decides"


def test_what_has_no_digest_is_a_column() -> None:
    for table, left_out in DECIDING.items():
        assert set(left_out) <= set(metadata.tables[table].c.keys()), table
        assert digested(table), table
        assert beside_cases(table) or rows_of_cases(table) is not None
