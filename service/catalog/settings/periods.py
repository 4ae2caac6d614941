"""Periods of clauses and parameters: how long the phases of an objection take, and what the words of cited clauses forbid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from service.catalog.law.law import Clause
from service.catalog.law_text.numbers import numbers_in, whole
from service.catalog.package import Package
from service.catalog.parameters.parameters import Basis, Parameter, Unit
from service.catalog.parameters.quoted_bounds import QuotedLeast, quoted_least
from service.catalog.parameters.units import PERIODS, is_number
from service.catalog.settings.setting_reach import names_in
from service.domain.errors import Invalid
from service.domain.text import Text

PHASES = ("acceptance", "completion", "forwarding", "investigation", "finding", "reply")
"""The phases of an objection, each with a time limit of its own."""
UNITS = (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)
"""In what a phase may count; where a place has both, the first is in force."""
_MOST = 3650
_CALLED = {"forwarding": "objection_forward", "appeal": "appeal", "appeal_decision": "appeal_decision"}
APPEAL, DECISION = "appeal", "appeal_decision"
"""The time to appeal against the result of an objection, and the time to decide on it: phases that come after its answer."""
_TYPED = re.compile(r"(\d{1,4}) ?个?(?:(工作日|working days?)|(自然日|日历日|日|天|calendar days?|days?))?")
_RECEIPT, _ACCEPTANCE, _WHOLE = "receipt", "acceptance", "reply"
FROM_A_DAY: Mapping[str, Text] = {_RECEIPT: Text("收到异议", "receipt"), _ACCEPTANCE: Text("受理异议", "acceptance")}
"""From which days of an objection the whole period counts, by the value of its setting."""
_BEFORE_REPLY = ("acceptance", "forwarding", "investigation", "finding")
"""In their order: the first two count from receipt, the others from a day of the objection, or from the phase before them."""
_COUNTED = {Unit.WORKING_DAYS: Text("个工作日", "working day"), Unit.CALENDAR_DAYS: Text("日", "day")}
_WINDOW = "application_window_"
"""How parameters of the least time to apply begin, in the common vocabulary and in places begun from blank."""
_DAYS = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)
_WEEK, _REST = 5, 2
_LONGER = "延长"


@dataclass(frozen=True, slots=True)
class PhaseDays:
    """So many days of one unit."""

    number: int
    unit: Unit = Unit.WORKING_DAYS

    @property
    def typed(self) -> str:
        """The days as somebody types them: 5 working days as 5, 15 days of all as 15日."""
        return str(self.number) if self.unit is Unit.WORKING_DAYS else f"{self.number}日"


def ident_of(phase: str, unit: Unit) -> str:
    """Return the parameter that is the time of a phase in this unit."""
    return f"{_CALLED.get(phase, f'objection_{phase}')}_{unit.value}"


PHASE_OF: Mapping[str, str] = {ident_of(phase, unit): phase for phase in (*PHASES, APPEAL, DECISION) for unit in UNITS}
"""Which phase of an objection, or of an appeal against its result, a parameter is the time of."""


def in_other_unit(ident: str) -> str:
    """Return the parameter that is the time of the same phase in the other unit, "" for what is the time of none."""
    phase = PHASE_OF.get(ident)
    return next(other for unit in UNITS if (other := ident_of(phase, unit)) != ident) if phase else ""


def read_phase_days(typed: str) -> PhaseDays | None:
    """Read days as they are typed: 5 and 5个工作日 are working days, 15日 and 15个自然日 days of all; None for no days."""
    found = _TYPED.fullmatch(normalize("NFKC", typed).strip().lower())
    if found is None or not int(found[1]):
        return None
    return PhaseDays(int(found[1]), Unit.CALENDAR_DAYS if found[3] else Unit.WORKING_DAYS)


def demand_phase_days(title: Text, typed: str) -> PhaseDays:
    """Return the days as they are typed; raises Invalid, naming the question, for what is no such period."""
    days = read_phase_days(typed)
    if days is None or days.number > _MOST:
        raise Invalid(
            Text(
                f"“{title.zh}”应填写1至{_MOST}之间的整数，例如 5（工作日）或者 15日（自然日）。",
                f"“{title.en}” should be a whole number from 1 to {_MOST}, such as 5 (working days) or 15日 (calendar days).",
            )
        )
    return days


def find_phase_days(held: Mapping[str, Any], phase: str) -> PhaseDays | None:
    """Return how long a phase takes by the values ``held`` of parameters; None where that is not said."""
    for unit in UNITS:
        value = held.get(ident_of(phase, unit))
        if isinstance(value, int) and not isinstance(value, bool):
            return PhaseDays(value, unit)
    return None


@dataclass(frozen=True, slots=True)
class _TooLong:
    """A phase, with its parameter, that ends on day ``end`` from the day ``since``, after those of the ``whole``."""

    ident: str
    end: int
    whole: PhaseDays
    since: Text


def beyond_whole_period(package: Package, parameter: Parameter, value: Any) -> Text | None:
    """Return why the phases of an objection do not fit into its whole period once ``parameter`` has ``value``.

    None where they do, where ``parameter`` is none of them, and where the answer has a time limit of its own. What comes before
    the acceptance lies outside a period that counts from there.
    """
    found = _too_long(package, parameter, value)
    if found is None:
        return None
    known, whole = package.award.parameters, found.whole
    name, of_all, unit = known[found.ident].text, known[ident_of(_WHOLE, whole.unit)], _COUNTED[whole.unit]
    cited = "、".join(dict.fromkeys(map(package.law.article, of_all.clauses))) or of_all.name
    return Text(
        f"“{name.zh}”自{found.since.zh}起第{found.end}{unit.zh}才届满，超过依{cited}“{of_all.text.zh}”的{whole.number}{unit.zh}。"
        "请缩短这一环节，使它在总期限以内。",
        f"“{name.en}” ends on {unit.en} {found.end} from {found.since.en}, after the {whole.number} of “{of_all.text.en}” by {cited}: "
        "shorten the phase so that it lies within the whole.",
    )


def ends_beyond_whole(package: Package, parameter: Parameter) -> Text | None:
    """Return the same of the values that are written, for the phase alone that is the first to end too late."""
    value = parameter.values[-1].value if parameter.values else None
    found = _too_long(package, parameter, value)
    return beyond_whole_period(package, parameter, value) if found is not None and found.ident == parameter.id else None


def _too_long(package: Package, parameter: Parameter, value: Any) -> _TooLong | None:
    """Return the first phase that ends after the whole.

    So many working days take as many days at least; how many working days lie in days of all, nobody can tell beforehand.
    """
    if PHASE_OF.get(parameter.id) not in (_WHOLE, *_BEFORE_REPLY) and parameter.id not in map(
        _from, (_WHOLE, *_BEFORE_REPLY)
    ):
        return None
    known = package.award.parameters
    held: dict[str, Any] = {ident: one.values[-1].value for ident, one in known.items() if one.values}
    held[parameter.id] = value
    whole, before = find_phase_days(held, _WHOLE), 0
    counted = str(held.get(_from(_WHOLE)))
    if counted not in FROM_A_DAY or whole is None:
        return None
    for phase in _BEFORE_REPLY[counted == _ACCEPTANCE :]:
        days = find_phase_days(held, phase)
        if days is None or (whole.unit, days.unit) == (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
            continue
        alike = (counted == _RECEIPT and phase in _BEFORE_REPLY[:2]) or held.get(_from(phase)) == counted
        end = days.number if alike else before + days.number
        if end > whole.number:
            return _TooLong(ident_of(phase, days.unit), end, whole, FROM_A_DAY[counted])
        before = max(before, end)
    return None


def _from(phase: str) -> str:
    return f"objection_{phase}_from"


def shorter_than_quoted(package: Package, parameter: Parameter, value: Any) -> QuotedLeast | None:
    """Return the words of the law that ``value`` of ``parameter`` falls short of.

    None where the parameter states a minimum of its own that is no lower. A clause may speak of several periods, so its
    words bind what posts a notice or is the time to apply, and of the others what is stated by a clause with one period
    only. Where the clauses of what posts a notice say nothing of it, those of the step that drafts it do, if they speak of
    one period.
    """
    known = package.law.clauses
    cited = [known[ident] for ident in parameter.clauses if ident in known]
    if not _is_notice_or_window(package, parameter):
        cited = [clause for clause in cited if parameter.source is Basis.STATED and _has_one_period(clause)]
    drafting = _posted_by(package).get((parameter.id, parameter.unit), frozenset())
    least = quoted_least(known, [clause.id for clause in cited], parameter.unit) or quoted_least(
        known, [ident for ident in drafting if ident in known and _has_one_period(known[ident])], parameter.unit
    )
    if least is None or (is_number(parameter.minimum) and parameter.minimum >= least.number):
        return None
    return least if least.forbids(value, parameter.unit) else None


def _is_notice_or_window(package: Package, parameter: Parameter) -> bool:
    if _WINDOW in (parameter.id[: len(_WINDOW)], parameter.key[: len(_WINDOW)]):
        return True
    return (parameter.id, parameter.unit) in _posted_by(package)


def _posted_by(package: Package) -> Mapping[tuple[str, Unit], frozenset[str]]:
    """Return the clauses of the steps that draft a notice, by the parameters that say how long it is posted."""

    def collected() -> Mapping[tuple[str, Unit], frozenset[str]]:
        found: dict[tuple[str, Unit], frozenset[str]] = {}
        for name, unit, clauses in _posted(package):
            found[name, unit] = found.get((name, unit), frozenset()) | clauses
        return found

    return package.derived("posted periods", collected)


def _posted(package: Package) -> Iterator[tuple[str, Unit, frozenset[str]]]:
    """Yield each parameter that says how long a notice is posted, with the unit in which it is read there and its clauses."""
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            if element.operation is not None and element.operation.operation == "notice.draft":
                for unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
                    for name in names_in(element.operation.parameters.get(unit.value, "")):
                        yield name, unit, frozenset(element.clauses)


def _has_one_period(clause: Clause) -> bool:
    return sum(number.unit in PERIODS for number in numbers_in(clause.text or clause.summary)) == 1


@dataclass(frozen=True, slots=True)
class QuotedMost:
    """The longest period that clauses allow, in the ``words`` of the one with ``article``: “15日”."""

    article: str
    number: int
    unit: Unit
    words: str

    def forbids(self, value: int, unit: Unit) -> bool:
        """Tell whether a period is longer, or may be in a week without a holiday: 11 working days are up to 17 days."""
        if unit is Unit.CALENDAR_DAYS and self.unit is Unit.WORKING_DAYS:
            return False
        return (value if unit is self.unit else _at_most(value)) > self.number


def _at_most(working: int) -> int:
    """Return as how many days so many working days end at the latest, no holiday between: from a Friday on, over weekends."""
    return working + _REST * (1 + (working - 1) // _WEEK)


def longer_than_quoted(package: Package, parameter: Parameter, value: Any) -> QuotedMost | None:
    """Return the words of the law that ``value`` of ``parameter`` goes beyond, or may; None where it keeps to them.

    A time keeps to the clauses that state it where each number of days in them is the most of something, and it is longer
    than every one.
    """
    if parameter.unit not in _DAYS or not is_number(value) or parameter.source is not Basis.STATED:
        return None
    known = package.law.clauses
    found = list(_of_days([known[ident] for ident in parameter.clauses if ident in known]))
    most = max(found, key=lambda one: one.number, default=None)
    return most if most is not None and all(one.forbids(value, parameter.unit) for one in found) else None


def _of_days(cited: list[Clause]) -> Iterator[QuotedMost]:
    """Yield the most of each clause; none where one of them gives a number of days that is no such bound."""
    found = [(clause, n) for clause in cited for n in numbers_in(clause.text or clause.summary) if n.unit in _DAYS]
    if all(n.bound == "maximum" and _LONGER not in (clause.text or clause.summary) for clause, n in found):
        for clause, number in found:
            yield QuotedMost(clause.article, whole(number.value), number.unit, number.words)
