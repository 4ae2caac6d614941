"""Bounds that parameters state against the words of their clauses, and numbers written into texts that speak of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from service.catalog.law.law import Clause
from service.catalog.law_text.numbers import LawNumber, numbers_in
from service.catalog.package import Package
from service.catalog.parameters.parameters import Basis, Parameter, Unit
from service.catalog.parameters.units import is_number
from service.catalog.parameters.value_words import value_words
from service.catalog.settings.periods import shorter_than_quoted
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


_FORMULA = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}|\{[^{}]*\}", re.DOTALL)
_GAP = "〔〕"
_SUBJECTS = tuple(
    re.compile(words)
    for words in (
        "公示|公告期", "申报期|公布到截止|公告到截止", "异议", "补正", "投票|表决", "评分", "奖金|奖励",
        "名额|获奖组织|获奖者|获奖单位|上限", "有效期", "周期|一届", "经营|运营", "不予受理|禁报|不得申报|不受理",
        "(?:再次|重复|重新)申[报请]", "整改|改正", "申辩|听证", "行政复议", "行政诉讼|提起诉讼", "成立|设立", "管理体系", "卓越绩效",
        "质量工作", "回溯|近〔〕.*(?:事故|投诉|信用|违法|不良|处罚|抽查|重大)", "拨付", "收回", "回访",
        "评审员|评审专家|评审组|专家组", "工作经历", "回复|答复", "调查", "转办|转送", "修订",
    )
)  # fmt: skip
"""What periods and numbers of an award are said of; a text and a parameter that share one speak of the same."""
_POINT = re.compile(r"^.*(?:之日|当日|起|期满|届满|结束|截止|获奖后|期间|以后|之前)(?=.|$)")
"""Where a period is counted from: “公示期满后” says nothing of how long the notice is posted."""
_NOT_A_RULE = re.compile(r"(?:下|每|这|那|同|哪|其中|上|前|后|第|(?<!超)过|剩|剩余|提前|延长|逾期|顺延)$")
_OF_PEOPLE = re.compile(
    r"^(?:名|位|个)?(?:以上|以下|以内)?(?:的)?(?:评审员|评审专家|专家|成员|评审人员|组织|企业|单位|$)"
)
_AFTER = 16
"""So many signs after a number say what it is said of where those before do not: “3日公示期”."""
_UNIT_WORDS = {
    Unit.WORKING_DAYS: "个工作日", Unit.CALENDAR_DAYS: "日", Unit.MONTHS: "个月", Unit.YEARS: "年", Unit.YUAN: "元",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BeyondLaw:
    """A number of a text beyond the bound of ``parameter``: ``words`` as they stand there, within ``quote``.

    ``certain``: the text cites a clause of the parameter, or names the posting of a notice itself. ``bound`` is the number
    the law allows, ``least`` whether it is the smallest.
    """

    parameter: Parameter
    words: str
    quote: str
    bound: float
    least: bool
    certain: bool

    @property
    def unit(self) -> str:
        """The unit as it stands after the number."""
        own = re.sub(r"^[0-9.,，]+|^[一二三四五六七八九十百]+", "", self.words)
        return _UNIT_WORDS.get(self.parameter.unit, own)


def numbers_beyond_law(package: Package, text: str, cited: Collection[str]) -> Iterator[BeyondLaw]:
    """Yield the numbers of ``text`` that no parameter of their subject and unit allows; formulas in braces are left out.

    ``cited`` are the clauses of whatever holds the text. A number that may be said of several parameters, those of
    ``cited`` clauses first, is told only where all of them forbid it.
    """
    for number in numbers_in(_FORMULA.sub(_GAP, text)):
        if number.part or _NOT_A_RULE.search(number.before):
            continue
        governing = list(_governing(package, number))
        citing = [parameter for parameter in governing if set(parameter.clauses) & set(cited)]
        bounds = [(parameter, _forbidden(package, parameter, number)) for parameter in citing or governing]
        beyond = [(parameter, bound) for parameter, bound in bounds if bound is not None]
        if beyond and not any(bound is None and _is_bounded(parameter) for parameter, bound in bounds):
            parameter, bound = beyond[0]
            quote = f"{number.before.rpartition(_GAP[1])[2]}{number.words}"
            yield BeyondLaw(parameter, number.words, quote, *bound, bool(citing) or _posts(number))


def _governing(package: Package, number: LawNumber) -> Iterator[Parameter]:
    """Yield the parameters with a number in this unit whose names speak of what the text says of the number."""
    before = _POINT.sub("", number.before) + _GAP
    said = _subjects(before) or _subjects(before + number.after[:_AFTER])
    if number.unit is Unit.COUNT and not _OF_PEOPLE.match(number.after):
        return
    for parameter in package.award.parameters.values():
        if said & _subjects(parameter.name) and number.unit in _counted_as(parameter):
            yield parameter


@lru_cache(maxsize=4096)
def _subjects(words: str) -> frozenset[int]:
    return frozenset(place for place, sign in enumerate(_SUBJECTS) if sign.search(words))


def _counted_as(parameter: Parameter) -> Iterable[Unit]:
    if parameter.unit is Unit.WORKING_DAYS:
        return (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)
    return () if parameter.unit is Unit.FRACTION else (parameter.unit,)


def _forbidden(package: Package, parameter: Parameter, number: LawNumber) -> tuple[float, bool] | None:
    """Return the bound that a number is beyond for certain, and whether it is the smallest; None where it may stand.

    Fewer days than working days are asked for are too few whatever the calendar; more of them need not be too many.
    """
    value = float(number.value)
    if is_number(parameter.minimum) and value < parameter.minimum:
        return float(parameter.minimum), True
    if number.unit is parameter.unit and is_number(parameter.maximum) and value > parameter.maximum:
        return float(parameter.maximum), False
    least = shorter_than_quoted(package, parameter, value)
    return (float(least.number), True) if least is not None else None


def _is_bounded(parameter: Parameter) -> bool:
    return is_number(parameter.minimum) or is_number(parameter.maximum)


def _posts(number: LawNumber) -> bool:
    """Tell whether the words say how long a notice is posted: “公示3日”, “公示期为3日”."""
    return bool(re.search(r"公示(?:期|时间|期限)?(?:为|是|满|不少于|不得少于|至少|不低于|共)?$", number.before))
