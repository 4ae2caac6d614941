"""The notes of a case on a page of their own, with whom one may write to; and what waits to be read by oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import DESIGNER, Actor
from service.casework.access.case_access import may_view_case, recused_people
from service.casework.access.guards import guarded
from service.casework.access.office_notes import demand_notes
from service.casework.desk.desk import Desk
from service.casework.queries.list_order import OLDEST, place_in
from service.casework.queries.list_order import PAGE as SHORT_PAGE
from service.casework.reading.handlers import handlers_of
from service.casework.reading.notes import NoteView, shown_notes
from service.catalog import Package
from service.store import CAP, NOTE_ORDERS, Transaction
from service.store.models import CaseNoteRow, CaseRow

PAGE = 100


@dataclass(frozen=True, slots=True)
class NotesForMe:
    """A page of what is for the reader, each with the title of its case; ``after`` continues it.

    Where the list is in an order of `NOTE_ORDERS`, ``pages`` says how many there are
    and ``many`` how many rows they have; both are 0 where it is by time.
    """

    lines: tuple[tuple[NoteView, str], ...]
    after: int | None
    pages: int = 0
    many: int = 0


@dataclass(frozen=True, slots=True)
class NotesPage:
    """The notes of a case, newest first, and whom one may address: number and name with body."""

    case_id: int
    title: str
    package: Package
    notes: tuple[NoteView, ...]
    people: tuple[tuple[int, str], ...]


@guarded("note.read")
def view_notes(desk: Desk, actor: Actor, case_id: int) -> NotesPage:
    """Return the notes of a case; raises NotFound, NotAllowed for who handles no cases there."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        demand_notes(actor, case, tx)
        notes = shown_notes(tx, actor, tx.case_notes.of_case(case_id))
        package = desk.packages.get(case.definition, tx)
        return NotesPage(case_id, case.title, package, notes, _addressed(desk, tx, actor, case))


@guarded("note.read")
def unread_notes(desk: Desk, actor: Actor) -> tuple[tuple[NoteView, str], ...]:
    """Return what is for the actor and not read yet, newest first, each with the title of its case."""
    if actor.person_id is None:
        return ()
    with desk.store.read() as tx:
        return seen_notes(tx, actor, tx.case_notes.unread(actor.person_id, PAGE))


@guarded("note.read")
def notes_for_me(desk: Desk, actor: Actor, before: int | None = None, order: str = "", page: int = 1) -> NotesForMe:
    """Return a page of what is for the actor, read or not; cases they may see no more are left out.

    ``order`` is "" for newest first, `OLDEST`, or one of `NOTE_ORDERS`, with a minus before it turned round; there ``page``,
    from 1, is what ``before`` is for the others.
    """
    if actor.person_id is None:
        return NotesForMe((), None)
    with desk.store.read() as tx:
        ids = tx.case_notes.ids_to(actor.person_id, CAP) if order.removeprefix("-") in NOTE_ORDERS else ()
        place, pages = place_in(order, NOTE_ORDERS, len(ids), page)
        if place is not None:
            return NotesForMe(
                seen_notes(tx, actor, tx.case_notes.arranged(ids, place, SHORT_PAGE)), None, pages, len(ids)
            )
        rows = tx.case_notes.to_person(actor.person_id, before, SHORT_PAGE + 1, oldest=order == OLDEST)
        shown = seen_notes(tx, actor, rows[:SHORT_PAGE])
    return NotesForMe(shown, rows[SHORT_PAGE - 1].id if len(rows) > SHORT_PAGE else None)


def seen_notes(tx: Transaction, actor: Actor, rows: Sequence[CaseNoteRow]) -> tuple[tuple[NoteView, str], ...]:
    """Return notes, each with the title of its case, without those of cases that the actor may see no more."""
    cases = {ident: tx.cases.get(ident) for ident in {row.case_id for row in rows}}
    seen = {ident for ident, case in cases.items() if may_view_case(actor, case, tx)}
    shown = shown_notes(tx, actor, [row for row in rows if row.case_id in seen])
    return tuple((one, cases[one.case_id].title) for one in shown)


def _addressed(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow) -> tuple[tuple[int, str], ...]:
    """Return who handles the case and may read its notes, the actor apart."""
    held = [one for one in handlers_of(tx, case, desk.clock.now()) if one.role != DESIGNER]
    beyond = {actor.person_id, *recused_people(tx, case)}
    return tuple({one.person_id: f"{one.name}（{one.body}）" for one in held if one.person_id not in beyond}.items())
