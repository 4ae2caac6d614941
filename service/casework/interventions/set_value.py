"""Set a value of a case that no form, ballot or decision secured: one that is missing or plainly wrong."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import Effect
from service.casework.interventions.given import text_of
from service.casework.interventions.intervene import Done, InterventionAsked, concerned, intervene
from service.casework.interventions.secured import SETTABLE, secured
from service.casework.reading.value_words import value_in_words
from service.casework.step.findable import hidden_facts
from service.casework.step.project import queue_parent_barriers
from service.casework.step.settle import settle
from service.casework.step.step import Step
from service.catalog import Package
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.errors import Invalid, NotAllowed
from service.domain.text import Text
from service.domain.values.typed_times import read_day

MASK = "●●●"
_DIGITS, _BEYOND = 30, 10**15
"""A number longer or larger than these is none that a case holds, and could cost minutes to write out."""


@guarded("case.value")
def set_value(desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]) -> Effect:
    """Set a fact of a case and try again what waits for it. ``given``: name, value.

    Raises:
        NotAllowed: a form, a ballot or the procedure's decision secured it; the sentence says which.
        Invalid: it is of another type.
    """

    def change(step: Step) -> Done:
        name = text_of(given, "name", Text("数据名称", "the name"))
        typed = text_of(given, "value", Text("新的值", "the new value"))
        refusal = value_refusal(step, name)
        if refusal:
            called = fact_word(step.package, name)
            raise NotAllowed(Text(f"“{called}”不能改动：{refusal.zh}", f"“{name}” cannot be set. {refusal.en}"))
        value = _read(step.package.process(step.case.process).facts[name], typed)
        before = step.facts.get(name)
        step.set_facts({name: value})
        step.forget_records()
        called = fact_word(step.package, name)
        shown = name not in hidden_facts(step.package)
        was, now = (value_in_words(step.package, one).zh if shown else MASK for one in (before, value))
        step.audit("value", f"“{called}”由“{was}”改为“{now}”", None, {"name": name})
        people = concerned(step)
        queue_parent_barriers(step)
        if step.case.status == "running":
            settle(step)
        said = typed if shown else MASK
        text = Text(f"数据“{called}”改为“{said}”。", f"value “{name}” was set to “{said}”.")
        return Done(text, tell=people)

    return intervene(desk, actor, case_id, asked, change)


def fact_word(package: Package, name: str) -> str:
    """Return what a fact is called; its own name where nothing calls it otherwise."""
    return terms_of(package).word(name, "fact").zh


def value_refusal(step: Step, name: str) -> Text | None:
    """Return why a fact may not be set, None where it may."""
    refusal = secured(step, name)
    if refusal:
        return refusal
    kind = step.package.process(step.case.process).facts[name]
    if kind not in SETTABLE:
        return Text("只有文字、数字和日期可以填写。", "Only texts, numbers and dates can be entered.")
    return None


def _read(kind: str, typed: str) -> str | int | float:
    if kind == "string":
        return typed
    try:
        if kind == "date":
            return read_day(typed).isoformat()
        number = Decimal(typed)
        if not number.is_finite() or len(typed) > _DIGITS or abs(number) >= _BEYOND:
            raise InvalidOperation
        return int(number) if number == number.to_integral_value() else float(number)
    except (ValueError, InvalidOperation):
        wanted = Text("日期，例如 2026-06-05", "a date like 2026-06-05") if kind == "date" else Text("数字", "a number")
        raise Invalid(Text(f"“{typed}”不是{wanted.zh}。", f"“{typed}” is not {wanted.en}.")) from None
