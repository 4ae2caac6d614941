"""Mutants of parameters that cite: another amount, term, quota, choice or text in force."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from service.catalog.package import Package
from service.catalog.parameters.parameters import Parameter
from service.catalog.source.freeze import freeze
from service.domain.text import Text
from tests.mutants.mutant import Mutant, MutatedPiece


def mutants_of_parameters(package: Package) -> Iterator[Mutant]:
    """Yield a mutant for each parameter that cites a clause: all its dated values are others."""
    for parameter in package.award.parameters.values():
        if parameter.clauses and parameter.values:
            now = parameter.values[-1].value
            if (other := _other(parameter, now)) is not None:
                yield Mutant(
                    f"parameters/{parameter.id}",
                    parameter.clauses,
                    Text(
                        f"参数“{parameter.name}”由{_value_words(now)}改为{_value_words(other)}",
                        f"parameter “{parameter.name_en}” {_value_words(other)}, was {_value_words(now)}",
                    ),
                    MutatedPiece.PARAMETER,
                    parameter.id,
                    _with_other_values,
                    parameter=parameter.id,
                    words=(parameter.id,),
                )


def _value_words(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda v: dict(v) if isinstance(v, Mapping) else str(v))


def _other(parameter: Parameter, now: Any) -> Any:
    if parameter.choices:
        return next((choice for choice in parameter.choices if choice != now), None)
    if isinstance(now, bool):
        return not now
    if isinstance(now, int | float):
        return now * 2 if parameter.unit == "yuan" and now else now + 1
    if isinstance(now, tuple):
        return now[1:] if now else None
    if isinstance(now, Mapping):
        raised = {key: _raised(value) for key, value in now.items()}
        return None if raised == dict(now) else raised
    if isinstance(now, str):
        return f"{now}（已改）"
    return now + timedelta(days=1) if hasattr(now, "isoformat") else None


def _raised(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _raised(inner) for key, inner in value.items()}
    return value + 1 if isinstance(value, int | float) and not isinstance(value, bool) else value


def _with_other_values(parameter: Parameter) -> Parameter:
    others = ((dated, _other(parameter, dated.value)) for dated in parameter.values)
    values = tuple(replace(dated, value=dated.value if other is None else freeze(other)) for dated, other in others)
    return replace(parameter, values=values)
