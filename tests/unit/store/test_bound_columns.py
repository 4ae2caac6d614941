"""Every column of every table has a digest, stands under a seal or is named with the reason why it needs neither."""

from __future__ import annotations

import dataclasses
import typing
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from service.store.repositories.packages.moves import _UNDOING
from service.store.repositories.people.account_seals import account_words
from service.store.repositories.people.lent_seals import lent_words
from service.store.repositories.people.memberships import sealed_words
from service.store.repositories.people.registrations import _bound as link_words
from service.store.repositories.people.rights import _bound as office_words
from service.store.repositories.review.sittings import _LAID
from service.store.repositories.work.interventions import _words as intervention_words
from service.store.rows import (
    CaseMoveRow,
    DeputyRow,
    InterventionBatchRow,
    MembershipRow,
    OfficeLinkRow,
    PersonRow,
    RegistrationRow,
    SittingRow,
    TaskRow,
    WorkItemRow,
    metadata,
)
from service.store.rows.row_counts import RowCountRow
from service.store.seals.choice_seals import CHOICES, LETTERS
from service.store.seals.counted_rows import COUNTS
from service.store.seals.deciding import digested
from service.store.seals.task_seals import TASKS
from service.store.seals.work_seals import WORK

NAMED: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parents[2] / "data" / "unbound_columns.yaml").read_text("utf-8")
)
"""Reason → table → columns that have no digest and stand under no seal."""

Words = Callable[[Any], list[object]]
SEALED: list[tuple[str, type[Any], Words]] = [
    *((one.table.name, one.kind, one.rows.words) for one in (*CHOICES.values(), LETTERS)),
    ("task", TaskRow, TASKS.words),
    ("work_item", WorkItemRow, WORK.words),
    ("row_count", RowCountRow, COUNTS.words),
    ("case_move", CaseMoveRow, _UNDOING.words),
    ("sitting", SittingRow, _LAID.words),
    ("membership", MembershipRow, sealed_words),
    ("deputy", DeputyRow, lent_words),
    ("person", PersonRow, account_words),
    ("office_link", OfficeLinkRow, office_words),
    ("registration", RegistrationRow, link_words),
    ("intervention_batch", InterventionBatchRow, lambda row: intervention_words(row, 7)),
]
"""Tables, their rows, and what the seals of these bind."""


def value(hint: str, number: int) -> object:
    """Return a value of a kind, another one for each number."""
    kinds: list[tuple[str, object]] = [
        ("datetime.datetime", datetime(2026, 1, number, tzinfo=UTC)),
        ("datetime.date", date(2026, 1, number)),
        ("Mapping", {f"{number}": number}),
        ("Sequence", [number]),
        ("list", [number]),
        ("bool", bool(number % 2)),
        ("bytes", f"{number}".encode()),
        ("int", number),
        ("str", f"{number}"),
    ]
    return next((found for kind, found in kinds if kind in hint), {f"{number}": number})


def bound(kind: type[Any], words: Words) -> set[str]:
    """Return the columns of a row of which another value makes other words."""
    hints = {name: str(hint) for name, hint in typing.get_type_hints(kind).items()}
    names = [one.name for one in dataclasses.fields(kind)]
    row = kind(**{name: value(hints[name], 1) for name in names})
    return {name for name in names if words(dataclasses.replace(row, **{name: value(hints[name], 2)})) != words(row)}


def covered() -> dict[str, set[str]]:
    """Return by table what has a digest, stands under a seal, is a seal, or is the number by which a row is known."""
    found = {
        name: {*digested(name), *(column.name for column in table.columns if column.name.endswith("seal"))}
        | ({column.name for column in table.primary_key} if digested(name) or len(table.primary_key) == 1 else set())
        for name, table in metadata.tables.items()
    }
    for name, kind, words in SEALED:
        found[name] |= bound(kind, words)
    return found


def test_each_column_is_bound_or_named_with_a_reason() -> None:
    known = covered()
    free = {
        f"{name}.{c.name}"
        for name, table in metadata.tables.items()
        for c in table.columns
        if c.name not in known[name]
    }
    named = Counter(f"{name}.{c}" for tables in NAMED.values() for name, columns in tables.items() for c in columns)
    assert sorted(free - named.keys()) == [], (
        "bind it (a digest, a seal), or say in unbound_columns.yaml why nothing follows from it"
    )
    assert sorted(named.keys() - free) == [], "these are bound, or gone: take them out of unbound_columns.yaml"
    assert [name for name, count in named.items() if count > 1] == []


def test_a_column_that_a_seal_leaves_out_is_noticed() -> None:
    assert "signs_open" in covered()["task"]
    assert "signs_open" not in bound(TaskRow, lambda row: [row.role])
    assert {"ended_at", "objections", "code_hash"} <= {
        *digested("case_instance"),
        *digested("notice"),
        *digested("receipt"),
    }
