"""Expectation ``prefill``: first values of an open task's form, and its sentence on what submitting brings about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from service.casework.reading.case_loading import open_read_only, token_data
from service.casework.simulate.stage.stage import PlayState
from service.casework.step.step import Step
from service.casework.tasks.prefill import first_values
from service.store.models import TaskRow


def prefilled(stage: PlayState, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``prefill: settle_acceptance, contains: 同届申报``: what the office finds in the open task's form."""
    reader = stage.cast.actor("office")
    with stage.desk.store.read() as tx:
        case = tx.cases.get(stage.case(row["case"]))
        step = open_read_only(stage.desk, tx, case, reader)
        return [
            {"prefill": task.element, "text": _shown(step, task)}
            for task in tx.tasks.of_case(case.id)
            if task.state == "open" and task.form
        ]


def _shown(step: Step, task: TaskRow) -> str:
    consequence = step.element(task.process_id, task.element).consequence
    says = step.text(consequence, token_data(step, task)) if consequence else ""
    return says + json.dumps(first_values(step, task), ensure_ascii=False, default=str)
