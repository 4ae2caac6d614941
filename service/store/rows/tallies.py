"""Sums of what waits, runs, began and ended, kept by the database itself."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyRow:
    """A change of a sum; all rows of the same place and day together are what it is now.

    Of call activities the subject is ``call``: cases that stand in them.
    """

    id: col.Id = 0
    subject: Annotated[col.Chars12, "task, ballot, message, timer, work, running, started, ended"]
    jurisdiction: col.Chars60
    award: col.Chars60
    sort: Annotated[col.Chars60, "kind of case: key under processes in award.yaml"]
    process_id: Annotated[col.Chars120, "diagram, where something waits on one"]
    element: col.Chars120
    role: col.Chars60
    day: Annotated[date | None, "last day of a task; Monday of the week in which a case began or ended"]
    n: int


tally = col.table_of(
    TallyRow,
    "tally",
    sa.Index("ix_tally_subject", "subject", "jurisdiction", "day"),
    comment="sums kept by triggers",
)
