"""Whoever adds a table decides whether a rehearsal takes it along."""

from __future__ import annotations

from collections import Counter

from service.store.rehearsed import COPIED, STAYING
from service.store.rows import metadata
from service.store.tallying import KEPT_BY_TRIGGERS


def test_every_table_is_decided_once() -> None:
    decided = Counter([*COPIED, *(table for tables in STAYING.values() for table in tables)])
    assert sorted(metadata.tables.keys() - decided.keys()) == [], (
        "say in service/store/rehearsed.py what becomes of them"
    )
    assert sorted(decided.keys() - metadata.tables.keys()) == []
    assert [table for table, times in decided.items() if times > 1] == []


def test_what_the_database_keeps_by_itself_is_not_copied() -> None:
    assert KEPT_BY_TRIGGERS.isdisjoint(COPIED)


def test_what_goes_along_hangs_on_nothing_that_stays() -> None:
    """A column that may not be empty would drop the whole row unseen."""
    dropped = [
        f"{name}.{column.name}"
        for name in COPIED
        for column in metadata.tables[name].columns
        for key in column.foreign_keys
        if key.column.table.name not in COPIED and not column.nullable
    ]
    assert dropped == []
