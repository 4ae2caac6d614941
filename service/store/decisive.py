"""Tables that decide a result, whose written rows the log of events holds by their hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import sqlalchemy as sa

from service.store.rows.cases import case
from service.store.rows.columns import metadata
from service.store.rows.people import person

_SIGNS_IN = ("login", "password")
"""Columns of a person that are in its hash: by whom, and by what, somebody signs in."""

_OF_CASE = ("parent_id", "definition", "jurisdiction", "award", "process", "parameters")
"""Columns of a case that are in its hash: of what stands in a case besides, its history tells."""

DECISIVE: Mapping[str, tuple[str, ...]] = {
    "case_instance": tuple(column.name for column in case.c if column.name not in {"id", *_OF_CASE}),
    "form_result": (),
    "upload": ("task_id",),
    "finding": (),
    "document": ("produced_at", "pdf_sha256", "pdf_size"),
    "notice": ("listed",),
    "receipt": (),
    "sign_ask": (),
    "task_sign": (),
    "expert_draw": (),
    "panel": (),
    "panel_member": (),
    "panel_case": (),
    "score_sheet": (),
    "stage_score": (),
    "recusal": (),
    "ballot": ("cast", "urn", "key_name", "old_key", "sheet", "sheet_by"),
    "ballot_roll": ("state", "task_id"),
    "ballot_recusal": (),
    "ballot_result": (),
    "award_record": (),
    "award_holder": (),
    "sanction": (),
    "setting": (),
    "definition": ("content", "sources", "draft_id"),
    "person": tuple(column.name for column in person.c if column.name not in {"id", *_SIGNS_IN}),
    "membership": (),
    "deputy": (),
    "rights_request": (),
}
"""Table → columns that are in no hash.

Of a roll and an urn these are what moves with each secret vote: their hashes would tell when who voted. The others say
in which task a file was added, what a notice was listed by, or are made after the step.
"""

CLAIMED = "upload"
"""A file decides nothing before a case has it."""

_THROUGH: Mapping[str, tuple[str, str]] = {
    "panel_member": ("panel_id", "panel"),
    "ballot_roll": ("ballot_id", "ballot"),
    "ballot_recusal": ("ballot_id", "ballot"),
    "ballot_result": ("ballot_id", "ballot"),
}
"""Tables whose rows name a row of another table, whose case is theirs: the column, and that table."""

BESIDE_CASES = frozenset(
    {
        "award_record",
        "award_holder",
        "sanction",
        "setting",
        "definition",
        "person",
        "membership",
        "deputy",
        "rights_request",
    }
)
"""Decisive tables whose rows belong to no case."""


@cache
def hashed_columns(table: str) -> tuple[str, ...]:
    """Return the columns of a decisive table that its hashes cover, without those of the primary key."""
    columns = (column for column in metadata.tables[table].columns if not column.primary_key)
    return tuple(f"{column.name}" for column in columns if column.name not in DECISIVE[table])


@cache
def rows_of_cases(table: str) -> sa.Select[tuple[object, ...]]:
    """Return the question for key and hashed columns of the rows of a decisive table that belong to ``cases``."""
    return every_row(table).where(_of_cases(table))


@cache
def every_row(table: str) -> sa.Select[tuple[object, ...]]:
    """Return the question for key and hashed columns of every row, in the order of their keys."""
    own = metadata.tables[table]
    return sa.select(*own.primary_key, *(own.c[name] for name in hashed_columns(table))).order_by(*own.primary_key)


def is_unclaimed(table: str, values: Sequence[object]) -> bool:
    """Return whether the values of a row are those of a file that no case has, which needs no hash."""
    return table == CLAIMED and values[hashed_columns(table).index("case_id")] is None


def _of_cases(table: str) -> sa.ColumnElement[bool]:
    own = metadata.tables[table]
    if table in _THROUGH:
        column, above = _THROUGH[table]
        return own.c[column].in_(sa.select(metadata.tables[above].c.id).where(_of_cases(above)))
    return (own.c.id if own is case else own.c.case_id).in_(sa.bindparam("cases", expanding=True))
