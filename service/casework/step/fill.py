"""Fill texts with FEEL in braces: titles, documents, notices, consequences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from service.casework.step.behind_gateway import get_timed_element
from service.catalog import Package
from service.catalog.parameters.value_words import value_words
from service.domain.calendar import CHINA, day_on_record
from service.domain.errors import Invalid, LaurelError
from service.domain.feel import Expression, FunctionSet, compile_expression
from service.domain.feel.temporal import YearsMonths
from service.domain.text import Text
from service.domain.wording.numbers import decimal_text
from service.engine import TimerWait, show_value

_BRACES = re.compile(r"\{([^{}]+)\}(?=([。；，：]?))")
_DAY = re.compile(
    r"(?<![\w.-])\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?(?![\w.-])", re.ASCII
)
"""A day, or a day and a time, as ISO 8601 writes it, standing by itself in a text."""


def fill(template: str, scope: Mapping[str, object], functions: FunctionSet, context: object) -> str:
    """Return ``template`` with every ``{FEEL}`` replaced by its value over ``scope``, in words.

    Dates are written 2026年6月5日, also where a formula has put them into a text; lists joined by 、, and what is unknown is left out.
    A typed sentence loses its full stop where the template continues with punctuation of its own.
    """

    def fill_hole(match: re.Match[str]) -> str:
        value = in_words(compiled(match[1], functions).evaluate(scope, context))
        return without_stop(value) if match[2] else value

    return _BRACES.sub(fill_hole, template)


class DecidedByNothing(LaurelError):
    """What a formula gives was decided by something that has no value, or a sentence would be printed with a hole."""

    code = "decided_by_nothing"

    def __init__(self, formula: str, names: Sequence[str]) -> None:
        super().__init__(
            Text(
                f"公式“{formula}”取决于“{'、'.join(names)}”，没有值。请补上数据；可以没有的，在公式中写明没有时按什么办"
                "（x != null and …，if x = null then … else …）。",
                f"The formula “{formula}” depends on “{', '.join(names)}”, which has no value. Supply it; where it may be "
                "missing, let the formula say what holds then (x != null and …, if x = null then … else …).",
            )
        )


class RecordInText(Invalid):
    """A formula of a sentence gives a whole record, which is no text."""

    code = "record_in_text"

    def __init__(self, formula: str) -> None:
        super().__init__(
            Text(
                f"句中的“{{{formula}}}”得到一条记录，不能印出来。请写明取哪一项，例如 {{decide.reason}}；名单写成 string join(…)。",
                f"“{{{formula}}}” in a sentence gives a record, which cannot be printed: say which entry, as {{decide.reason}}, and "
                "join a list of them by string join(…).",
            )
        )


def holes_in(
    template: str, scope: Mapping[str, object], functions: FunctionSet, context: object
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the formulas in a sentence that came to nothing, or were decided without a value, with what has none.

    A formula that speaks of null of that name, or of ``get value``, says what is printed then; one that stands alone may
    come to nothing. Raises RecordInText.
    """
    is_alone = _ALONE.fullmatch(template) is not None
    for text in _BRACES.findall(template):
        expression = compiled(text[0], functions)
        names, value = expression.undecided(scope, context), expression.evaluate(scope, context)
        if any(isinstance(each, Mapping) for each in (value if isinstance(value, list) else [value])):
            raise RecordInText(text[0])
        if not names and not is_alone and value is None:
            names = expression.missing(scope, context)
            if not names and not SAYS_SO.search(text[0]):
                names = expression.explain(scope, context).unknown or (text[0],)
        if names:
            yield text[0], names


def require_filled(template: str, scope: Mapping[str, object], functions: FunctionSet, context: object) -> None:
    """Raise DecidedByNothing for the first hole of a sentence."""
    for formula, names in holes_in(template, scope, functions, context):
        raise DecidedByNothing(formula, names)


def require_list(formula: str, value: Any) -> list[Any]:
    """Return the list that ``formula`` gave, an empty one for null; raises Invalid for anything else."""
    if value is not None and not isinstance(value, list):
        value_text = show_value(value)
        raise Invalid(
            Text(
                f"公式“{formula}”得到“{value_text}”，不是列表，不能逐项办理；只有一项的写成 [ ]。",
                f"The formula “{formula}” gives “{value_text}”, which is no list to go through; put a single item into [ ].",
            )
        )
    return value or []


_ALONE = re.compile(r"\s*\{[^{}]+\}\s*")
"""A text that is nothing but one formula: where it comes to nothing, nothing is printed."""
SAYS_SO = re.compile(r"\bnull\b|\bget value\(")
"""What a formula reads that says itself what holds where there is no value."""


def without_stop(text: str) -> str:
    """Return ``text`` without its final punctuation, for a sentence that continues after it."""
    return text.rstrip().rstrip("。；，")


@lru_cache(maxsize=4096)
def compiled(text: str, functions: FunctionSet) -> Expression:
    """Return the compiled expression ``text``; raises FeelSyntaxError."""
    return compile_expression(text, functions=functions)


def in_words(value: object) -> str:
    """Return a FEEL value in Chinese notation."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return _format_chinese_day(day_on_record(value))
    if isinstance(value, Decimal | float):
        return decimal_text(value)
    if isinstance(value, list | tuple):
        return "、".join(in_words(item) for item in value)
    if isinstance(value, timedelta | YearsMonths):
        return _duration_in_words(value)
    return _DAY.sub(_day_in_words, str(value))


def _duration_in_words(value: timedelta | YearsMonths) -> str:
    if isinstance(value, YearsMonths):
        back, (years, months) = value.months < 0, divmod(abs(value.months), 12)
        parts = [(years, "年"), (months, "个月")]
    else:
        back, seconds = value < timedelta(0), int(abs(value).total_seconds())
        parts = [
            (seconds // 86_400, "天"),
            (seconds // 3600 % 24, "小时"),
            (seconds // 60 % 60, "分"),
            (seconds % 60, "秒"),
        ]
    words = "".join(f"{amount}{unit}" for amount, unit in parts if amount) or f"0{parts[1][1]}"
    return f"负{words}" if back else words


def in_english(day: date) -> str:
    """Return a day as an English sentence has it: ``5 June 2026``."""
    return f"{day.day} {day:%B} {day.year}"


def _day_in_words(match: re.Match[str]) -> str:
    try:
        moment, day = datetime.fromisoformat(match[0]), day_on_record(match[0])
    except ValueError:  # looks like a day and is none
        return match[0]
    if "T" not in match[0]:
        return _format_chinese_day(day)
    local = moment.astimezone(CHINA) if moment.utcoffset() == timedelta(0) else moment
    clock = "24:00" if local.date() > day else f"{local.hour}:{local:%M}"
    return f"{_format_chinese_day(day)}{clock}"


def _format_chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def get_element_label(package: Package, process: str, element: str) -> str:
    """Return the name of an element as its diagram shows it, its id where it has none."""
    diagram = package.processes.get(process)
    drawn = diagram.elements.get(element) if diagram else None
    return drawn.name if drawn and drawn.name else element


def timer_label(package: Package, timer: TimerWait) -> str:
    """Return the name of a running timer; one behind an event gateway has it, the gateway none."""
    return get_timed_element(package, timer.process_id, timer.element_id).name or get_element_label(
        package, timer.process_id, timer.element_id
    )


def form_settings(package: Package, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outside names of every form: ``param``, and ``setting`` and ``setting_en`` with a sentence for each.

    ``values`` are the case's frozen parameters.
    """
    key = package.version, orjson.dumps(values, default=str)
    sentences = _SAID.get(key)
    if sentences is None:
        if len(_SAID) >= _MOST_SAID:
            _SAID.clear()
        sentences = _SAID[key] = _build_sentences(package, values)
    return {"param": dict(values), **sentences}


def _build_sentences(package: Package, values: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    parameter_values = [(p, values[name]) for name, p in package.award.parameters.items() if name in values]
    words = [(p, value_words(p, value)) for p, value in parameter_values]
    return {
        "setting": {p.id: f"本地规定：{p.name}——{sentence.zh}" for p, sentence in words},
        "setting_en": {p.id: f"Rule here: {p.name_en} – {sentence.en}" for p, sentence in words},
    }


_MOST_SAID = 40
_SAID: dict[tuple[str, bytes], dict[str, dict[str, str]]] = {}
"""The sentences of the rounds under way: their settings are frozen, and every form of theirs reads them."""
