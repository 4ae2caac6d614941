"""The seals of what people lend: a row lends with the seal of this installation alone, and no more once it ended."""

from __future__ import annotations

from collections.abc import Callable

from service.store.rows import DeputyRow
from service.store.rows.deputies import deputy
from service.store.seals.row_seals import RowSeals

Lends = Callable[[DeputyRow], bool]


def lent_words(row: DeputyRow) -> list[object]:
    """Return what the seal binds: whose role is lent to whom, which and until when. That it ended takes the seal back."""
    return [row.person_id, row.deputy_id, row.membership_id, row.since, row.until, row.made_at]


def lends_in(seals: RowSeals | None) -> Lends:
    """Return what says of a row whether it counts."""
    if seals is None:
        return lambda _: True
    return lambda row: seals.holds(deputy.name, lent_words(row), row.seal)


def sealed_deputy(seals: RowSeals | None, row: DeputyRow) -> str:
    """Return a new seal of what is lent; none where none are kept."""
    return "" if seals is None else seals.made(deputy.name, lent_words(row))
