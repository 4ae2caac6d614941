"""What a clause itself says of a period and of its own first day: read from its words where nobody entered a bound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.catalog.law.law import Clause
from service.catalog.parameters.parameters import Unit
from service.catalog.parameters.units import is_number
from service.domain.calendar.clock import full
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.wording.numbers import HAN_NUMERAL, read_han

_LENGTH = rf"(?P<n>[0-9]{{1,4}}|{HAN_NUMERAL})\s*个?(?P<unit>工作日|自然日|日历日|月|日|天|年)"
_LEAST = (
    re.compile(rf"(?:不少于|不得少于|不低于|不得低于|不短于|不得短于|至少)(?:为|是)?\s*{_LENGTH}"),
    re.compile(rf"公[示告](?:期|时间)?(?:为|满)?\s*{_LENGTH}(?:及)?以上"),
)
_UNITS = {"工作日": Unit.WORKING_DAYS, "月": Unit.MONTHS, "年": Unit.YEARS}
_WORDS = {
    Unit.WORKING_DAYS: Text("个工作日", " working days"),
    Unit.CALENDAR_DAYS: Text("日", " days"),
    Unit.MONTHS: Text("个月", " months"),
    Unit.YEARS: Text("年", " years"),
}
_IN_FORCE = re.compile(r"自\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*起\s*(?:施行|实施|执行|生效)(?!的)")
_ITSELF_IN_FORCE = re.compile(
    r"本(?:管理|实施|评审|评选|评定|奖励|暂行|试行|工作)*(?:办法|规定|细则|条例|规则|制度|方案|通知|意见|章程)"
    rf"(?:(?!第(?:[0-9]+|{HAN_NUMERAL})[章条款项]|其中|附[件录表]|施行|实施|执行|生效|废止)[^。；;]){{0,600}}?{_IN_FORCE.pattern}"
)
"""The same where its subject is the regulation: “本办法自…起施行”, not “其中第八条自…起施行”."""


@dataclass(frozen=True, slots=True)
class QuotedLeast:
    """The shortest period that a clause allows, in its own words: “不少于30日”."""

    clause: str
    article: str
    number: int
    unit: Unit

    @property
    def in_words(self) -> Text:
        """The number with its unit."""
        words = _WORDS[self.unit]
        return Text(f"{self.number}{words.zh}", f"{self.number}{words.en}")

    def forbids(self, value: Any, unit: Unit) -> bool:
        """Tell whether a period is shorter for certain: working days against days depend on the calendar."""
        same = unit is self.unit or (unit is Unit.CALENDAR_DAYS and self.unit is Unit.WORKING_DAYS)
        return same and is_number(value) and value < self.number


def quoted_least(clauses: Mapping[str, Clause], cited: Iterable[str], unit: Unit) -> QuotedLeast | None:
    """Return the least period in ``unit`` that the ``cited`` clauses give in words, the shortest where there are several."""
    found = [least for ident in cited if ident in clauses for least in _leasts(clauses[ident])]
    fitting = [one for one in found if one.unit is unit or (unit, one.unit) == (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)]
    return min(fitting, key=lambda one: one.number, default=None)


def in_force_from(passages: Iterable[tuple[str, str]]) -> tuple[date, str] | None:
    """Return the day from which a regulation (article, text) says that it is in force, with the article, None without one.

    It is the day in the sentence that speaks of the regulation itself (本办法自…起施行); without such a sentence the
    earliest of those named, as later ones are of parts of it.
    """
    passages = list(passages)
    found = list(_days(_ITSELF_IN_FORCE, passages)) or list(_days(_IN_FORCE, passages))
    return min(found, key=lambda one: one[0], default=None)


def demand_in_force(passages: Iterable[tuple[str, str]], begins: date) -> None:
    """Raise Invalid where the regulation says that it is in force from a later day than ``begins``."""
    found = in_force_from(passages)
    if found is not None and begins < found[0]:
        day, article = found
        then, now = full(day), full(begins)
        raise Invalid(
            Text(
                f"{article}写明自{then.zh}起施行，不能从{now.zh}起生效。请填写{then.zh}或者以后的日期。",
                f"{article} says that the regulation is in force from {then.en}, so this cannot begin on "
                f"{now.en}: enter {then.en} or later.",
            )
        )


def _days(sign: re.Pattern[str], passages: Iterable[tuple[str, str]]) -> Iterator[tuple[date, str]]:
    for article, text in passages:
        for year, month, day in sign.findall(text):
            try:
                yield date(int(year), int(month), int(day)), article
            except ValueError:
                continue


def _leasts(clause: Clause) -> Iterator[QuotedLeast]:
    for sign in _LEAST:
        for hit in sign.finditer(clause.text or clause.summary):
            number = int(hit["n"]) if hit["n"].isascii() else read_han(hit["n"])
            yield QuotedLeast(clause.id, clause.article, number, _UNITS.get(hit["unit"], Unit.CALENDAR_DAYS))
