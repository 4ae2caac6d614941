"""The reach of an amendment: whether running cases may move to a newer version, and with which values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from service.casework.desk.city_settings import effective_parameters
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import jsonable
from service.casework.reading.version_names import version_names
from service.catalog import Package, Parameter
from service.catalog.law.law import Amendment
from service.catalog.parameters.value_words import value_words
from service.catalog.source.freeze import freeze
from service.domain.calendar.dates import full
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow

_KEPT_BY_A_DRAFT = Text(
    "这份草稿改了条款或参数，没有写明适用于在办办件。发布以后，在办的仍按启动时的版本办完，只有此后启动的办件按新版本办理。"
    "应当适用于在办的，请在发布以前写明；发布以后才发现漏写的，在下一版中写明，这一版的改动随它一并适用于在办的。",
    "The draft changes clauses or values and does not say that it applies to running cases. Once it is published they keep the "
    "version they began under, only cases that start later use the new one. Where it is to apply to them, say so before it is "
    "published; if that is noticed afterwards, the next version says it, and what this one changed then applies with it.",
)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether cases of ``old`` may move to ``new``: ``why`` says on what ground, ``clauses`` are cited for it."""

    allowed: bool
    why: Text
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A frozen value that changes when a case moves; ``old`` None where there was none."""

    parameter: str
    name: Text
    old: Text
    new: Text


def reach_of(desk: Desk, tx: Transaction, old: str, new: Package, today: date) -> Reach:
    """Tell whether running cases of version ``old`` may move to ``new``: every version in between must allow it.

    A version allows it when its own amendment says so; or when it changes neither clauses nor values: a drawing
    was corrected. What a version left unsaid a later one may say for it: one that applies to running cases takes those
    along which a silent version before it would have kept.
    """
    clauses: dict[str, None] = {}
    published = version_names(tx.definitions.versions(new.key))
    said_later = False
    for before, after in reversed(_steps(desk, tx, old, new)):
        step = _step(before, after, today, published.get(after.version))
        if not step.allowed and not (said_later and _says_nothing(before, after)):
            return step
        said_later = said_later or (step.allowed and bool(step.clauses))
        clauses = dict.fromkeys((*(step.clauses if step.allowed else ()), *clauses))
    if clauses:
        cited = "、".join(dict.fromkeys(new.law.article(c) for c in clauses))
        ground = Text(f"依{cited}，适用于进行中的办件。", f"By {cited} it applies to running cases.")
        return Reach(allowed=True, why=ground, clauses=tuple(clauses))
    ground = Text(
        "条款和参数没有变化，只是更正流程图、表单或文书。", "Neither clauses nor values changed: a correction."
    )
    return Reach(allowed=True, why=ground, clauses=())


def moved_parameters(tx: Transaction, old: Package, new: Package, case: CaseRow, today: date) -> dict[str, Any]:
    """Return the values that ``case`` has after moving: what the amendment changed as of today, the rest as frozen."""
    effective = effective_parameters(tx, new)
    return {
        ident: jsonable(effective[ident].value_on(today))
        if _amended(old.award.parameters.get(ident), parameter) or ident not in case.parameters
        else case.parameters[ident]
        for ident, parameter in new.award.parameters.items()
    }


def value_changes(old: Package, new: Package, frozen: Mapping[str, Any], moved: Mapping[str, Any]) -> list[ValueChange]:
    """Return in words what differs between the values a case froze and those it has after moving."""
    found = []
    for ident in dict.fromkeys((*frozen, *moved)):
        before, after = old.award.parameters.get(ident), new.award.parameters.get(ident)
        known = after or before
        if known is not None and (ident in frozen, frozen.get(ident)) != (ident in moved, moved.get(ident)):
            lines = (_value_words(before, frozen, ident), _value_words(after, moved, ident))
            found.append(ValueChange(ident, known.text, *lines))
    return found


def _value_words(parameter: Parameter | None, values: Mapping[str, Any], ident: str) -> Text:
    if parameter is None or ident not in values:
        return Text("（没有）", "(none)")
    return value_words(parameter, freeze(values[ident]))


def _amended(before: Parameter | None, after: Parameter) -> bool:
    return before is None or before.values != after.values


def _steps(desk: Desk, tx: Transaction, old: str, new: Package) -> Sequence[tuple[Package, Package]]:
    """Return the versions from ``old`` to ``new`` in pairs; one leap where they do not follow each other."""
    rows = {row.version: row for row in tx.definitions.versions(new.key)}
    path, here = [new.version], new.version
    while here != old and (base := rows[here].base if here in rows else None) and base not in path:
        path.append(base)
        here = base
    if path[-1] != old:
        path = [new.version, old]
    packages = [desk.packages.get(version, tx) for version in reversed(path)]
    return list(pairwise(packages))


def _step(before: Package, after: Package, today: date, name: Text | None) -> Reach:
    """Tell what one version says of the cases of the one before it; one without a ``name``, a draft, can still change that."""
    amendment = after.law.amendment
    if amendment is not None and amendment != before.law.amendment and amendment.applies_to_running:
        if amendment.since is None or amendment.since <= today:
            return Reach(allowed=True, why=amendment.note, clauses=amendment.clauses)
        day = full(amendment.since)
        ground = Text(f"修订自{day.zh}起才适用于进行中的办件。", f"It applies to running cases from {day.en} only.")
        return Reach(allowed=False, why=ground, clauses=amendment.clauses)
    if _same_rules(before, after):
        return Reach(allowed=True, why=Text("", ""), clauses=())
    if amendment is not None and amendment != before.law.amendment:
        return Reach(allowed=False, why=_kept_as_stated(amendment), clauses=amendment.clauses)
    clauses = amendment.clauses if amendment else ()
    if name is None:
        return Reach(allowed=False, why=_KEPT_BY_A_DRAFT, clauses=clauses)
    ground = Text(
        f"{name.zh}改了条款或参数，却没有规定适用于进行中的办件：按启动时的版本办完。"
        "确属漏写的，在新草稿的“评审与发布”中写明“在办办件”适用修订，发布以后连同这一版一并迁移。",
        f"A version changes clauses or values and does not say that it applies to running cases ({name.en}): they keep "
        "the version they began under. If that was forgotten, say under “Review and publish” of a new draft that it applies to "
        "running cases: once published it takes them past this version too.",
    )
    return Reach(allowed=False, why=ground, clauses=clauses)


def _says_nothing(before: Package, after: Package) -> bool:
    return after.law.amendment is None or after.law.amendment == before.law.amendment


def _kept_as_stated(amendment: Amendment) -> Text:
    note = amendment.note
    return Text(
        "这一版写明：在办的按启动时的版本办完，只有此后启动的办件按新版本办理"
        + (f"（{note.zh}）。" if note.zh else "。"),
        "It says that running cases keep the version they began under and only cases that start later use the new one"
        + (f" ({note.en})." if note.en else "."),
    )


def _same_rules(before: Package, after: Package) -> bool:
    return before.law.clauses == after.law.clauses and before.award.parameters == after.award.parameters
