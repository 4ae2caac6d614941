"""Before an upgrade: whether this program can go on with every running case that another one stored; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import STRANDED, CaseLoading
from service.domain.text import Text

PAGE = 200


@dataclass(frozen=True, slots=True)
class Stranded:
    """A running case that this program cannot go on with, and why; ``known`` where the one in use could not either."""

    case_id: int
    title: str
    version: str
    why: Text
    known: bool = False


@dataclass(frozen=True, slots=True)
class UpgradeCheck:
    """What was looked at, and the cases that would be stranded."""

    cases: int
    versions: int
    stranded: tuple[Stranded, ...]

    @property
    def fresh(self) -> tuple[Stranded, ...]:
        """Those that this program would strand: what the one in use cannot load is no reason to keep that."""
        return tuple(one for one in self.stranded if not one.known)


@guarded("upgrade.check")
def is_another_program(desk: Desk, actor: Actor, program: str) -> bool:  # noqa: ARG001  the guard reads the actor
    """Return whether another than ``program`` (its SHA-256) started last on the desk's database."""
    with desk.store.read() as tx:
        look = tx.installation.look_before()
    return look is None or look.program != program


@guarded("upgrade.check")
def check_upgrade(desk: Desk, actor: Actor) -> UpgradeCheck:  # noqa: ARG001  the guard reads the actor
    """Load every running case of the desk's database, whose tables may be of an earlier program, and save it in memory.

    Only columns that every version has are read, page by page; each case is forgotten before the next.
    """
    loading = CaseLoading(desk)
    stranded: list[Stranded] = []
    count, after = 0, 0
    with desk.store.read() as tx:
        known = tx.incidents.cases_open(STRANDED) if tx.installation.look_before() else set()
    while True:
        with desk.store.read() as tx:
            rows = tx.cases.stored_states(after, PAGE)
            for row in rows:
                why = loading.fault(tx, row)
                if why is not None:
                    stranded.append(Stranded(row.id, row.title, row.version, why, row.id in known))
        count += len(rows)
        if len(rows) < PAGE:
            return UpgradeCheck(count, loading.versions, tuple(stranded))
        after = rows[-1].id
