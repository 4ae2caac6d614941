"""Parameters that a scenario sets for itself: known, of their kind, and within the law unless somebody says otherwise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from service.catalog import Package, Parameter
from service.catalog.parameters.parameters import DatedValue
from service.catalog.problems import did_you_mean
from service.catalog.settings.settings import read_value, why_of_another_kind, why_refused
from service.catalog.source.freeze import freeze
from service.domain.errors import Invalid
from service.domain.text import Text

_PLAIN = re.compile(r"[^\W\d_][^:：,{}\[\]#&*!|>'\"%@`?]*")
"""A name that stands in a line of YAML as it is."""


def read_parameters(
    package: Package, typed: Iterable[tuple[str, Any]], before: Mapping[str, Any], *, beyond: bool = False
) -> dict[str, Any]:
    """Return what was typed of parameters by their ids or names; what says the same as ``before`` is left alone.

    Raises Invalid, with the article, for a name that is none, for what is no value, and for one that the law does not
    allow unless ``beyond`` asks for it: a season may be cut short by it.
    """
    found: dict[str, Any] = {}
    fresh: list[str] = []
    for name, said in typed:
        parameter = _named(package, name)
        if parameter is None:
            raise Invalid(no_parameter(package, name))
        if parameter.id in found:
            raise Invalid(
                Text(
                    f"“{parameter.name}”写了两次，请只留一行。", f"“{parameter.text.en}” is said twice: keep one line."
                )
            )
        if parameter.id in before and before[parameter.id] == said:
            found[parameter.id] = said
            continue
        value = read_value(parameter, said) if isinstance(said, str) else said
        refusal = why_of_another_kind(parameter, value)
        if refusal is not None:
            raise Invalid(refusal)
        found[parameter.id] = value
        fresh.append(parameter.id)
    refusals = () if beyond else values_beyond(package, found, fresh)
    for refusal in refusals:
        raise Invalid(refusal)
    return found


def no_parameter(package: Package, name: str) -> Text:
    """Say that ``package`` has no parameter of this name, and which one may be meant."""
    hint = did_you_mean(name, package.award.parameters)
    return Text(f"没有参数“{name}”。{hint.zh}", f"There is no parameter “{name}”. {hint.en}")


def values_beyond(package: Package, values: Mapping[str, Any], judged: Iterable[str] | None = None) -> Iterator[Text]:
    """Yield why the law does not allow a value that a scenario sets, with the article, for each that it does not allow.

    All of them hold together: a phase is compared with the whole period that the scenario sets. ``judged`` names those
    that are asked about, None for all.
    """
    known = package.award.parameters
    sound = {
        name: value for name, value in values.items() if name in known and not why_of_another_kind(known[name], value)
    }
    together = with_values(package, sound)
    for name in values if judged is None else judged:
        refusal = why_refused(together, known[name], values[name]) if name in known else None
        if refusal is not None:
            yield refusal


def with_values(package: Package, values: Mapping[str, Any]) -> Package:
    """Return ``package`` in which parameters that it has are of these ``values``, from the first day on."""
    award = package.parts.award
    set_here = {
        name: replace(award.parameters[name], values=(DatedValue(date.min, freeze(value)),))
        for name, value in values.items()
    }
    changed = replace(award, parameters=MappingProxyType({**award.parameters, **set_here}))
    return replace(package, parts=replace(package.parts, award=changed))


def names_of_parameters(package: Package) -> dict[str, str]:
    """Return what each parameter is called in a line of a head, by its id: the id again where its name cannot be read back."""
    called = Counter(one.name for one in package.award.parameters.values())
    return {
        key: one.name
        if called[one.name] == 1 and _named(package, one.name) is one and _PLAIN.fullmatch(one.name)
        else key
        for key, one in package.award.parameters.items()
    }


def _named(package: Package, name: str) -> Parameter | None:
    known = package.award.parameters
    if name in known:
        return known[name]
    called = [one for one in known.values() if one.name == name]
    return called[0] if len(called) == 1 else None
