"""Run a service task (operation or decision) inside the step, in a savepoint."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from service.casework.scope.record import case_facts
from service.casework.step.decide import decide, is_deliberate_null
from service.casework.step.fill import DecidedByNothing
from service.casework.step.incident import Incident, open_incident
from service.casework.step.step import Step
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.engine import RESUMED, ServiceCall, StepFailed, Stopped
from service.store import Stale, Unreachable

DECISION = "decision:"
STOPPED = "service"
"""Kind of the incident of a service task that failed."""


class UnknownOperation(LaurelError):
    """A diagram calls an operation that no handler offers."""

    code = "unknown_operation"


class NothingGiven(LaurelError):
    """A parameter of an operation is null without having been left out on purpose."""

    code = "nothing_given"


def run_service_task(step: Step, call: ServiceCall) -> bool:
    """Carry out ``call``; on failure roll its writes back, open an incident and return False.

    The person's step that led here stays: only the handler's own writes are undone, and the
    service task waits to be tried again. Raises Stale for a write conflict, StepFailed where the diagram cannot go
    on, Unreachable where the database went away: then nothing of the unit of work stays.
    """
    mark, case, facts, changes = step.pending.mark(), step.case, dict(step.facts), dict(step.changes)
    step.running = f"{call.process_id}/{call.element_id}"
    try:
        with step.tx.savepoint():
            if call.operation == RESUMED:
                step.instance.resume(call.id)
            else:
                result = _run_operation(step, call)
                step.tx.crash("handler-done")
                step.instance.complete_service(call.id, result)
    except (Stale, StepFailed, Unreachable):
        # A lost race is run again from the beginning; an instance that cannot go on must not be saved, and where the
        # database went away nothing can be.
        raise
    except Exception as error:
        step.pending.cut(mark)
        step.stand_at(case, facts, changes)
        _report_failure(step, call, error)
        return False
    finally:
        step.running = None
    step.forget_records()
    return True


def _run_operation(step: Step, call: ServiceCall) -> Mapping[str, Any]:
    if call.operation.startswith(DECISION):
        return decide(step, call.operation.removeprefix(DECISION), call.data)
    operation = step.desk.operations.get(call.operation)
    if operation is None:
        raise UnknownOperation(
            Text(
                f"流程图要求的操作“{call.operation}”没有处理程序，请检查该服务任务的操作名。",
                f"No handler offers the operation “{call.operation}”: check the service task's operator.",
            )
        )
    _require_parameters(step, call)
    return operation.run(step.desk.services(step, call), call.parameters) or {}


def _require_parameters(step: Step, call: ServiceCall) -> None:
    """Raise NothingGiven where a parameter came to null and its formula does not say that it may, or DecidedByNothing."""
    drawn = step.element(call.process_id, call.element_id).operation
    for name, text in (drawn.parameters if drawn else {}).items():
        if names := step.instance.undecided(text, call.data):
            raise DecidedByNothing(text, names)
        if (
            call.parameters.get(name) is None
            and text.strip()
            and not is_deliberate_null(step, call.process_id, text, call.data)
        ):
            raise NothingGiven(
                Text(
                    f"参数“{name}”的公式“{text}”得空值：其中有名称或者路径没有值。请补上数据或者改正公式；"
                    "允许为空的，在公式中写明 null。",
                    f"The formula of “{name}”, “{text}”, came to nothing: something it reads is not there. Supply it or "
                    "correct the formula; where nothing is meant, let the formula say null.",
                )
            )


def _report_failure(step: Step, call: ServiceCall, error: Exception) -> None:
    name = step.element(call.process_id, call.element_id).name or call.element_id
    reason, remedy = _failure_words(error)
    what = Text(f"“{name}”没有完成：{reason.zh}", f"“{name}” was not carried out: {reason.en}")
    incident = Incident(
        STOPPED,
        what,
        Text(
            "办件停在这一步，之后的环节都在等待。",
            "The case stands still here; all later steps wait.",
        ),
        remedy,
        call.element_id if isinstance(error, Stopped) else "".join(traceback.format_exception(error)),
        f"service:{call.operation}/{call.element_id}/{type(error).__name__}"[:200],
    )
    open_incident(
        step, call.id, call.element_id, incident, {"operation": call.operation, "facts": case_facts(step.case)["id"]}
    )


def _failure_words(error: Exception) -> tuple[Text, Text]:
    """Return why a task was not carried out, and what to do."""
    if isinstance(error, Stopped):
        return error.message, Text(
            "补上所缺的数据，或者改正公式并把办件转到新版本，再点“重试”。",
            "Supply what is missing, or correct the formula and move the case to the new version; then press “Retry”.",
        )
    reason = error.message if isinstance(error, LaurelError) else Text("程序出错", "the program failed")
    return reason, Text("排除原因后点“重试”。", "Remove the cause, then press “Retry”.")
