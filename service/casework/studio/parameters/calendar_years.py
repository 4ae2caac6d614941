"""Years of the calendar that were typed here: who may propose, decide and withdraw them, and how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.calendars import IN_FORCE, WITHDRAWN
from service.casework.desk.desk import Desk
from service.casework.reading.published import published
from service.catalog import Package
from service.catalog.calendars.calendar_notice import doubts_of_year
from service.catalog.calendars.calendars import read_year
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CalendarYearRow

PROPOSED, RETURNED = "proposed", "returned"
DECIDE = "calendar.decide"


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year that was typed here; ``places`` count by its layer, ``decides`` and ``withdraws`` say what the reader may do."""

    row: CalendarYearRow
    places: tuple[Text, ...]
    decides: bool
    withdraws: bool
    doubts: tuple[Text, ...] = ()

    @property
    def issued(self) -> date | None:
        """The day the notice was issued, where it was given."""
        return date.fromisoformat(self.row.issued) if self.row.issued else None


@guarded("draft.view")
def list_years(desk: Desk, actor: Actor) -> tuple[YearLine, ...]:
    """Return every year that was typed here for a layer by which a place of ``actor`` counts, newest first."""
    with desk.store.read() as tx:
        rows = tx.calendar_years.in_state(PROPOSED, IN_FORCE, RETURNED, WITHDRAWN)
        lines = [_line(desk, tx, actor, row) for row in reversed(rows)]
    return tuple(line for line in lines if line is not None)


@guarded("draft.view")
def view_year(desk: Desk, actor: Actor, ident: int) -> CalendarYearRow:
    """Return a year that was typed here; raises NotFound and NotAllowed."""
    with desk.store.read() as tx:
        row = tx.calendar_years.get(ident)
        demand_place(desk, tx, actor, row.layer, "draft.view")
    return row


def counting_by(desk: Desk, tx: Transaction, layer: str) -> tuple[Package, ...]:
    """Return the published packages that count by ``layer``."""
    return tuple(
        package
        for package in published(desk, tx).packages
        if layer in {held.key for held in desk.calendar(package.jurisdiction.calendar).layers}
    )


def demand_place(desk: Desk, tx: Transaction, actor: Actor, layer: str, action: str) -> None:
    """Raise NotAllowed unless ``actor`` may do ``action`` in a place that counts by ``layer``."""
    if not any(_admitted(actor, action, counting_by(desk, tx, layer))):
        raise NotAllowed(
            Text(
                f"您所在的地方不按日历“{layer}”计算，不能处理它的年份。",
                f"No place of yours counts by calendar “{layer}”.",
            )
        )


def demand_every_place(desk: Desk, tx: Transaction, actor: Actor, layer: str) -> None:
    """Raise NotAllowed unless ``actor`` may decide in every place that counts by ``layer``: no city counts for another."""
    places = counting_by(desk, tx, layer)
    if not places or not all(_admitted(actor, DECIDE, places)):
        raise NotAllowed(
            Text(
                f"日历“{layer}”还有其他地方在用，由对这些地方都有权限的人核定或者撤回。",
                f"Other places count by calendar “{layer}” too: who may decide for all of them takes it in or withdraws it.",
            )
        )


def with_decision(row: CalendarYearRow, key: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details of a year with what was decided under ``key``."""
    return {**(row.details or {}), key: dict(said)}


def record_of(layer: str) -> str:
    """Return the name under which what happens to a layer's years is recorded."""
    return f"calendar/{layer}"


def _admitted(actor: Actor, action: str, places: Iterable[Package]) -> Iterator[bool]:
    return (GUARDS[action].admits(actor, one.jurisdiction.id) for one in places)


def _line(desk: Desk, tx: Transaction, actor: Actor, row: CalendarYearRow) -> YearLine | None:
    places = counting_by(desk, tx, row.layer)
    if not any(_admitted(actor, "draft.view", places)):
        return None
    may = all(_admitted(actor, DECIDE, places))
    return YearLine(
        row,
        tuple({one.jurisdiction.id: one.jurisdiction.text for one in places}.values()),
        may and row.state == PROPOSED and actor.person_id != row.person_id,
        may and row.state == IN_FORCE,
        doubts_told(desk, row) if row.state == PROPOSED else (),
    )


def doubts_told(desk: Desk, row: CalendarYearRow) -> tuple[Text, ...]:
    """Return what whoever decides is to compare with the notice."""
    return doubts_of_year(desk.calendars, row.layer, row.text, read_year(row.layer, row.year, row.content.encode()))
