"""Expectation ``prefill``: the first values of the form of an open task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from service.casework.reading.open_read_only import open_read_only
from service.casework.simulate.stage import PlayState
from service.casework.tasks.prefill import first_values


def prefilled(stage: PlayState, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``prefill: settle_acceptance, contains: 同届申报``: what the office finds in the open task's form."""
    reader = stage.cast.actor("office")
    with stage.desk.store.read() as tx:
        case = tx.cases.get(stage.case(row["case"]))
        step = open_read_only(stage.desk, tx, case, reader)
        return [
            {"prefill": task.element, "text": json.dumps(first_values(step, task), ensure_ascii=False, default=str)}
            for task in tx.tasks.of_case(case.id)
            if task.state == "open" and task.form
        ]
