"""Open an incident: a failure in a step that waits for an administrator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.step.step import Step
from service.domain.text import Text
from service.store.models import IncidentRow


@dataclass(frozen=True, slots=True)
class Incident:
    """What happened, what follows from it and what to do; ``detail`` is for those who repair the program or the diagram.

    ``cause`` is what it has in common with those that the same remedy settles, where the sentence names one case.
    """

    kind: str
    what: Text
    consequence: Text
    remedy: Text
    detail: str
    cause: str = ""


def open_incident(
    step: Step, engine_id: str, element: str, incident: Incident, data: Mapping[str, Any] | None = None
) -> None:
    """Report ``incident`` at ``element`` of the step's case; the same one again counts up. ``data`` goes into the history."""
    step.tx.incidents.open(
        IncidentRow(
            jurisdiction=step.case.jurisdiction,
            case_id=step.case.id,
            engine_id=engine_id,
            element=element,
            kind=incident.kind,
            what=incident.what.as_json(),
            consequence=incident.consequence.as_json(),
            remedy=incident.remedy.as_json(),
            detail=incident.detail,
            since=step.now,
            cause=incident.cause,
        )
    )
    step.audit("incident", incident.what.zh, element, dict(data or {}))
