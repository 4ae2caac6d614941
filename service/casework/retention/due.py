"""What is due to be erased: finished rounds by case and class of data, and why some of it must wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Invalid, NotAllowed
from service.domain.retention import MOST_YEARS, NOT_AWARDED, OBJECTION, OTHER, WINNER, RetentionRule, default_rules
from service.domain.text import Text
from service.store import Transaction
from service.store.models import AwardRow, CaseRow, RetentionRuleRow

MOST_REASON = 300


def rules_of(tx: Transaction, place: str, on: date) -> dict[str, RetentionRule]:
    """Return the rules of a place on a day, by name."""
    rules = default_rules()
    for row in sorted(tx.retention_rules.select(jurisdiction=place), key=lambda row: (row.from_day, row.id)):
        if row.name in rules and row.from_day <= on:
            rules[row.name] = replace(rules[row.name], years=row.years)
    return rules


def coming_rules(tx: Transaction, place: str, on: date) -> list[RetentionRuleRow]:
    """Return the rules of a place that hold from a day after ``on``, in that order."""
    later = [
        row
        for row in tx.retention_rules.select(jurisdiction=place)
        if row.from_day > on and row.name in default_rules()
    ]
    return sorted(later, key=lambda row: (row.from_day, row.id))


def require_reason(reason: str) -> str:
    """Return a reason without blanks around it; raises Invalid where there is none, or too long a one."""
    reason = reason.strip()
    if 1 <= len(reason) <= MOST_REASON:
        return reason
    raise Invalid(
        Text(
            f"请写明理由，不超过{MOST_REASON}字；不要写个人信息。",
            f"Give a reason in {MOST_REASON} characters, without personal data.",
        )
    )


@guarded("retention.change")
def change_rules(
    desk: Desk, actor: Actor, place: str, years: Mapping[str, int | None], from_day: date, reason: str
) -> int:
    """Let other times hold in a place from a day on, by name of the rule (None: for good); returns how many changed.

    Raises:
        NotAllowed: the actor does not administer the place.
        Invalid: a name or a number that cannot be, a day gone by, no reason, or nothing that is otherwise.
    """
    if not actor.secures(place):
        raise NotAllowed(
            Text(
                "保存期限由本辖区的安全管理员设置。",
                "The times of keeping are chosen by a security administrator of the place.",
            )
        )
    reason, now = require_reason(reason), desk.clock.now()
    if from_day < local_date(now):
        raise Invalid(Text("施行日期不能早于今天：已经到期的按原期限办理。", "The first day cannot lie before today."))
    with desk.store.write() as tx:
        rules = rules_of(tx, place, from_day)
        changed = {name: count for name, count in years.items() if _get_rule(rules, name, count).years != count}
        if not changed:
            raise Invalid(Text("没有改动任何期限。", "No time was changed."))
        for name, count in changed.items():
            row = RetentionRuleRow(
                jurisdiction=place, name=name, years=count, from_day=from_day, reason=reason,
                person_id=actor.person_id, at=now,
            )  # fmt: skip
            tx.retention_rules.insert(row)
    return len(changed)


def _get_rule(rules: Mapping[str, RetentionRule], name: str, years: int | None) -> RetentionRule:
    rule = rules.get(name)
    if rule is None:
        raise Invalid(Text(f"没有“{name[:60]}”这一项期限。", f"There is no rule {name[:60]!r}."))
    if years is not None and not 1 <= years <= MOST_YEARS:
        raise Invalid(
            Text(
                f"“{rule.text.zh}”的期限应为 1 至 {MOST_YEARS} 年；长期保存的请留空。",
                f"{rule.text.en}: from 1 to {MOST_YEARS} years; leave it empty to keep it for good.",
            )
        )
    return rule


_VALIDITY = "award_validity_years"
"""The parameter by which cities say how long a title is valid."""

_ANY = "any"


@dataclass(frozen=True, slots=True)
class DueCase:
    """A case with the classes of data that are due, each since when; ``refusals`` say why it has to wait."""

    case: CaseRow
    kind: str
    due: Mapping[str, date]
    refusals: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class DueRound:
    """A finished round with what is due in it."""

    root: CaseRow
    cases: tuple[DueCase, ...]


@dataclass(slots=True)
class _Around:
    """What the cases of a place are judged by: who is still before somebody, and who was awarded."""

    today: date
    rules: Mapping[str, RetentionRule]
    open: Sequence[CaseRow]
    awards: Mapping[int, Sequence[AwardRow]] = field(default_factory=dict)
    asked: Mapping[int, Collection[str]] = field(default_factory=dict)
    gathering: bool = False
    beside: int = 0
    on_record: bool = False
    """Whether what is found is kept: it names other cases by number then, as a title may be a person's name."""

    def called(self, case: CaseRow) -> Text:
        """Return how a refusal names another case."""
        if self.on_record:
            return Text(f"办件{case.id}", f"case {case.id}")
        return Text(f"“{case.title}”", f"“{case.title}”")


def due_rounds(desk: Desk, tx: Transaction, places: Collection[str], by: date) -> list[DueRound]:
    """Return the rounds of these places in which something is due by a day, oldest first."""
    today, rounds = local_date(desk.clock.now()), []
    for place in sorted(places):
        around = _Around(by, rules_of(tx, place, today), tx.cases.select(jurisdiction=place, status__ne="ended"))
        soonest = min((rule.years for rule in around.rules.values() if rule.years is not None), default=None)
        for package, root in _iterate_rounds(desk, tx, place) if soonest is not None else ():
            if root.ended_at is not None and local_date(root.ended_at).year + (soonest or 0) <= by.year:
                cases = _due_in(tx, package, root, around, today)
                rounds += [DueRound(root, cases)] if cases else []
    return rounds


def due_case(desk: Desk, tx: Transaction, case: CaseRow, by: date, *, beside: int = 0) -> DueCase | None:
    """Return what is due in one case by a day; None where nothing is.

    With ``beside``, that erasure is left out of account, and what is found may be kept on its record.
    """
    return due_cases(desk, tx, [case], by, beside=beside).get(case.id)


def due_cases(
    desk: Desk, tx: Transaction, cases: Sequence[CaseRow], by: date, *, beside: int = 0
) -> dict[int, DueCase]:
    """Return what is due in these cases by a day, by case, as `due_case`; what is around a round is read once."""
    today = local_date(desk.clock.now())
    wanted = defaultdict[tuple[int, str, str], set[int]](set)
    roots = dict[int, CaseRow]()
    for case in cases:
        root = _get_round(tx, case, roots)
        wanted[root.id, case.jurisdiction, case.definition].add(case.id)
    due_by_case: dict[int, DueCase] = {}
    places = dict[str, _Around]()
    for (root_id, place, version), chosen in wanted.items():
        if place not in places:
            places[place] = _Around(
                by, rules_of(tx, place, today), tx.cases.select(jurisdiction=place, status__ne="ended")
            )
        around = replace(places[place], beside=beside, on_record=beside > 0)
        due = _due_in(tx, desk.packages.get(version, tx), roots[root_id], around, today)
        due_by_case |= {due_entry.case.id: due_entry for due_entry in due if due_entry.case.id in chosen}
    return due_by_case


def _get_round(tx: Transaction, case: CaseRow, cases_above: dict[int, CaseRow]) -> CaseRow:
    """Return the round of a case; ``cases_above`` holds the cases above those looked at before."""
    while case.parent_id is not None:
        if case.parent_id not in cases_above:
            cases_above[case.parent_id] = tx.cases.get(case.parent_id)
        case = cases_above[case.parent_id]
    return cases_above.setdefault(case.id, case)


def _iterate_rounds(desk: Desk, tx: Transaction, place: str) -> Iterator[tuple[Package, CaseRow]]:
    for package in desk.packages.all_current(tx):
        if package.jurisdiction.id == place:
            for kind, info in package.award.processes.items():
                for root in (
                    tx.cases.select(parent_id=None, jurisdiction=place, award=package.award.id, process=kind)
                    if info.parent is None
                    else ()
                ):
                    if root.status == "ended":
                        yield package, root


def _due_in(tx: Transaction, package: Package, root: CaseRow, around: _Around, today: date) -> tuple[DueCase, ...]:
    cases = tx.cases.tree(root.id)
    ended = local_date(root.ended_at) if root.ended_at is not None else None
    if ended is None:
        return ()
    first = local_date(root.started_at)
    around.awards, around.asked = (
        _map_awards(tx, root, first, ended),
        _load_erased(tx, [case.id for case in cases], around.beside),
    )
    around.gathering = any(row.sealed_at is None for row in tx.archives.select("-id", case_id=root.id))
    below = {case.id: case for case in cases}
    due_or_none = (_find_due_case(package, case, root, ended, around, below, today) for case in cases)
    return tuple(due_entry for due_entry in due_or_none if due_entry is not None)


def _map_awards(tx: Transaction, root: CaseRow, first: date, last: date) -> Mapping[int, Sequence[AwardRow]]:
    """Return the awards of a round that were decided in these days, by each body that holds or held it."""
    local_awards = tx.awards.select(jurisdiction=root.jurisdiction)
    awards_by_id = {row.id: row for row in local_awards if row.award == root.award and first <= row.decided_on <= last}
    awards = defaultdict[int, list[AwardRow]](list)
    for row in awards_by_id.values():
        awards[row.body_id].append(row)
    for holder in tx.award_holders.select(award_id=[*awards_by_id]):
        awards[holder.body_id].append(awards_by_id[holder.award_id])
    return awards


def _load_erased(tx: Transaction, case_ids: Sequence[int], beside: int) -> Mapping[int, Collection[str]]:
    parts_by_case = defaultdict[int, set[str]](set)
    for row in tx.erasures.select(case_id=case_ids, state__ne="refused"):
        parts_by_case[row.case_id] |= set(row.parts) if row.id != beside else set()
    return parts_by_case


def _find_due_case(
    package: Package, case: CaseRow, root: CaseRow, ended: date, around: _Around, below: Mapping[int, CaseRow],
    today: date,
) -> DueCase | None:  # fmt: skip
    kind = _get_kind(package, case, around)
    case_end = max(ended, local_date(case.ended_at)) if case.ended_at is not None else ended
    due = {}
    for rule in around.rules.values():
        day = rule.due(case_end) if rule.kind in (kind, _ANY) else None
        if day is not None and day <= around.today and rule.part not in around.asked.get(case.id, ()):
            due[rule.part] = day
    return DueCase(case, kind, due, tuple(_iterate_refusals(case, root, around, below, today))) if due else None


def _get_kind(package: Package, case: CaseRow, around: _Around) -> str:
    info = package.award.processes.get(case.process)
    if info is not None and info.public:
        return OBJECTION
    if case.subject_id is None:
        return OTHER
    return WINNER if around.awards.get(case.subject_id) else NOT_AWARDED


def _iterate_refusals(
    case: CaseRow, root: CaseRow, around: _Around, below: Mapping[int, CaseRow], today: date
) -> Iterator[Text]:
    if case.status != "ended":
        yield Text("本件还没有办结。", "It has not ended yet.")
    for other in around.open:
        if other.id != case.id and _is_about_same(other, case, root, below):
            called = around.called(other)
            yield Text(
                f"有关的{called.zh}还没有办结（异议、申诉、监督、撤销等期间不清除）。",
                f"{called.en} about it has not ended: nothing is erased while it is open.",
            )
    for award in around.awards.get(case.subject_id or 0, ()):
        last = _valid_until(case, award)
        if last is not None and last >= today:
            yield Text(
                f"所获称号有效期至{format_full_day(last).zh}，期满以前不清除。",
                f"The title is valid until {format_full_day(last).en}: nothing is erased before it ends.",
            )
    if around.gathering:
        yield Text("这一届正在归档，请等它完成。", "The round is being archived: wait until that is done.")


def _is_about_same(other: CaseRow, case: CaseRow, root: CaseRow, below: Mapping[int, CaseRow]) -> bool:
    """Return whether an open case is about the same organisation, or about this case, or about the whole round."""
    if case.subject_id is not None and other.subject_id == case.subject_id:
        return True
    if case.id == root.id:
        return other.id in below
    if other.parent_id == root.id and other.subject_id is None:
        return True
    above = other.parent_id
    while above is not None and above in below:
        if above == case.id:
            return True
        above = below[above].parent_id
    return False


def _valid_until(case: CaseRow, award: AwardRow) -> date | None:
    """Return the last day of a title; None where it was revoked, or no validity is known."""
    years = case.parameters.get(_VALIDITY)
    if award.revoked_on is not None or not str(years).isdigit():
        return None
    return RetentionRule(WINNER, "", int(years)).due(award.decided_on)
