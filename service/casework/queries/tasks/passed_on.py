"""What a person passed on: handed on, sent back, took back, urged or asked others to sign, with who has it now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.tasks.list_tasks import task_names
from service.casework.reading.published import Published, published
from service.casework.reading.signs import STATES
from service.casework.step.end_signs import ENDED
from service.casework.tasks.note_passed_on import HANDED_ON, SIGN_ASKED, URGED
from service.domain.signatures import OPEN, WAITING
from service.domain.text import Text
from service.store import PassedOn, Transaction
from service.store.models import TaskRow

PAGE = 40
NAMES = {
    "handed_on": Text("已转办", "Handed on"),
    "sent_back": Text("已退回", "Sent back"),
    "taken_back": Text("已取回", "Taken back"),
    "urged": Text("已催办", "Urged"),
    "sign_asked": Text("已请会签", "Asked to sign"),
}

_DONE, _NEEDLESS = Text("已办结", "done"), Text("不再需要办理", "no longer needed")


@dataclass(frozen=True, slots=True)
class PassedOnLine:
    """What the reader did with a task and why; ``now_with`` has it now, in words: nobody where the case has ended.

    ``stands`` says instead what became of it where that is the question: signatures, and an urged task that is done.
    """

    id: int
    case_id: int
    task_id: int
    what: Text
    at: datetime
    title: str
    subject: str
    step: str
    reason: str
    now_with: tuple[Text, ...]
    stands: Text | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class PassedOnPage:
    """A page of them; ``before`` continues it."""

    lines: tuple[PassedOnLine, ...]
    before: int | None


@guarded("task.list")
def list_passed_on(desk: Desk, actor: Actor, text: str = "", before: int | None = None) -> PassedOnPage:
    """Return one page of what ``actor`` passed on; recused cases are left out.

    ``text`` is looked for in titles and names of organisations.
    """
    with desk.store.read() as tx:
        lines = lines_passed_on(tx, published(desk, tx), actor, text, before, PAGE + 1)
    shown = lines[:PAGE]
    return PassedOnPage(shown, shown[-1].id if len(lines) > PAGE else None)


def lines_passed_on(
    tx: Transaction, known: Published, actor: Actor, text: str, before: int | None, most: int
) -> tuple[PassedOnLine, ...]:
    """Return the ``most`` newest that `list_passed_on` shows."""
    if actor.person_id is None:
        return ()
    rows = tx.case_notes.passed_on(actor.person_id, actor.recused, text.strip(), before, most)
    waits: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for case_id, role, body in tx.case_notes.with_whom({row.note.case_id for row in rows if not _still_open(row)}):
        waits[case_id].append((role, body))
    became = _became(tx, rows)
    return tuple(_line(known, row, waits, became.get(row.note.id)) for row in rows)


def _still_open(row: PassedOn) -> bool:
    """Return whether what was handed on or urged is still to be done: then who has it is known, whatever else waits."""
    return row.note.kind in (HANDED_ON, URGED) and row.task.state == "open"


def _became(tx: Transaction, rows: Sequence[PassedOn]) -> dict[int, Text]:
    """Return what became of what others were asked for, in words, by note; those are left out of which one asks who has it."""
    urged = {row.note.id: row.task.state for row in rows if row.note.kind == URGED and row.task.state != "open"}
    found = {ident: _DONE if state == "done" else _NEEDLESS for ident, state in urged.items()}
    signed = [row for row in rows if row.note.kind == SIGN_ASKED]
    asks = {(ask.task_id, ask.at): ask for ask in tx.signs.asked_beside({row.task.id for row in signed})}
    own = {row.note.id: asks.get((row.task.id, row.note.at)) for row in signed}
    open_ = {row.note.id for row in signed if row.task.state == "open"}
    awaited = {ask.id for ident, ask in own.items() if ask and ask.state == OPEN and ident in open_}
    names = _awaited(tx, awaited)
    for ident, ask in own.items():
        if ask is None or (ask.state == OPEN and ask.id not in awaited):
            found[ident] = STATES[ENDED]
        elif ask.state == OPEN:
            zh, en = "、".join(names[ask.id]), ", ".join(names[ask.id])
            found[ident] = Text(f"等{zh}签署", f"waits for {en}")
        else:
            found[ident] = STATES[ask.state]
    return found


def _awaited(tx: Transaction, asks: Collection[int]) -> Mapping[int, Sequence[str]]:
    """Return the names of those who have not signed, by request."""
    waits = [one for one in tx.signs.of_asks(asks) if one.state in (OPEN, WAITING)]
    people, found = tx.people.named({one.person_id for one in waits}), defaultdict[int, list[str]](list)
    for one in waits:
        found[one.ask_id].append(people.get(one.person_id, ""))
    return found


def _line(
    known: Published, row: PassedOn, waits: Mapping[int, Sequence[tuple[str, str]]], stands: Text | None
) -> PassedOnLine:
    title, step, _ = task_names(known, row.task)
    if _still_open(row):
        name = "，".join(filter(None, (row.body, row.holder)))
        now_with: tuple[Text, ...] = (Text(name, name),) if name else (_role(known, row.task, row.task.role),)
    else:
        held = dict.fromkeys(waits.get(row.note.case_id, ()))
        now_with = tuple(Text(body, body) if body else _role(known, row.task, role) for role, body in held)
    note, subject = row.note, row.task.subject
    what = NAMES[note.kind]
    asked = note.kind in (URGED, SIGN_ASKED)
    href = f"/tasks/{row.task.id}" if asked else f"/cases/{note.case_id}"
    told = (what, note.at, title, subject, step, note.words, now_with, stands, href)
    return PassedOnLine(note.id, note.case_id, row.task.id, *told)


def _role(known: Published, task: TaskRow, role: str) -> Text:
    package = known.holding(task.jurisdiction, task.process_id)
    found = package.jurisdiction.roles.get(role) if package else None
    return found.text if found else Text(role, role)
