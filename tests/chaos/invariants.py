"""What must hold over the whole database when the last case has ended, however often processes died."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from service.casework.assemble import desk_over
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.store import DataKeys, Store
from service.store.connections.database import create_database_engine
from service.store.models import CaseRow
from service.store.models.cases import case, inbox, subscription, task, visit
from service.store.models.log import incident
from service.store.models.register import document, notice
from service.store.models.submissions import draft, form_result
from service.store.models.work import mail, work_item
from tests.chaos.town import APPLICATIONS, OPERATIONS, outcome
from tests.support.soundness import faults_of

_CALENDARS = load_calendars(bundled_calendars())
_FORMS = {
    "closed": {"apply": 1},
    "withdrawn": {"apply": 1, "withdraw": 1},
    "accepted": {"apply": 1, "application": 1, "review": 1},
    "refused": {"apply": 1, "application": 1, "review": 1},
}
_TASKS = {
    "closed": {},
    "withdrawn": {"fill:cancelled": 1},
    "accepted": {"fill:done": 1, "review:done": 1},
    "refused": {"fill:done": 1, "review:done": 1},
}
_WORK = {"closed": (0, 0, 0, 0), "withdrawn": (0, 0, 0, 0), "accepted": (1, 0, 1, 1), "refused": (0, 1, 1, 0)}
"""Timers, documents, mails and messages that a case causes or receives."""


def broken(store: Store, url: str, receiver: Path, deaths: int, keys: DataKeys | None = None) -> list[str]:
    """Return a sentence for each broken invariant; ``keys`` are those that the store's processes encrypt with."""
    engine = create_database_engine(url, keys=keys)
    with engine.connect() as connection:
        cases = [CaseRow(**row) for row in connection.execute(sa.select(case).order_by(case.c.id)).mappings()]
        world = _World(store, connection, cases)
        found = [line for check in world.checks for line in check()]
        sent = connection.execute(sa.select(mail.c.effect_key).where(mail.c.address.is_not(None))).scalars()
        mails = {f"{key}:mail" for key in sent}
    engine.dispose()
    return [*found, *_deliveries(receiver, mails, deaths), *proven(store)]


def proven(store: Store) -> list[str]:
    """Return what the product's own deep look finds: cases, chains, effects, files and sums."""
    return faults_of(desk_over(store, _CALENDARS, OPERATIONS))


class _World:
    def __init__(self, store: Store, connection: sa.Connection, cases: list[CaseRow]) -> None:
        self._store, self._connection, self._cases = store, connection, cases
        done = sa.select(task.c.case_id).where(task.c.state == "done")
        self._done_tasks = Counter(connection.execute(done).scalars())
        self.checks = [
            self.ends,
            self.rounds,
            self.history,
            self.forms,
            self.tasks,
            self.visits,
            self.notices,
            self.documents,
        ]
        self.checks += [self.work, self.incidents, self.leftovers]

    def ends(self) -> Iterator[str]:
        for row in self._cases:
            if (row.status, row.outcome) != ("ended", _end(row)):
                yield f"case {row.id} is {row.status}/{row.outcome} and should have ended {_end(row)}"

    def rounds(self) -> Iterator[str]:
        children = Counter(row.parent_id for row in self._cases if row.parent_id is not None)
        for row in self._cases:
            if row.process == "round" and children[row.id] != APPLICATIONS:
                yield f"round {row.id} took {children[row.id]} applications"

    def history(self) -> Iterator[str]:
        with self._store.read() as tx:
            for row in self._cases:
                actions = Counter(event.action for event in tx.history.newest(row.id))
                done = self._done_tasks[row.id]
                if actions["completed"] != done:
                    yield f"case {row.id}: {done} tasks done but {actions['completed']} completions in its history"
                for action in ("started", "ended"):
                    if actions[action] != 1:
                        yield f"case {row.id}: history says {action} {actions[action]} times"

    def forms(self) -> Iterator[str]:
        counts = self._per_case(form_result, form_result.c.form)
        for row in self._cases:
            if counts[row.id] != _FORMS[_end(row)]:
                yield f"case {row.id}: forms {dict(counts[row.id])}"

    def tasks(self) -> Iterator[str]:
        counts = self._per_case(task, task.c.element + ":" + task.c.state)
        for row in self._cases:
            if counts[row.id] != _TASKS[_end(row)]:
                yield f"case {row.id}: tasks {dict(counts[row.id])}"

    def visits(self) -> Iterator[str]:
        for case_id, elements in self._per_case(visit, visit.c.element).items():
            if twice := [element for element, count in elements.items() if count != 1]:
                yield f"case {case_id}: passed twice {twice}"

    def notices(self) -> Iterator[str]:
        counts = self._per_case(notice, notice.c.state)
        for row in self._cases:
            expected = {"closed": 1} if _end(row) == "accepted" else {}
            if counts[row.id] != expected:
                yield f"case {row.id}: notices {dict(counts[row.id])}"

    def documents(self) -> Iterator[str]:
        rows = self._connection.execute(sa.select(document).order_by(document.c.id)).all()
        owners = Counter(row.case_id for row in rows)
        for case_row in self._cases:
            if owners[case_row.id] != (_end(case_row) == "refused"):
                yield f"case {case_row.id}: {owners[case_row.id]} documents"
        of_year: dict[str, list[int]] = {}
        for row in rows:
            year, _, number = row.number.partition("〕")
            of_year.setdefault(year, []).append(int(number.rstrip("号")))
        for year, numbers in of_year.items():
            if sorted(numbers) != list(range(1, len(numbers) + 1)):
                yield f"document numbers of {year}〕 have gaps or repetitions: {sorted(numbers)}"
        yield from (f"document {row.id} has no file" for row in rows if row.sha256 is None)

    def work(self) -> Iterator[str]:
        rows = self._connection.execute(sa.select(work_item)).all()
        for row in rows:
            if row.state not in ("done", "cancelled"):
                yield f"{row.effect_key} is {row.state} at attempt {row.attempts}"
            elif row.state == "done" and row.done_at < row.due_at:
                yield f"{row.effect_key} was done before it was due"
        # Reminders come when people are slow, which here is chance: they only have to be done.
        counted = [row for row in rows if not row.effect_key.startswith(("escalate:", "digest:", "reminder:"))]
        kinds = Counter((row.case_id, row.kind) for row in counted)
        for case_row in self._cases:
            got = tuple(kinds[case_row.id, kind] for kind in ("timer", "document", "mail", "message"))
            if got != _WORK[_end(case_row)]:
                yield f"case {case_row.id} ({_end(case_row)}): {got} timers, documents, mails and messages"

    def incidents(self) -> Iterator[str]:
        for row in self._connection.execute(sa.select(incident)):
            yield f"incident {row.kind} on case {row.case_id}: {row.detail[-300:]}"

    def leftovers(self) -> Iterator[str]:
        kept = inbox.c.caught_at.is_(None)
        for table, which in ((subscription, sa.true()), (draft, sa.true()), (inbox, kept)):
            count = self._connection.execute(sa.select(sa.func.count()).select_from(table).where(which)).scalar()
            if count:
                yield f"{count} rows left in {table.name}"

    def _per_case(self, table: sa.Table, what: sa.ColumnElement[str]) -> dict[int, Counter[str]]:
        counts: dict[int, Counter[str]] = {row.id: Counter() for row in self._cases}
        for case_id, word in self._connection.execute(sa.select(table.c.case_id, what)):
            counts[case_id][word] += 1
        return counts


def _deliveries(receiver: Path, mails: set[str], deaths: int) -> Iterator[str]:
    """Mail leaves at least once; a repetition needs a death between sending and marking."""
    with closing(sqlite3.connect(receiver)) as world:
        got = Counter(key for (key,) in world.execute("SELECT effect_key FROM delivery"))
    if lost := mails - set(got):
        yield f"{len(lost)} mails never delivered: {sorted(lost)[:5]}"
    if invented := set(got) - mails:
        yield f"{len(invented)} mails delivered that nobody queued: {sorted(invented)[:5]}"
    repeats = sum(got.values()) - len(got)
    if repeats > deaths * 2:
        yield f"{repeats} repeated deliveries for {deaths} deaths"


def _end(row: CaseRow) -> str:
    return outcome(row.process, row.id)
