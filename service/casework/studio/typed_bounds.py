"""Which bound and whose word a value has that was typed into the assistant of a clause."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.casework.studio.new_parameter import value_of
from service.casework.studio.typed_fields import TypedAssistance
from service.casework.studio.typed_shares import decimal_of, share_of
from service.catalog import Parameter, Unit
from service.catalog.clause_assistants import ASSISTANTS, AssistKind
from service.catalog.clause_drawing import NO_BAR
from service.catalog.units import beyond_bound

_BOUNDS = ("minimum", "maximum")


def own_choice(typed: TypedAssistance, ident: str) -> dict[str, Any]:
    """Return whose word a value is that the text says otherwise: the place's, with what the text says."""
    if typed.kind is AssistKind.REVOCATION and ident == typed.parameter and typed.value == NO_BAR:
        return {"source": "default", "question": "条文没有规定撤销后几年内不得申报，按不限制，请核对。"}
    words = typed.departures.fields.get("second" if _is_second(typed, ident) else "value")
    return {"source": "default", "question": f"条文写的是“{words}”，取值由本地选定，请核对。"} if words else {}


def bounds_of(typed: TypedAssistance, ident: str, bound: str, unit: Unit, read: Any) -> dict[str, Any]:
    """Return the bounds of a value that was typed as ``read``: the number of the text where it draws one on this side."""
    if bound == "exactly":
        return dict.fromkeys(_BOUNDS, read)
    if bound not in _BOUNDS:
        return {}
    said = typed.departures.second if _is_second(typed, ident) else typed.departures.loosest
    said = decimal_of(share_of(said)) if said.endswith("%") else said
    return {bound: value_of(ident, typed.name, unit, said) if said else read}


def tightened(old: Parameter, bounds: dict[str, Any]) -> dict[str, Any]:
    """Return those of ``bounds`` that are narrower than what the parameter has: what another clause draws is not widened."""
    if len(bounds) > 1:
        return bounds

    def narrower(side: str, bound: Any) -> bool:
        stood = getattr(old, side)
        return stood is None or beyond_bound(replace(old, **{side: bound}), stood) == side

    return {side: bound for side, bound in bounds.items() if narrower(side, bound)}


def _is_second(typed: TypedAssistance, ident: str) -> bool:
    return ident != typed.parameter and ident == ASSISTANTS[typed.kind].second
