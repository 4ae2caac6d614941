"""The notes of a case on a page of their own, with whom one may write to; and what waits to be read by oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.casework.access.actor import DESIGNER, Actor
from service.casework.access.case_access import may_view_case, recused_people
from service.casework.access.guards import guarded
from service.casework.access.secrets import require_notes
from service.casework.desk.desk import Desk
from service.casework.lists import OLDEST, ListColumn, ListSpec, Page, Say, Table, read_lines, read_page
from service.casework.reading.history import handlers_of
from service.casework.reading.notes import NoteView, build_note_views
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.spreadsheets.lists import CellKind
from service.domain.text import Text
from service.store import CAP, Transaction
from service.store.models import CaseNoteRow, CaseRow

COPIES: ListSpec[tuple[NoteView, str]] = ListSpec(
    "/tasks/asked",
    Text("抄送", "For me"),
    (
        ListColumn(Text("时间", "When"), lambda line, _say: local_date(line[0].at), "", CellKind.DAY),
        ListColumn(Text("办件", "Case"), lambda line, say: say(line[1]), "case"),
        ListColumn(Text("种类", "Kind"), lambda line, say: say(line[0].kind)),
        ListColumn(Text("谁", "Who"), lambda line, _say: line[0].who, "who"),
        ListColumn(Text("内容", "Words"), lambda line, _say: line[0].words, "words"),
        ListColumn(Text("已阅", "Read"), lambda line, _say: _day_read(line[0]), "read", CellKind.DAY),
    ),
    turned=OLDEST,
)
"""What others sent to be read, each note with the title of its case."""


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
        require_notes(actor, case, tx)
        notes = build_note_views(tx, actor, tx.case_notes.list_of_case(case_id))
        package = desk.packages.get(case.definition, tx)
        return NotesPage(case_id, case.title, package, notes, _list_addressees(desk, tx, actor, case))


@guarded("note.read")
def notes_for_me(
    desk: Desk, actor: Actor, before: int | None = None, order: str = "", page: int = 1
) -> Page[tuple[NoteView, str], int]:
    """Return a page of what is for the actor, read or not; cases they may see no more are left out.

    ``order`` is one of `COPIES`; where rows are counted for it ``page``, from 1, is what ``before`` is for the others.
    """
    person = actor.person_id
    if person is None:
        return Page(())
    with desk.store.read() as tx:
        rows = read_page(
            COPIES,
            order,
            page,
            ids=lambda: tx.case_notes.ids_to(person, CAP),
            arranged=tx.case_notes.arranged,
            following=lambda most: tx.case_notes.select(
                "id" if order == OLDEST else "-id", after=before, limit=most, to_id=person, removed_at=None
            ),
            place_of=lambda row: row.id,
        )
        return read_lines(rows, seen_notes(tx, actor, rows.lines))


@guarded("note.export")
def export_notes(desk: Desk, actor: Actor, say: Say) -> Table:
    """Return each copy and instruction for the actor as a table, newest first, 1000 at most."""
    if actor.person_id is None:
        return COPIES.make_table((), say)
    with desk.store.read() as tx:
        return COPIES.make_table(
            seen_notes(
                tx, actor, tx.case_notes.select("-id", after=None, limit=CAP, to_id=actor.person_id, removed_at=None)
            ),
            say,
        )


def _day_read(note: NoteView) -> date | None:
    return local_date(note.read_at) if note.read_at else None


def seen_notes(tx: Transaction, actor: Actor, rows: Sequence[CaseNoteRow]) -> tuple[tuple[NoteView, str], ...]:
    """Return notes, each with the title of its case, without those of cases that the actor may see no more."""
    cases = {ident: tx.cases.get(ident) for ident in {row.case_id for row in rows}}
    seen = {ident for ident, case in cases.items() if may_view_case(actor, case, tx)}
    visible_notes = build_note_views(tx, actor, [row for row in rows if row.case_id in seen])
    return tuple((note_row, cases[note_row.case_id].title) for note_row in visible_notes)


def _list_addressees(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow) -> tuple[tuple[int, str], ...]:
    """Return who handles the case and may read its notes, the actor apart."""
    handlers = [handler for handler in handlers_of(tx, case, desk.clock.now()) if handler.role != DESIGNER]
    beyond = {actor.person_id, *recused_people(tx, case)}
    return tuple(
        {
            handler.person_id: f"{handler.name}（{handler.body}）"
            for handler in handlers
            if handler.person_id not in beyond
        }.items()
    )
