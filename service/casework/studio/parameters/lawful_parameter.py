"""What is demanded of a parameter of a draft: that it can be read, and that the law allows its values and bounds."""

from __future__ import annotations

from dataclasses import replace

from service.casework.studio.drafts.draft_tree import DraftTree
from service.casework.studio.parameters.parameter_refused import ParameterRefused
from service.catalog import Package, Parameter
from service.catalog.parameters.parameters import DatedValue
from service.catalog.settings.looser_bounds import LooserBound, bounds_given_up, looser_bounds, other_than_quoted
from service.catalog.settings.settings import why_unlawful
from service.catalog.source.freeze import thaw
from service.domain.errors import Invalid
from service.domain.text import Text


def demand_readable(tree: DraftTree, changed: Package, path: str) -> None:
    """Raise Invalid with the first thing that cannot be read now and could before."""
    known = set(tree.package.problems)
    fresh = next((p for p in changed.problems if p.file == path and p not in known), None)
    if fresh is not None:
        raise Invalid(Text(f"{fresh.message.zh}{fresh.remedy.zh}", f"{fresh.message.en} {fresh.remedy.en}"))


def demand_lawful(package: Package, old: Parameter | None, parameter: Parameter) -> None:
    """Raise Invalid unless the law allows every value, and its bounds where they are typed anew.

    What was written before tells what is usual, and neither a bound that stood beside the same words is in the way of others,
    nor a value that another one has followed: what an amendment shortens from a day on was longer before.
    """
    given_up = next(bounds_given_up(package, old, parameter), None) if old else None
    if given_up is not None:
        raise ParameterRefused(_with_remedy(given_up, parameter), "minimum" if given_up.least else "maximum")
    stood = {(one.least, one.bound(old)) for one in looser_bounds(package, old)} if old else set()
    fresh = (one for one in looser_bounds(package, parameter) if (one.least, one.bound(parameter)) not in stood)
    looser = next(fresh, None)
    if looser is not None:
        raise ParameterRefused(_with_remedy(looser, parameter), "minimum" if looser.least else "maximum")
    judged = replace(parameter, values=(*old.values, *parameter.values)) if old else parameter
    refusals = (
        why_unlawful(package, judged, thaw(dated.value)) or other_than_quoted(package, judged, thaw(dated.value))
        for dated in _judged(old, parameter)
    )
    refusal = next((said for said in refusals if said is not None), None)
    if refusal is not None:
        raise ParameterRefused(refusal, "value")


def _judged(old: Parameter | None, parameter: Parameter) -> list[DatedValue]:
    """Return the values that a change makes, and the last one; with other bounds all that today's wording judges."""
    if old is None or (old.minimum, old.maximum) != (parameter.minimum, parameter.maximum):
        return list(parameter.judged)
    return [dated for dated in parameter.judged if dated not in old.values or dated is parameter.values[-1]]


def _with_remedy(looser: LooserBound, parameter: Parameter) -> Text:
    said, number = looser.reason(parameter), looser.number
    return Text(
        f"{said.zh}请改为{number}；条文已经修改的，先在条款中写入新的条文。",
        f"{said.en} Write {number}; where the law was amended, enter its new text among the clauses first.",
    )
