"""Finished rounds of the database as scenarios: what was done, in the order of time, with names masked.

Organisations are called 甲, 乙 …, experts 专1, 专2 …, in what was typed too; any other name of a person or an organisation
that the installation knows, or that a personal field of the round holds, is made up wherever it stands, and so are
personal values and names of files: a draft reads them all, and whoever draws it need not be one who may see the cases.
A secret ballot is repeated as it was counted: so many for, against and abstaining. What no scenario can say (calls of
programs, opinions on paper) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.casework.desk.desk import Desk
from service.casework.simulate.scenario import Move, Scenario
from service.casework.studio.fictional_values import fictional_file, personal_names, without_identities
from service.casework.studio.name_mask import NameMask, every_name
from service.catalog import Package
from service.domain.calendar import CHINA
from service.store import Transaction
from service.store.rows import BallotRow, CaseRow, FormResultRow, TaskRow

MOST_ROUNDS = 5
MOST_MOVES = 3000
_NICKS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_BALLOT = "ballot"


@dataclass(frozen=True, slots=True)
class Masked:
    """A season to be replayed; ``real`` says that it comes from the register."""

    title: str
    scenario: Scenario
    real: bool


def past_seasons(desk: Desk, tx: Transaction, package: Package) -> tuple[Masked, ...]:
    """Return the newest finished rounds of the award as scenarios, oldest first."""
    rounds = finished_rounds(tx, package)
    if not rounds:
        return ()
    known = tuple(every_name(tx))
    found = [_FinishedRound(desk, tx, package, case, known) for case in rounds]
    return tuple(Masked(one.title, one, real=True) for one in (round_.scenario() for round_ in found))


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
class _FinishedRound:
    """One finished round being turned into a scenario."""

    desk: Desk
    tx: Transaction
    package: Package
    root: CaseRow
    known: tuple[str, ...]
    nicks: dict[int, str] = field(default_factory=dict)
    organisations: dict[int, str] = field(default_factory=dict)
    experts: dict[int, str] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)
    mask: NameMask | None = None
    acts: list[tuple[datetime, int, dict[str, Any]]] = field(default_factory=list)

    def scenario(self) -> Scenario:
        """Return the round as a scenario."""
        cases = list(self._cases(self.root))
        for case in cases:
            self._name(case)
        for case in cases:
            self._note(case)
        self.acts.sort(key=lambda act: act[:2])
        rows = [*self._before(), *(row for _, _, row in self.acts)][:MOST_MOVES]
        start = self.root.started_at.astimezone(CHINA)
        named = {nick: {"name": f"组织{nick}", **self._kind(body)} for body, nick in self.organisations.items()}
        moves = tuple(_move(number, row) for number, row in enumerate(rows, 1))
        return Scenario(self._renamed(self.root.title), f"round-{self.root.id}", (), start, named, (), {}, moves, ())

    def _cases(self, case: CaseRow) -> Iterator[CaseRow]:
        yield case
        for child in self.tx.cases.children(case.id):
            yield from self._cases(child)

    def _name(self, case: CaseRow) -> None:
        subject = case.subject_id
        if subject is not None and subject not in self.organisations:
            number = len(self.organisations)
            self.organisations[subject] = _NICKS[number] if number < len(_NICKS) else f"组{number + 1}"
        base = self.organisations.get(subject, "") if subject is not None else ""
        kind = (
            self.package.award.processes[case.process].name
            if case.process in self.package.award.processes
            else case.process
        )
        nick = base if base and base not in self.nicks.values() else f"{base}{kind}"
        while nick in self.nicks.values():
            nick += "续"
        self.nicks[case.id] = nick

    def _note(self, case: CaseRow) -> None:
        forms = self.tx.forms.of_case(case.id)
        by_task = {row.task_id: row for row in forms if row.task_id is not None}
        self._add(
            case.started_at,
            self._started(case, next((f for f in forms if f.element == "start" and f.task_id is None), None)),
        )
        for row in forms:
            if row.task_id is None and row.element != "start":
                self._add(
                    row.at,
                    {
                        "as": self._person(row.person_id, row.body_id, ""),
                        "case": self.nicks[case.id],
                        "action": row.element,
                        "with": self._given(case, row),
                    },
                )
        for task in self.tx.tasks.of_case(case.id):
            if task.state == "done" and task.kind not in (_BALLOT, "confirm_date") and task.done_at is not None:
                self._add(task.done_at, self._done(case, task, by_task.get(task.id)))
        for ballot in self.tx.ballots.of_case(case.id):
            self._add(ballot.opened_at, self._voted(case, ballot))

    def _add(self, at: datetime, row: dict[str, Any]) -> None:
        if row:
            self.acts.append((at, len(self.acts), {"at": at.astimezone(CHINA), **row}))

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
            return {"lodge": case.process, **above, "name": name, **given}
        if case.started_by is None:
            return {"find": case.process, **above, **({"for": subject} if subject else {}), "name": name}
        role = next((r for r in info.started_by if r in self.package.jurisdiction.roles), "office")
        who = subject if subject and self.package.jurisdiction.roles[role].subject else role
        return {"as": who, "start": case.process, **above, "name": name, **given}

    def _done(self, case: CaseRow, task: TaskRow, form: FormResultRow | None) -> dict[str, Any]:
        who = self._person(task.done_by if task.assignee_id is not None else None, task.body_id, task.role)
        given = {"with": self._given(case, form)} if form else {}
        return {"as": who, "case": self.nicks[case.id], "complete": task.element, **given}

    def _voted(self, case: CaseRow, ballot: BallotRow) -> dict[str, Any]:
        result = self.tx.ballots.result(ballot.id)
        if result is None:
            return {}
        size = len(self.tx.ballots.roll(ballot.id))
        lines = result.outcome.get("lines", ())
        tiers = {line["tier"] for line in lines}
        said = {}
        for line in lines:
            ident = str(line["candidate"])
            nick = self.nicks.get(int(ident), ident) if ident.isdecimal() else ident
            letters = "y" * int(line["yes"]) + "n" * int(line["no"]) + "-" * int(line["abstain"])
            said[f"{nick}/{line['tier']}" if len(tiers) > 1 else nick] = letters[:size].ljust(size, ".")
        return {"case": self.nicks[case.id], "vote": said} if said else {}

    def _person(self, person: int | None, body: int | None, role: str) -> str:
        """Return the word for who acted: an organisation, a named expert or member, a role, a role at a body."""
        if body in self.organisations:
            return self.organisations[body]
        if person is not None:
            if person in self.experts or self.tx.experts.of_person(self.package.jurisdiction.id, person):
                return self.experts.setdefault(person, f"专{len(self.experts) + 1}")
            if role:
                number = sum(word.startswith(f"{role}#") for word in self.members.values()) + 1
                return self.members.setdefault(person, f"{role}#{number}")
        if body is None:
            return role or "office"
        return f"{role or 'office'}@{self.tx.people.body(body).key}" if role else self.tx.people.body(body).key

    def _before(self) -> Iterator[dict[str, Any]]:
        """Yield what was on record before the round: members, experts, earlier awards and sanctions."""
        counts: dict[str, int] = {}
        for word in self.members.values():
            role = word.partition("#")[0]
            counts[role] = counts.get(role, 0) + 1
        for role, size in self._rolls().items():
            counts[role] = max(counts.get(role, 0), size)
        yield from ({"members": {"role": role, "count": count}} for role, count in counts.items())
        yield from ({"expert": {"name": name}} for name in self.experts.values())
        start = self.root.started_at.date()
        for body, nick in self.organisations.items():
            for award in self.tx.register.awards(body):
                if award.decided_on < start:
                    yield {
                        "award": {
                            "for": nick,
                            "tier": award.tier,
                            "decided_on": award.decided_on,
                            "award": award.award,
                            "jurisdiction": award.jurisdiction,
                        }
                    }
            for sanction in self.tx.register.sanctions(body):
                if sanction.decided_on < start:
                    yield {
                        "sanction": {
                            "for": nick,
                            "ground": self._renamed(sanction.ground),
                            "effect": sanction.effect,
                            "from_day": sanction.from_day,
                            "last_day": sanction.last_day,
                        }
                    }

    def _rolls(self) -> dict[str, int]:
        """Return how many persons were on the rolls of the round's ballots, by role."""
        found: dict[str, int] = {}
        for ident in self.nicks:
            for ballot in self.tx.ballots.of_case(ident):
                if not ballot.units:
                    found[ballot.role] = max(found.get(ballot.role, 0), len(self.tx.ballots.roll(ballot.id)))
        return found

    def _kind(self, body: int) -> dict[str, str]:
        row = self.tx.people.body(body)
        return {"kind": row.kind} if row.kind != "organisation" else {}

    def _given(self, case: CaseRow, row: FormResultRow) -> Any:
        """Return what was typed into a form, without what says who somebody is."""
        package = self.desk.packages.get(case.definition, self.tx)
        form = self.desk.packages.form(package, row.form)
        return self._plain(without_identities(row.data, form, self._names.called))

    def _plain(self, value: Any) -> Any:
        """Return form values as a scenario writes them: files by name, experts by their words, organisations masked."""
        if isinstance(value, Mapping):
            return {
                key: self._experts(held) if key in ("experts", "leader") else self._plain(held)
                for key, held in value.items()
            }
        if isinstance(value, list):
            if value and all(isinstance(item, Mapping) and {"id", "name", "size"} <= item.keys() for item in value):
                return [f"file:{fictional_file(item['name'], number)}" for number, item in enumerate(value, 1)]
            return [self._plain(item) for item in value]
        return self._renamed(value) if isinstance(value, str) else value

    def _renamed(self, text: str) -> str:
        """Return a text with the organisations of the round called as the season calls them, and no other name in it."""
        return self._names(text)

    @property
    def _names(self) -> NameMask:
        if self.mask is None:
            called = {self.tx.people.body(body).name: f"组织{nick}" for body, nick in self.organisations.items()}
            self.mask = NameMask(called, (*self.known, *self._typed_names()))
        return self.mask

    def _typed_names(self) -> Iterator[str]:
        """Yield the names typed into personal fields of the round."""
        for ident in self.nicks:
            package = self.desk.packages.get(self.tx.cases.get(ident).definition, self.tx)
            for row in self.tx.forms.of_case(ident):
                yield from personal_names(row.data, self.desk.packages.form(package, row.form))

    def _experts(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._experts(item) for item in value]
        if isinstance(value, str) and value.isdecimal():
            return self.experts.setdefault(int(value), f"专{len(self.experts) + 1}")
        return value


def _move(number: int, row: Mapping[str, Any]) -> Move:
    verb = next(key for key in row if key not in ("at", "as", "case", "with", "name", "parent", "for"))
    who, case = row.get("as"), row.get("case")
    return Move(number, verb, row[verb], row.get("at"), who, case, row)
