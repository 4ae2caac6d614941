"""The rounds that are under way, as the portal shows them: which takes applications, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.casework.desk.desk import Desk
from service.casework.queries.cases.start_options import closed
from service.casework.reading.published import Published
from service.catalog import Package, ProcessInfo
from service.catalog.applications import application_kinds
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import CaseFilter, Transaction
from service.store.models import CaseRow


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round (届) that is under way; ``over``: its last day for applications has passed."""

    id: int
    title: str
    package: str
    award: Text
    started_at: datetime
    deadline: date | None
    process: str
    open: bool
    over: bool = False


def rounds_under_way(desk: Desk, tx: Transaction, known: Published, jurisdiction: str | None) -> Sequence[RoundLine]:
    """Return the rounds under way, ten at most of each award, of one city or of all."""
    found = []
    for package in known.packages:
        place = package.jurisdiction.id
        if jurisdiction not in (None, place):
            continue
        for info in application_kinds(package):
            live = CaseFilter([place], info.parent, live=True, award=package.award.id)
            found += [_round(desk, tx, package, info, row) for row in tx.cases.search(live, limit=10)]
    return found


def round_called(desk: Desk, tx: Transaction, known: Published, case: CaseRow) -> RoundLine | None:
    """Return ``case`` as a round that takes applications today; None when it is no round, or takes none."""
    for package in known.of(case.jurisdiction):
        for info in application_kinds(package):
            if package.award.id == case.award and info.parent == case.process:
                found = _round(desk, tx, package, info, case)
                return found if found.open else None
    return None


def _round(desk: Desk, tx: Transaction, package: Package, info: ProcessInfo, row: CaseRow) -> RoundLine:
    running = desk.packages.get(row.definition, tx)
    deadline = _day((row.facts or {}).get("deadline"))
    over = deadline is not None and deadline < local_date(desk.clock.now())
    return RoundLine(
        row.id,
        row.title,
        package.key,
        package.award.text,
        row.started_at,
        deadline,
        info.key,
        closed(desk, tx, running, running.award.processes.get(info.key, info), row, "applicant") is None and not over,
        over,
    )


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
