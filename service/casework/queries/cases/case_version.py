"""The package version a case runs under, and whether a newer one exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.amendments.reach import Reach, reach_of
from service.casework.desk.desk import Desk
from service.domain.calendar import local_date
from service.store import Transaction
from service.store.models import CaseRow


@dataclass(frozen=True, slots=True)
class CaseVersion:
    """The version of package ``key`` that a case keeps; ``newer_at`` when the current one was published, if another.

    ``reach`` tells administrators whether the case may move to it; None for all others and where there is none.
    """

    key: str
    version: str
    published_at: datetime
    published_by: str
    newer_at: datetime | None
    newer: str
    reach: Reach | None


def version_of(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow) -> CaseVersion:
    """Return the version that ``case`` runs under, beside the current one of its package."""
    key = f"{case.jurisdiction}/{case.award}"
    rows = tx.definitions.versions(key)
    ours = next(row for row in rows if row.version == case.definition)
    now = next((row for row in rows if row.current and row.version != ours.version), None)
    reach = None
    if now is not None and case.status != "ended" and actor.secures(case.jurisdiction):
        reach = reach_of(desk, tx, ours.version, desk.packages.get(now.version, tx), local_date(desk.clock.now()))
    return CaseVersion(
        key,
        ours.version,
        ours.published_at,
        ours.published_by,
        now.published_at if now else None,
        now.version if now else "",
        reach,
    )
