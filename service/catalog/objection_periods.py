"""Phases of an objection within its whole period: each ends before the answer is due, where that counts from receipt."""

from __future__ import annotations

from typing import Any

from service.catalog.package import Package
from service.catalog.parameters import Parameter
from service.domain.text import Text

_WHOLE, _RECEIPT = "objection_reply_working_days", "receipt"
_PHASES = ("acceptance", "forward", "investigation", "finding")
"""In their order: the first two count from receipt, the others too, or from the phase before them."""


def beyond_whole_period(package: Package, parameter: Parameter, value: Any) -> Text | None:
    """Return why the phases of an objection do not fit into its whole period once ``parameter`` has ``value``.

    None where they do, where ``parameter`` is none of them, and where the answer has a time limit of its own.
    """
    found = _too_long(package, parameter, value)
    if found is None:
        return None
    phase, end, whole = found
    known = package.award.parameters
    name, of_all = known[phase].text, known[_WHOLE]
    cited = "、".join(dict.fromkeys(map(package.law.article, of_all.clauses))) or of_all.name
    return Text(
        f"“{name.zh}”自收到异议起第{end}个工作日才届满，超过依{cited}“{of_all.text.zh}”的{whole}个工作日。"
        "请缩短这一环节，使它在总期限以内。",
        f"“{name.en}” ends on working day {end} from receipt, after the {whole} of “{of_all.text.en}” by {cited}: shorten the "
        "phase so that it lies within the whole.",
    )


def ends_beyond_whole(package: Package, parameter: Parameter) -> Text | None:
    """Return the same of the values that are written, for the phase alone that is the first to end too late."""
    value = parameter.values[-1].value if parameter.values else None
    found = _too_long(package, parameter, value)
    return beyond_whole_period(package, parameter, value) if found is not None and found[0] == parameter.id else None


def _too_long(package: Package, parameter: Parameter, value: Any) -> tuple[str, int, int] | None:
    """Return the first phase that ends after the whole, on which working day from receipt, and how many the whole has."""
    idents = {phase: f"objection_{phase}_working_days" for phase in _PHASES}
    if parameter.id not in (_WHOLE, "objection_reply_from", *idents.values(), *map(_from, _PHASES)):
        return None
    known = package.award.parameters
    held: dict[str, Any] = {ident: one.values[-1].value for ident, one in known.items() if one.values}
    held[parameter.id] = value
    whole, before = held.get(_WHOLE), 0
    if held.get("objection_reply_from") != _RECEIPT or not isinstance(whole, int):
        return None
    for phase, ident in idents.items():
        days = held.get(ident)
        if not isinstance(days, int):
            continue
        from_receipt = phase in _PHASES[:2] or held.get(_from(phase)) == _RECEIPT
        end = days if from_receipt else before + days
        if end > whole:
            return ident, end, whole
        before = max(before, end)
    return None


def _from(phase: str) -> str:
    return f"objection_{phase}_from"
