"""Finished rounds of the database as scenarios: what was done, in the order of time, with names masked.

Organisations are called 甲, 乙 …, experts 专1, 专2 …, in what was typed too; any other name of a person or an organisation
that the installation knows, or that a personal field of the round holds, is made up wherever it stands, and so are
personal values and names of files: a draft reads them all, and whoever draws it need not be one who may see the cases.
A secret ballot is repeated as it was counted: so many for, against and abstaining. What no scenario can say (calls of
programs, opinions on paper) is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.casework.desk.desk import Desk
from service.casework.simulate.scenarios.scenario import Move, Scenario
from service.casework.simulate.stage.ballots import other_teller
from service.casework.studio.replay.fictional_values import fictional_file, personal_names, without_identities
from service.casework.studio.replay.masked_honours import honours_before
from service.casework.studio.replay.masked_notices import notice_steps
from service.casework.studio.replay.masked_pool import MaskedPool
from service.casework.studio.replay.masked_votes import ballot_steps, members_on_rolls
from service.casework.studio.replay.name_mask import NameMask, every_name
from service.casework.studio.replay.past_nicks import nick_of, words_apart
from service.casework.studio.replay.past_notes import earlier_rounds
from service.casework.studio.replay.past_order import PastOrder
from service.casework.studio.replay.past_returns import return_steps
from service.catalog import Package
from service.domain.calendar import CHINA
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import START_FORM, CaseRow, FormResultRow, TaskRow

MOST_ROUNDS = 5
MOST_MOVES = 3000
_BALLOT = "ballot"


@dataclass(frozen=True, slots=True)
class Masked:
    """A season to be replayed; ``real`` says that it comes from the register, ``notes`` what of it cannot be repeated."""

    title: str
    scenario: Scenario
    real: bool
    notes: tuple[Text, ...] = ()


def past_seasons(desk: Desk, tx: Transaction, package: Package) -> tuple[Masked, ...]:
    """Return the newest finished rounds of the award as scenarios, oldest first."""
    rounds = finished_rounds(tx, package)
    if not rounds:
        return ()
    known = tuple(every_name(tx))
    found = [FinishedRound(desk, tx, package, case, known) for case in rounds]
    return tuple(round_.masked() for round_ in found)


def finished_rounds(tx: Transaction, package: Package) -> list[CaseRow]:
    """Return the newest finished rounds of the award, oldest first."""
    kinds = [info.key for info in package.award.processes.values() if info.parent is None and info.started_by]
    place = package.jurisdiction.id
    roots = [case for kind in kinds for case in tx.cases.roots(place, package.award.id, kind) if case.ended_at]
    below = {info.parent for info in package.award.processes.values()}
    return [case for case in roots if case.process in below][-MOST_ROUNDS:]


def mask_names(scenario: Scenario) -> dict[str, str]:
    """Return what the organisations of a scenario are called, by name, longest first: texts are masked with it."""
    names = {str((held or {}).get("name", nick)): nick for nick, held in scenario.organisations.items()}
    return dict(sorted(names.items(), key=lambda pair: -len(pair[0])))


@dataclass(slots=True)
class FinishedRound:
    """One finished round being turned into a scenario."""

    desk: Desk
    tx: Transaction
    package: Package
    root: CaseRow
    known: tuple[str, ...]
    nicks: dict[int, str] = field(default_factory=dict)
    organisations: dict[int, str] = field(default_factory=dict)
    subjects: frozenset[int] = frozenset()
    experts: dict[int, str] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    mask: NameMask | None = None
    acts: list[tuple[datetime, int, int, dict[str, Any]]] = field(default_factory=list)
    order: PastOrder = field(default_factory=PastOrder)
    tasks: dict[int, list[TaskRow]] = field(default_factory=dict)

    def masked(self) -> Masked:
        """Return the round as a season, with what of it cannot be repeated."""
        pool = MaskedPool(self.tx, self.root, self.experts, self.organisations, self._renamed)
        scenario = self.scenario(pool)
        notes = (*pool.notes(list(self.nicks)), *earlier_rounds(self.tx, self.root))
        return Masked(scenario.title, scenario, real=True, notes=notes)

    def scenario(self, pool: MaskedPool) -> Scenario:
        """Return the round as a scenario, whose experts are of the ``pool``."""
        cases = list(self._cases(self.root))
        self.order = PastOrder.of(self.tx, cases)
        self.tasks = {case.id: self.tx.tasks.of_case(case.id) for case in cases}
        for case in cases:
            self._name(case)
        self.subjects = frozenset(self.organisations)
        pool.call({person for case in cases for person in self.tx.panels.people_of_case(case.id)})
        self.members = members_on_rolls(self.tx, self.nicks)
        people = {self.tx.people.person(one).name: word for one, word in (self.members | self.experts).items()}
        self.called = {**pool.employers, **people, **words_apart(self.known, self.members.values(), people)}
        for at, place, row in (*pool.rows(self.order), *pool.replacements(self.nicks, self.order)):
            self._add(at, row, place)
        for case in cases:
            self._note(case)
        self.acts.sort(key=lambda act: act[:3])
        listed = Counter(word.partition("#")[0] for word in self.members.values())
        rows = [*self._before(listed), *(_by_member(act[3], listed) for act in self.acts)][:MOST_MOVES]
        rows += [{"until": self.order.last(self.root).astimezone(CHINA)}]
        named = {nick: {"name": f"组织{nick}", **self._kind(body)} for body, nick in self.organisations.items()}
        moves = tuple(_move(number, row) for number, row in enumerate(rows, 1))
        told = (self._renamed(self.root.title), f"round-{self.root.id}", (), self.root.started_at.astimezone(CHINA))
        return Scenario(*told, named, (), {}, moves, (), pool.recorded(cases))

    def _cases(self, case: CaseRow) -> Iterator[CaseRow]:
        yield case
        for child in self.tx.cases.children(case.id):
            yield from self._cases(child)

    def _name(self, case: CaseRow) -> None:
        subject = case.subject_id
        if subject is not None and subject not in self.organisations:
            self.organisations[subject] = nick_of(len(self.organisations))
        base = self.organisations.get(subject, "") if subject is not None else ""
        info = self.package.award.processes.get(case.process)
        kind = info.name if info else case.process
        nick = base if base and base not in self.nicks.values() else f"{base}{kind}"
        while nick in self.nicks.values():
            nick += "续"
        self.nicks[case.id] = nick

    def _note(self, case: CaseRow) -> None:
        forms = self.tx.forms.of_case(case.id, taken_back=True)
        by_task = {row.task_id: row for row in forms if row.task_id is not None}
        began = next((f for f in forms if f.element == START_FORM and f.task_id is None), None)
        self._add(case.started_at, self._started(case, began), self.order.began(case))
        acted = [row for row in forms if row.task_id is None and row.element != START_FORM]
        for row, place in zip(acted, self.order.acted(case.id, acted), strict=True):
            by_receipt = row.person_id is None and case.started_by is None
            who = {} if by_receipt else {"as": self._actor(row)}
            act = {"case": self.nicks[case.id], "public" if by_receipt else "action": row.element}
            self._add(row.at, {**who, **act, "with": self._given(case, row)}, place)
        for task in self.tasks[case.id]:
            if task.state == "done" and task.kind not in (_BALLOT, "confirm_date") and task.done_at is not None:
                self._add(task.done_at, self._done(case, task, by_task.get(task.id)), self.order.done(task))
        for ballot in self.tx.ballots.of_case(case.id):
            teller = other_teller(self.package, ballot.role)
            for at, step in ballot_steps(self.tx, ballot, self.nicks, self.plain, teller):
                self._add(at, {"case": self.nicks[case.id], **step}, self.order.voted(ballot, at))
        for notice in self.tx.notices.of_case(case.id):
            for at, act in notice_steps(notice, self.plain):
                self._add(at, {**act, "case": self.nicks[case.id]}, self.order.noticed(notice, at))
        for at, place, act in return_steps(self.order, case, self.tasks[case.id], self._who, self.plain):
            self._add(at, {**act, "case": self.nicks[case.id]}, place)

    def _add(self, at: datetime, row: dict[str, Any], place: int) -> None:
        """Note an act; those of one instant follow each other by their ``place`` in the histories."""
        if row:
            self.acts.append((at, place, len(self.acts), {"at": at.astimezone(CHINA), **row}))

    def _started(self, case: CaseRow, form: FormResultRow | None) -> dict[str, Any]:
        info = self.package.award.processes.get(case.process)
        parent = self.nicks.get(case.parent_id or 0)
        subject = self.organisations.get(case.subject_id or 0)
        if info is None:
            return {}
        above = {"parent": parent} if parent else {}
        given = {"with": self._given(case, form)} if form else {}
        name = self.nicks[case.id]
        if case.started_by is None and form is not None and info.public:
            return {"lodge": case.process, **above, **self._against(case), "name": name, **given}
        if case.started_by is None:
            return {"find": case.process, **above, **({"for": subject} if subject else {}), "name": name}
        role = next((r for r in info.started_by if r in self.package.jurisdiction.roles), "office")
        who = subject if subject and self.package.jurisdiction.roles[role].subject else role
        return {"as": who, "start": case.process, **above, "name": name, **given}

    def _against(self, case: CaseRow) -> dict[str, str]:
        """Return the notice that an objection without an account was lodged against."""
        receipt = self.tx.receipts.of_case(case.id)
        if receipt is None or receipt.notice_id is None:
            return {}
        notice = self.tx.notices.get(receipt.notice_id)
        return {"notice": f"{self.nicks[notice.case_id]}/{notice.kind}"} if notice.case_id in self.nicks else {}

    def _done(self, case: CaseRow, task: TaskRow, form: FormResultRow | None) -> dict[str, Any]:
        who = self._who(task, task.done_by)
        given = {"with": self._given(case, form)} if form else {}
        seat = {"seat": True} if who in self.experts.values() else {}
        return {"as": who, "case": self.nicks[case.id], "complete": task.element, **seat, **given}

    def _who(self, task: TaskRow, person: int | None) -> str:
        """Return the word for the ``person`` who did something with a task."""
        by_name = task.assignee_id is not None or person in self.members
        return self._person(person if by_name else None, task.body_id, task.role)

    def _actor(self, row: FormResultRow) -> str:
        """Return the word for who acted outside tasks: the same by which they do tasks, since they may see what they did."""
        action = self.package.award.actions.get(row.element)
        done = (task for rows in self.tasks.values() for task in rows if task.done_by == row.person_id)
        known = [self._who(task, row.person_id) for task in done if action and task.role in action.roles]
        return known[0] if known else self._person(row.person_id, row.body_id, "")

    def _person(self, person: int | None, body: int | None, role: str) -> str:
        """Return the word for who acted: an organisation, a named expert or member, a role, a role at a body."""
        if body is not None and (body in self.organisations or self.tx.people.body(body).jurisdiction == "*"):
            return self.organisations.setdefault(body, nick_of(len(self.organisations)))
        if person is not None:
            if person in self.experts or self.tx.experts.of_person(self.package.jurisdiction.id, person):
                return self.experts.setdefault(person, f"专{len(self.experts) + 1}")
            if role:
                number = sum(word.startswith(f"{role}#") for word in self.members.values()) + 1
                return self.members.setdefault(person, f"{role}#{number}")
        if body is None:
            return role or "office"
        return f"{role or 'office'}@{self.tx.people.body(body).key}" if role else self.tx.people.body(body).key

    def _before(self, listed: Mapping[str, int]) -> Iterator[dict[str, Any]]:
        """Yield what was on record before the round: members, earlier awards and sanctions."""
        yield from ({"members": {"role": role, "count": count}} for role, count in listed.items())
        start = self.root.started_at.date()
        yield from honours_before(self.tx, start, self.organisations, self._renamed)

    def _kind(self, body: int) -> dict[str, str]:
        """Return what forms route by: the kind, and the code of one that acts for others, by which they name it."""
        row = self.tx.people.body(body)
        said = {} if body in self.subjects else {"uscc": row.key}
        return said if row.kind == "organisation" else {"kind": row.kind, **said}

    def _given(self, case: CaseRow, row: FormResultRow) -> Any:
        """Return what was typed into a form, without what says who somebody is."""
        package = self.desk.packages.get(case.definition, self.tx)
        form = self.desk.packages.form(package, row.form)
        return self.plain(without_identities(row.data, form, self._names.called))

    def plain(self, value: Any) -> Any:
        """Return form values as a scenario writes them: files by name, experts by their words, organisations masked."""
        if isinstance(value, Mapping):
            return {
                key: self._experts(held) if key in ("experts", "leader") else self.plain(held)
                for key, held in value.items()
            }
        if isinstance(value, list):
            if value and all(isinstance(item, Mapping) and {"id", "name", "size"} <= item.keys() for item in value):
                return [f"file:{fictional_file(item['name'], number)}" for number, item in enumerate(value, 1)]
            return [self.plain(item) for item in value]
        if isinstance(value, str):
            return self.called.get(value) or self._renamed(value)
        return value

    def _renamed(self, text: str) -> str:
        """Return a text with the organisations of the round called as the season calls them, and no other name in it."""
        return self._names(text)

    @property
    def _names(self) -> NameMask:
        if self.mask is None:
            called = {self.tx.people.body(body).name: f"组织{nick}" for body, nick in self.organisations.items()}
            people = {name: word for name, word in self.called.items() if not name.isascii()}
            self.mask = NameMask({**people, **called}, (*self.known, *self._typed_names()))
        return self.mask

    def _typed_names(self) -> Iterator[str]:
        """Yield the names typed into personal fields of the round."""
        for ident in self.nicks:
            package = self.desk.packages.get(self.tx.cases.get(ident).definition, self.tx)
            for row in self.tx.forms.of_case(ident, taken_back=True):
                yield from personal_names(row.data, self.desk.packages.form(package, row.form))

    def _experts(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._experts(item) for item in value]
        if isinstance(value, str) and value.isdecimal():
            return self.experts.setdefault(int(value), f"专{len(self.experts) + 1}")
        return self.plain(value)


def _by_member(row: dict[str, Any], listed: Mapping[str, int]) -> dict[str, Any]:
    """Return a step by a role with members as one of the first member: the bare role would be one more on the roll."""
    role = str(row.get("as", "")).partition("@")[0]
    return {**row, "as": f"{role}#1"} if role in listed else row


def _move(number: int, row: Mapping[str, Any]) -> Move:
    verb = next(key for key in row if key not in ("at", "as", "case", "with", "name", "parent", "for"))
    return Move(number, verb, row[verb], row.get("at"), row.get("as"), row.get("case"), row)
