"""The timeline of a played scenario: every event of its cases in order."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.simulate.stage.stage import PlayState
from service.domain.calendar import CHINA
from service.store.models import AuditRow, CaseRow


@dataclass(frozen=True, slots=True)
class Happening:
    """One line: ``at`` in Asia/Shanghai to the minute, the case's nickname, the element, what, and the clauses it carries out."""

    at: str
    case: str
    element: str
    what: str
    clauses: tuple[str, ...]


def build_timeline(stage: PlayState) -> tuple[Happening, ...]:
    """Return every event of every case of the scenario, oldest first."""
    entries: list[tuple[AuditRow, str, tuple[str, ...]]] = []
    with stage.desk.store.read() as tx:
        for nick, ident in stage.cases.items():
            case = tx.cases.get(ident)
            entries += [(e, nick, clauses_at(stage, case, e.element)) for e in tx.history.newest(ident, 10_000)]
    entries.sort(key=lambda item: (item[0].at, item[0].id))
    return tuple(
        Happening(e.at.astimezone(CHINA).isoformat(timespec="minutes"), nick, e.element or "", e.text, clauses)
        for e, nick, clauses in entries
    )


def clauses_at(stage: PlayState, case: CaseRow, element: str | None) -> tuple[str, ...]:
    """Return the clauses the element carries out in a case."""
    if element is None:
        return ()
    package = stage.desk.packages.get(case.definition)
    elements = (d.elements[element] for d in package.diagrams.values() if element in d.elements)
    root = package.process(case.process).process
    return tuple(dict.fromkeys(c for e in elements for c in package.clauses_anywhere(e, root)))
