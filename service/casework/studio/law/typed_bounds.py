"""Which bound and whose word a value has that was typed into the assistant of a clause."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.law.typed_shares import decimal_of, share_of
from service.casework.studio.parameters.new_parameter import unit_of, value_of
from service.catalog import Package, Parameter, Unit
from service.catalog.assistants.clause_departures import Departures
from service.catalog.assistants.clause_drawing import NO_BAR
from service.catalog.assistants.clause_reading import ClauseReading
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, AssistKind
from service.catalog.law_text.numbers import numbers_in
from service.catalog.new_city.stated_bounds import says_number
from service.catalog.parameters.units import PERIODS, beyond_bound, counts_members, is_attendance
from service.catalog.parameters.value_words import value_words
from service.catalog.settings.settings import articles_of
from service.domain.errors import Invalid
from service.domain.text import Text

_BOUNDS = ("minimum", "maximum")


def own_choice(typed: TypedAssistance, ident: str) -> dict[str, Any]:
    """Return whose word a value is that the text says otherwise: the place's, with what the text says."""
    if typed.kind is AssistKind.REVOCATION and ident == typed.parameter and typed.value == NO_BAR:
        return {"source": "default", "question": "条文没有规定撤销后几年内不得申报，按不限制，请核对。"}
    if "value" in typed.departures.unsaid and ident == typed.parameter:
        return {"source": "default", "question": "条文没有写明这个数，取值由本地选定，请核对。"}
    words = typed.departures.fields.get("second" if _is_second(typed, ident) else "value")
    return {"source": "default", "question": f"条文写的是“{words}”，取值由本地选定，请核对。"} if words else {}


def bounds_of(typed: TypedAssistance, ident: str, bound: str, unit: Unit, read: Any) -> dict[str, Any]:
    """Return the bounds of a value that was typed as ``read``: the number of the text where it draws one on this side.

    None for a number of members where the text asks for a share of them, or the other way round: they are not compared. One
    member is none of these: whoever types 1 for a share means the whole.
    """
    if bound == "exactly":
        return dict.fromkeys(_BOUNDS, read)
    if bound not in _BOUNDS:
        return {}
    said = typed.departures.second if _is_second(typed, ident) else typed.departures.loosest
    said = decimal_of(share_of(said)) if said.endswith("%") else said
    attends = typed.kind is AssistKind.MAJORITY and _is_second(typed, ident)
    if attends and said and counts_members(said) != counts_members(read) and (unit is Unit.COUNT or str(read) != "1"):
        return {}
    return {bound: value_of(ident, typed.name, unit, said) if said else read}


_STATED_ALONE = (Unit.YEARS, Unit.MONTHS, Unit.COUNT)
"""Units in which a number that the text gives without a bound is what it is: 近3年, 5名."""


def demand_as_stated(package: Package, typed: TypedAssistance, read: ClauseReading, said: Departures) -> None:
    """Raise Invalid, with the article, where another number was typed than the one that the text states and no bound of."""
    unit = read.fields.get("unit", "")
    stated = unit in _STATED_ALONE and typed.unit in ("", unit)
    if "value" not in said.fields or "bound" in read.fields or not (stated or typed.bound == "exactly"):
        return
    here, words = package.law.article(typed.clause), said.fields["value"]
    raise Invalid(
        Text(
            f"{here}写的是“{words}”，取值不能是{typed.value.strip()}：请照条文填写。条文已经修改的，先在条款中写入新的条文；"
            "条文说的不是这件事的，换一个助手，或者在“参数”中新增。",
            f"{here} says “{words}”, so the value cannot be {typed.value.strip()}: enter what it says. Where the law was amended, "
            "enter its new text among the clauses first; where it is about something else, take another assistant or add a "
            "parameter.",
        )
    )


def demand_unit(package: Package, typed: TypedAssistance) -> None:
    """Raise Invalid, with the article, where a period was typed in another unit than that of the parameter that is there."""
    old = package.award.parameters.get(typed.parameter)
    if old is None or old.unit not in PERIODS or not typed.unit or unit_of(typed.unit) is old.unit:
        return
    said, here = unit_of(typed.unit), package.law.article(typed.clause)
    if said not in PERIODS:
        return
    stands, wanted = PERIODS[old.unit], PERIODS[said]
    raise Invalid(
        Text(
            f"“{old.text.zh}”按{stands.zh}计算，不能按{here}填{typed.value.strip()}（{wanted.zh}）：两种单位不能互换。"
            f"请填写能保证不超过条文期限的{stands.zh}数；要按{wanted.zh}计算的，以另一个名称新增参数，用在本地自己的环节上。",
            f"“{old.text.en}” counts {stands.en}, so {typed.value.strip()} ({wanted.en}) of {here} cannot be entered: one is not "
            f"the other. Enter so many {stands.en} as surely end within the time of the clause; to count {wanted.en}, add a "
            "parameter under another name, for a step of your own.",
        )
    )


def demand_agreement(package: Package, old: Parameter, clause: str, read: Any) -> None:
    """Raise Invalid, with both articles, where ``clause`` says exactly ``read`` and another one does not allow that."""
    others = tuple(one for one in old.clauses if one != clause)
    side = beyond_bound(old, read) if others else ""
    if not side:
        return
    cited, here = articles_of(package, replace(old, clauses=others)), package.law.article(clause)
    stood, said = value_words(old, getattr(old, side)), value_words(old, read)
    than = {"minimum": Text("不得少于", "at least"), "maximum": Text("不得多于", "at most")}[side]
    raise Invalid(
        Text(
            f"“{old.text.zh}”不能正好是{said.zh}（{here}）：依{cited}{than.zh}{stood.zh}。请核对两处条文：说的是两件事的，换一个名称"
            f"新增参数；{cited}已经修改的，先在条款中写入新的条文，再在参数中改上限、下限。",
            f"“{old.text.en}” cannot be exactly {said.en} ({here}): by {cited} it is {than.en} {stood.en}. Compare both texts: "
            f"where they speak of two matters, add a parameter under another name; where {cited} was amended, enter its new "
            "text among the clauses, then change the bounds of the parameter.",
        )
    )


def tightened(old: Parameter, bounds: dict[str, Any]) -> dict[str, Any]:
    """Return those of ``bounds`` that are narrower than what the parameter has: what another clause draws is not widened."""
    if len(bounds) > 1:
        return bounds

    def narrower(side: str, bound: Any) -> bool:
        stood = getattr(old, side)
        if stood is not None and is_attendance(old) and counts_members(stood) != counts_members(bound):
            return False
        return stood is None or beyond_bound(replace(old, **{side: bound}), stood) == side

    return {side: bound for side, bound in bounds.items() if narrower(side, bound)}


def _is_second(typed: TypedAssistance, ident: str) -> bool:
    return ident != typed.parameter and ident == ASSISTANTS[typed.kind].second


def says_other_numbers(typed: TypedAssistance, text: str) -> bool:
    """Tell whether a time was typed that the clause, which speaks of other numbers, does not say: 5 days beside 3 and 15."""
    counts = typed.unit in {unit.value for unit in PERIODS} and bool(typed.value.strip())
    return counts and bool(numbers_in(text)) and not says_number(text, typed.value.strip())
