"""Terms of office (任期、聘期): how long a role of a place is held at a time, and how many times in a row, by its regulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.casework.desk.calendars import effective_parameters
from service.casework.desk.desk import Desk
from service.catalog import Package, Parameter, Unit
from service.catalog.parameters.counting import term_months
from service.domain.calendar.clock import format_full_day
from service.domain.calendar.periods import TermLength, TermPeriod
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import Transaction

_UNITS = {
    Unit.YEARS: (Text("年", "year"), Text("年", "years")),
    Unit.MONTHS: (Text("个月", "month"), Text("个月", "months")),
    Unit.COUNT: (Text("届", "round"), Text("届", "rounds")),
}


@dataclass(frozen=True, slots=True)
class TermOfOffice:
    """The term of ``role`` as a regulation has it: ``said`` is its length in words, the articles are those that say so."""

    role: Text
    length: TermLength
    said: Text
    article: str
    article_of_most: str

    def demand(self, name: str, term: TermPeriod, served: Sequence[TermPeriod]) -> None:
        """Raise Invalid, with the article, where a term of ``name`` is too long, or one too many in a row after ``served``."""
        if self.length.is_too_long(term):
            last = format_full_day(self.length.last_day(term.first))
            raise Invalid(
                Text(
                    f"{name}担任“{self.role.zh}”的任期最长{self.said.zh}（依据{self.article}）：自{format_full_day(term.first).zh}起，截止日不能晚于{last.zh}。",
                    f"“{self.role.en}” is held for {self.said.en} at most ({self.article}): from {format_full_day(term.first).en} the last day "
                    f"of {name} is {last.en}.",
                )
            )
        most = self.length.most
        if most is not None and self.length.in_a_row(term, served) > most:
            raise Invalid(
                Text(
                    f"{name}已连续{most}届担任“{self.role.zh}”，连续任职不能超过{most}届（依据{self.article_of_most}）。"
                    f"请另选他人；间隔满一届（{self.said.zh}）以后可以再任。",
                    f"{name} has been “{self.role.en}” for {most} terms in a row, which is the most ({self.article_of_most}): "
                    f"choose somebody else. After a pause of one term ({self.said.en}) they may serve again.",
                )
            )


def term_of_office(desk: Desk, tx: Transaction, jurisdiction: str, role: str, day: date) -> TermOfOffice | None:
    """Return the term of a role in a place on ``day``; None where its regulation sets none."""
    for package in desk.packages.all_current(tx):
        if package.jurisdiction.id == jurisdiction and (term := _of_package(tx, package, role, day)) is not None:
            return term
    return None


def _of_package(tx: Transaction, package: Package, role: str, day: date) -> TermOfOffice | None:
    declared = package.jurisdiction.roles.get(package.jurisdiction.bind(role))
    if declared is None or not declared.term:
        return None
    parameters = effective_parameters(tx, package)
    length, most = parameters.get(declared.term), parameters.get(declared.most_terms)
    months = term_months(parameters, length, day) if length is not None else None
    if length is None or months is None:
        return None
    count = int(length.value_on(day))
    limit = TermLength(months, int(most.value_on(day)) if most is not None else None)
    unit = _UNITS[length.unit][count > 1]
    length_text = Text(f"{count}{unit.zh}", f"{count} {unit.en}")
    return TermOfOffice(
        declared.text, limit, length_text, _format_articles(package, length), _format_articles(package, most or length)
    )


def _format_articles(package: Package, parameter: Parameter) -> str:
    cited = dict.fromkeys(package.law.article(clause) for clause in parameter.clauses)
    return "、".join(cited) or parameter.name
