"""What of an element reads the parameter of a clause: the due day of a task, the days of a notice."""

from __future__ import annotations

from dataclasses import dataclass

from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import Element
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.parameters.parameters import Unit


@dataclass(frozen=True, slots=True)
class Wiring:
    """What of an element reads the parameter from now on: properties, and parameters of its operation (None: gone)."""

    properties: dict[str, str]
    parameters: dict[str, str | None]


def wiring(kind: AssistKind, unit: Unit, element: Element, parameter: str, start: str = "") -> Wiring:
    """Return what lets ``element`` keep to ``parameter``; nothing where the element has no place for it.

    ``start`` is the formula of the day from which a time limit counts, "" for when the task begins.
    """
    read, counting = f"param.{parameter}", counted_days(unit, parameter, start)
    if counting and kind in (AssistKind.TIME_LIMIT, AssistKind.OBJECTION_WINDOW) and element.kind is Kind.USER_TASK:
        return Wiring({"due": counting}, {})
    drafts = element.operation is not None and element.operation.operation == "notice.draft"
    if counting and kind is AssistKind.NOTICE and drafts:
        other = "calendar_days" if unit is Unit.WORKING_DAYS else "working_days"
        return Wiring({}, {unit.value: read, other: None})
    return Wiring({}, {})


def counted_days(unit: Unit, parameter: str, start: str = "") -> str:
    """Return the formula of a time limit of so many days as ``parameter`` says from ``start``, "" for a unit that counts none."""
    counting = {Unit.WORKING_DAYS: "workdays", Unit.CALENDAR_DAYS: "caldays"}.get(unit)
    since = f", {start}" if start else ""
    return f"{counting}(param.{parameter}{since})" if counting else ""
