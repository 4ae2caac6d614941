"""Bounds that a parameter states and the words of its clauses do not allow: a minimum of 2 beside “不少于5个工作日”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.catalog.law.law import Clause
from service.catalog.law_text.numbers import LawNumber, numbers_in
from service.catalog.package import Package
from service.catalog.parameters.parameters import Basis, Parameter, Unit
from service.catalog.parameters.units import is_number
from service.catalog.parameters.value_words import value_words
from service.domain.text import Text

_TIMES = re.compile("[次轮]|几届|连任|连续任职")
_PEOPLE = re.compile("人数|人员|委员|专家|评审员|成员|法定人数|reviewers|experts|members")
"""What a count is of, by the name of its parameter: times and terms of office, of which no clause's number in pieces or people speaks, or people."""
_STATED_ALONE = (Unit.YEARS, Unit.MONTHS, Unit.COUNT)
"""Units in which a number without a bound is what it is; days that a notice is posted may be more."""


@dataclass(frozen=True, slots=True)
class LooserBound:
    """A bound of a parameter beyond what its clause says: ``number`` of the clause, ``words`` as they stand there.

    ``least``: it is the minimum, which is lower than the clause's, or none; otherwise the maximum, which is higher, or none.
    """

    clause: Clause
    number: int
    words: str
    least: bool

    def bound(self, parameter: Parameter) -> Any:
        """Return the bound of ``parameter`` on this side, None where it has none."""
        return parameter.minimum if self.least else parameter.maximum

    def reason(self, parameter: Parameter) -> Text:
        """Say what is wrong with the bound of ``parameter``, with the article."""
        bound = self.bound(parameter)
        side, than = (
            (Text("下限", "minimum"), Text("低于", "below"))
            if self.least
            else (Text("上限", "maximum"), Text("高于", "above"))
        )
        if bound is None:
            return Text(
                f"“{parameter.text.zh}”不能没有{side.zh}：{self.clause.article}（{self.clause.id}）写明了{self.words}。",
                f"“{parameter.text.en}” cannot be without a {side.en}: {self.clause.article} ({self.clause.id}) says {self.words}.",
            )
        return Text(
            f"“{parameter.text.zh}”的{side.zh}{bound}{than.zh}{self.clause.article}（{self.clause.id}）写明的{self.words}。",
            f"The {side.en} {bound} of “{parameter.text.en}” is {than.en} the {self.words} that {self.clause.article} "
            f"({self.clause.id}) says.",
        )


def looser_bounds(package: Package, parameter: Parameter) -> Iterator[LooserBound]:
    """Yield the minimum and the maximum of ``parameter`` that are looser than every number its clauses quote for them.

    Only a clause with one number in the unit of the parameter is held against it: of several, one may be said of something
    else. A bound that any of its clauses names itself is none of them.
    """
    if parameter.unit is Unit.FRACTION:
        return
    known = package.law.clauses
    counted = [(known[ident], _counted(known[ident], parameter)) for ident in parameter.clauses if ident in known]
    named = {float(number.value) for _, numbers in counted for number in numbers}
    alone = [(clause, numbers[0]) for clause, numbers in counted if len(numbers) == 1 and not numbers[0].part]
    for bound, least, side in ((parameter.minimum, True, "minimum"), (parameter.maximum, False, "maximum")):
        fitting = [(int(n.value), clause, n.words) for clause, n in alone if n.bound == side]
        if not fitting or not is_number(bound) or bound in named:
            continue
        number, clause, words = (min if least else max)(fitting, key=lambda one: one[0])
        if bound < number if least else bound > number:
            yield LooserBound(clause, number, words, least)


def bounds_given_up(package: Package, old: Parameter, new: Parameter) -> Iterator[LooserBound]:
    """Yield the bounds that ``old`` has, ``new`` no more, and a clause of it still names; without clauses, one of the former."""
    cited = [package.law.clauses[ident] for ident in new.clauses or old.clauses if ident in package.law.clauses]
    for stood, stands, least in ((old.minimum, new.minimum, True), (old.maximum, new.maximum, False)):
        if stood is None or stands is not None or not is_number(stood):
            continue
        for clause in cited:
            named = (n for n in _counted(clause, old) if float(n.value) == stood)
            for number in named:
                yield LooserBound(clause, int(stood), number.words, least)


def other_than_quoted(package: Package, parameter: Parameter, value: Any) -> Text | None:
    """Return why a value is not the one that the text states, where it states one alone and draws no bound: “近3年”.

    None where the parameter has bounds of its own, or its clauses give several numbers of what it counts: one may be of
    something else.
    """
    free = parameter.minimum is None and parameter.maximum is None and not parameter.choices
    if not free or parameter.source is not Basis.STATED or parameter.unit not in _STATED_ALONE or not is_number(value):
        return None
    known = package.law.clauses
    counted = [(known[c], n) for c in parameter.clauses if c in known for n in _counted(known[c], parameter)]
    if len(counted) != 1:
        return None
    clause, number = counted[0]
    if number.part or number.bound or number.over or float(number.value) == value:
        return None
    name, said = parameter.text, value_words(parameter, value)
    return Text(
        f"“{name.zh}”不能设为{said.zh}：{clause.article}（{clause.id}）写明的是{number.words}。条文已经修改的，先在条款中写入新的条文；"
        "条文说的不是它的，改引说它的条款，或者在“参数”里把“谁定的”改成条文没有写明。",
        f"“{name.en}” cannot be {said.en}: {clause.article} ({clause.id}) says {number.words}. Where the law was amended, enter "
        "its new text among the clauses first; where it is not about this, cite the clause that is, or say that the text "
        "is silent.",
    )


def _counted(clause: Clause, parameter: Parameter) -> list[LawNumber]:
    """Return the numbers of a clause that count what the parameter does, also those said of a part (其中)."""
    found = (number for number in numbers_in(clause.text or clause.summary) if number.unit is parameter.unit)
    return [n for n in found if _counts_the_same(parameter, n)]


def _counts_the_same(parameter: Parameter, number: LawNumber) -> bool:
    """Tell whether both count times, people or pieces: seven members who attend are no bound of ballots or of places."""
    if parameter.unit is not Unit.COUNT:
        return True
    if _TIMES.search(parameter.name):
        return False
    return number.of_people == bool(_PEOPLE.search(parameter.name) or _PEOPLE.search(parameter.id))
