"""Conflicts of interest between people and applicants: from records, declarations and decided recusals."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.casework.subjects.case_subjects import INDIVIDUAL
from service.casework.subjects.employers import Applicant, applicants_of
from service.domain.review import PoolExpert
from service.domain.text import Text
from service.domain.values.typed_text import plain_name
from service.sdk.review import DrawOrder
from service.store import Transaction
from service.store.models import ExpertRow, InterestRow

KINDS: Mapping[str, Text] = {
    "employment": Text("任职关系", "employment"),
    "shareholding": Text("持有股份", "shareholding"),
    "kinship": Text("亲属关系", "kinship"),
    "paid_work": Text("有偿服务", "paid work"),
    "consulting": Text("提供咨询", "consulting"),
    "other": Text("其他利害关系", "another interest"),
}
"""Kinds of interest a person can have in an organisation."""

NAMESAKE = Text("与申报的个人同名", "bears the name of the individual who applies")
"""The tie of whoever may be the individual that applies, until the office ends the recusal of a mere namesake."""


def years_before(day: date, years: int) -> date:
    """Return the same day ``years`` earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def months_before(day: date, months: int) -> date:
    """Return the same day ``months`` earlier; where that month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


COUNTED, YEARS, CONSULTING = "interest_definition", "interest_lookback_years", "consulting_lookback_months"
"""Parameters by which a city says which kinds of interest count, and for how long."""


@dataclass(frozen=True, slots=True)
class Lookback:
    """Which kinds of interest count, and since when; ``own`` are kinds with a day of their own."""

    kinds: Collection[str]
    since: date
    own: Mapping[str, date]

    @classmethod
    def of(cls, order: DrawOrder, today: date) -> Lookback:
        """Return the look-back period of a panel's rules on a day."""
        day = date.fromisoformat(order.lookback_from) if order.lookback_from else today
        since_by_kind = {kind: months_before(day, months) for kind, months in order.lookback_months.items()}
        return cls(order.interests, years_before(day, order.lookback_years), since_by_kind)

    @classmethod
    def by_parameters(cls, parameters: Mapping[str, Any], today: date) -> Lookback:
        """Return the look-back period of a city on a day, for people whom nobody draws."""
        months = parameters.get(CONSULTING)
        own = {} if months is None else {"consulting": months_before(today, int(months))}
        return cls(parameters.get(COUNTED) or (), years_before(today, int(parameters.get(YEARS) or 0)), own)

    def counts(self, row: InterestRow) -> bool:
        """Return whether an interest is of a kind that counts and reaches into the look-back period."""
        is_relevant = row.kind in self.kinds or row.kind in self.own or row.kind == "other"
        return is_relevant and (row.last_day is None or row.last_day >= self.own.get(row.kind, self.since))


@dataclass(frozen=True, slots=True)
class PersonTie:
    """How a person is tied to an applicant; ``noted_at`` is empty where a register says so."""

    person: int
    body: int
    words: Text
    noted_at: datetime | None = None


def list_person_ties(
    tx: Transaction,
    applicants: Sequence[Applicant],
    people: Collection[int],
    experts: Collection[ExpertRow],
    lookback: Lookback,
    now: datetime,
) -> Iterator[PersonTie]:
    """Yield the ties on record between ``people`` and the applicants; ``experts`` are their entries in the register."""
    if "employment" in lookback.kinds:
        for row in experts:
            for applicant in applicants:
                if tie := applicant.tie_of(row):
                    yield PersonTie(row.person_id, applicant.body.id, tie)
        for applicant in applicants:
            for body in (applicant.body, *applicant.before):
                for person in tx.people.people_of(body.id, now):
                    if person.id in people:
                        yield PersonTie(person.id, applicant.body.id, Text("为申报组织人员", "acts for an applicant"))
    individuals = [applicant.body for applicant in applicants if applicant.body.kind == INDIVIDUAL]
    if individuals:
        names = {person.id: plain_name(person.name) for person in tx.people.by_id(people).values()}
        for body in individuals:
            for person_id, name in names.items():
                if name == plain_name(body.name):
                    yield PersonTie(person_id, body.id, NAMESAKE)
    for interest in tx.interests.select(body_id=[applicant.body.id for applicant in applicants]):
        if interest.person_id in people and lookback.counts(interest):
            yield PersonTie(interest.person_id, interest.body_id, interest_words(interest), interest.noted_at)


def conflicts_in_pool(
    tx: Transaction, experts: Collection[ExpertRow], cases: Collection[int], lookback: Lookback, now: datetime
) -> dict[int, Text]:
    """Return expert id → why they cannot review the applicants of these cases, from the records alone."""
    applicants = applicants_of(tx, cases)
    bodies = [applicant.body.id for applicant in applicants]
    by_person = {row.person_id: row for row in experts}
    reasons_by_expert: dict[int, Text] = {}
    for tie in list_person_ties(tx, applicants, by_person, experts, lookback, now):
        reasons_by_expert.setdefault(by_person[tie.person].id, tie.words)
    for recusal in tx.recusals.list_about(bodies, by_person):
        if recusal.person_id not in by_person or recusal.body_id not in bodies:
            continue
        expert_id = by_person[recusal.person_id].id
        if recusal.lifted_at is None:
            reasons_by_expert[expert_id] = Text(f"已决定回避：{recusal.reason}", f"recused: {recusal.reason}")
        elif reasons_by_expert.get(expert_id) is NAMESAKE:
            del reasons_by_expert[expert_id]
    return reasons_by_expert


def same_employer(candidates: Collection[PoolExpert], members: Collection[PoolExpert]) -> dict[int, Text]:
    """Return who is excluded because the panel holds a member of their employer already."""
    full = {m.body for m in members if m.body}
    return {c.id: Text("同一单位已有专家在组", "the employer is on the panel") for c in candidates if c.body in full}


def interest_words(row: InterestRow) -> Text:
    """Return an interest in words."""
    return kind_words(row.kind, row.text)


def kind_words(name: str, text: str) -> Text:
    """Return a kind of interest by its name, and what was said of it, in words."""
    kind = KINDS.get(name, KINDS["other"])
    more = f"（{text}）" if text else ""
    return Text(f"{kind.zh}{more}", f"{kind.en}{f' ({text})' if text else ''}")


def list_declared_applicants(entry: Mapping[str, Any], bodies: Sequence[int]) -> list[int]:
    """Return the applicants a declaration is about; one that names none concerns all the panel reviews."""
    named = str(entry.get("applicant") or "")
    named_bodies = [body for body in bodies if str(body) == named]
    return named_bodies or list(bodies)
