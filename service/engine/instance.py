"""One running instance: everything a person, a handler, a timer or a message can do to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from service.domain.calendar import Window
from service.domain.feel import Expression
from service.domain.text import Text
from service.engine import history, interruptions, messages, reading
from service.engine.definition import Definition
from service.engine.environment import Environment
from service.engine.errors import is_stopped, not_waiting, try_again
from service.engine.instance_view import InstanceView, failing
from service.engine.model import PersonTask, ServiceCall, ThrownMessage
from service.engine.scripts import Scripts
from service.engine.state import dump_workflow, forget_saved, restore_workflow
from service.engine.steps import run_automatic
from service.engine.timers import DUE, RepeatingTimer, due_of, moved
from service.engine.values import json_data
from service.engine.workflow import OutermostWorkflow

_TASK, _CALL, _TIMER = Text("任务", "task"), Text("系统任务", "service task"), Text("计时", "timer")


class Instance(InstanceView):
    """A running instance. One thread at a time; after an exception drop it and go on from the last saved bytes."""

    def __init__(self, definition: Definition, workflow: Any, env: Environment, thrown: list[ThrownMessage]) -> None:
        self._definition = definition
        self._scripts = Scripts(definition.expressions, env)
        self._thrown = thrown
        self._saved = True
        self._connect_workflow(workflow)

    # What can happen to it

    def complete_person(self, task_id: str, data: Mapping[str, object]) -> None:
        """Complete a person's task; ``data`` replaces top-level keys.

        Raises:
            NotWaiting: if it does not wait any more.
            BadData: if a value cannot be kept.
            StepFailed: if the diagram cannot go on.
        """
        task = self._find_task(task_id)
        if task is None or not reading.is_person_task(task):
            raise not_waiting(_TASK)
        task.set_data(**json_data(data))
        with failing(task):
            task.run()
        self._advance()

    def complete_service(self, task_id: str, result: object) -> None:
        """Complete a service task; ``result`` is put under its result variable, if it has one. Raises as above."""
        task = self._get_service_task(task_id)
        if task.task_spec.result_variable is not None:
            task.set_data(**json_data({task.task_spec.result_variable: result}))
        with failing(task):
            task.complete()
        self._advance()

    def resume(self, task_id: str) -> None:
        """Try an element again that could not be carried out; raises Stopped where it still cannot, else as above."""
        task = self._find_task(task_id)
        if task is None or not is_stopped(task):
            raise not_waiting(_CALL)
        with failing(task):
            try_again(task)
        self._advance()

    def raise_error(self, task_id: str, code: str, payload: Mapping[str, object] | None = None) -> bool:
        """Raise a BPMN error in a service task; False if no enclosing activity catches it: nothing has changed."""
        task = self._get_service_task(task_id)
        event = interruptions.error_event(code, json_data(payload) if payload is not None else None)
        boundary = interruptions.nearest_boundary(task, event.event_definition)
        if boundary is None:
            return False
        with failing(boundary):
            interruptions.trigger_catcher(boundary, event)
        self._advance()
        return True

    def deliver(self, name: str, payload: Mapping[str, object] | None = None) -> bool:
        """Give a message to the one catcher that has waited longest; False if no event waits for it."""
        if not self._deliver_message(name, json_data(payload or {})):
            return False
        self._advance()
        return True

    def fire(self, timer_id: str) -> bool:
        """Fire exactly this timer, whatever the time is; False if it is not waiting any more."""
        task = self._find_timer(timer_id)
        if task is None:
            return False
        with failing(task):
            self._fire_event(task)
        self._advance()
        return True

    def move_timer(self, timer_id: str, due: datetime, window: Window | None = None) -> None:
        """Make a waiting timer due at another instant, ``window`` says why; raises NotWaiting."""
        task = self._find_timer(timer_id)
        if task is None:
            raise not_waiting(_TIMER)
        self._saved = False
        task.internal_data[DUE] = moved(task.internal_data[DUE], due)
        self._scripts.windows.pop(timer_id, None)
        if window is not None:
            self._scripts.windows[timer_id] = window

    def timer_as_of(self, timer_id: str, started: datetime) -> tuple[datetime, Window | None] | None:
        """Return when a waiting timer would be due had it started then, by today's values, and why.

        None for one that repeats or no longer waits, and where its expression yields no instant.
        """
        task = self._find_timer(timer_id)
        timer = None if task is None else reading.timer_definition(task.task_spec)
        if timer is None or isinstance(timer, RepeatingTimer):
            return None
        value, windows = self.evaluate_as_of(timer.expression, task.data, started)
        try:
            due = due_of(value, started)
        except (ValueError, OverflowError):
            return None
        return due, next((w for w in windows if w.ends_at == due), None)

    def timer_data(self, timer_id: str) -> Mapping[str, object]:
        """Return what the expression of a waiting timer sees of its token; nothing where it no longer waits."""
        task = self._find_timer(timer_id)
        data: Mapping[str, object] = {} if task is None else task.data
        return data

    def terminate(self) -> None:
        """Cancel everything that is unfinished."""
        self._saved = False
        self._workflow.cancel()

    # Questions

    def evaluate(self, expression: str | Expression, data: Mapping[str, object]) -> tuple[object, tuple[Window, ...]]:
        """Return the value of an expression on ``data`` and the windows it computed; raises FeelSyntaxError."""
        self._scripts.env.take_windows()
        value = self._scripts.value(expression, data)
        return value, self._scripts.env.take_windows()

    def undecided(self, expression: str, data: Mapping[str, object]) -> tuple[str, ...]:
        """Return the names without a value that decided an expression on ``data``."""
        return self._scripts.undecided(expression, data)

    def missing(self, expression: str, data: Mapping[str, object]) -> tuple[str, ...]:
        """Return the names without a value that make an expression null on ``data``."""
        return self._scripts.missing(expression, data)

    def evaluate_as_of(
        self, expression: str, data: Mapping[str, object], now: datetime
    ) -> tuple[object, tuple[Window, ...]]:
        """Return the same as if the clock showed ``now``."""
        scripts = Scripts(self._definition.expressions, replace(self._scripts.env, now=now))
        return scripts.value(expression, data), scripts.env.take_windows()

    def foresee(
        self, expression: Expression, data: Mapping[str, object], now: datetime
    ) -> tuple[object, tuple[Window, ...]]:
        """Return the same for a clock that will show ``now``; a period from a day not known yet begins then."""
        scripts = Scripts(self._definition.expressions, replace(self._scripts.env, now=now, foresees=True))
        return scripts.value(expression, data), scripts.env.take_windows()

    def thrown(self) -> tuple[ThrownMessage, ...]:
        """Return the messages sent since the last call that nobody inside caught, and forget them."""
        messages_sent = tuple(self._thrown)
        self._saved = self._saved and not messages_sent
        self._thrown.clear()
        return messages_sent

    def previous_person_task(self, task_id: str) -> str | None:
        """Return the id of the completed person task directly before, if going back there takes nothing else along."""
        task = self._find_task(task_id)
        previous_task = history.previous_person_task(task) if task is not None else None
        return str(previous_task.id) if previous_task is not None else None

    def is_item_under_way(self, task_id: str) -> bool:
        """Return whether a completed person task is one of several done at the same time of which others still wait."""
        task = self._find_task(task_id)
        return task is not None and history.is_item_under_way(task)

    def earlier_person_tasks(self, task_id: str, undone: history.Undone) -> tuple[PersonTask, ...]:
        """Return the completed person tasks before this one, nearest first; between them lies what can be ``undone`` alone."""
        task = self._find_task(task_id)
        tasks = history.earlier_person_tasks(task, undone) if task is not None else []
        return tuple(reading.person_task(each) for each in tasks)

    def passed(self, task_id: str, before: str, undone: history.Undone) -> tuple[ServiceCall, ...]:
        """Return the operations between the completed person task ``before`` and this one, the latest first."""
        task, back = self._find_task(task_id), self._find_task(before)
        tasks = history.passed(task, back, undone) if task is not None else []
        return tuple(reading.service_call(each, self._scripts) for each in tasks)

    def in_the_way(self, task_id: str, undone: history.Undone) -> reading.TokenPosition | None:
        """Return what lets a task not go back: what happened before it, or itself for work beside it; None at the beginning."""
        task = self._find_task(task_id)
        barrier = history.in_the_way(task, undone) if task is not None else None
        return reading.place(barrier) if barrier is not None else None

    def rewind(self, task_id: str) -> None:
        """Make a completed person task wait again and drop what came after; raises NotWaiting if it is none."""
        task = self._find_task(task_id)
        if task is None or not isinstance(task.task_spec, reading.PERSON) or task.state != TaskState.COMPLETED:
            raise not_waiting(_TASK)
        forget_saved(self._workflow)
        with failing(task):
            history.rewind_workflow(self._workflow, task)
        self._advance()
        self._connect_workflow(
            restore_workflow(self._definition, self.dump())[0]
        )  # forget waiting events of what was dropped

    def dump(self, *, small: bool = True) -> bytes:
        """Return the state as opaque bytes, without the diagrams; ``small`` unless they are thrown away soon."""
        state = dump_workflow(self._workflow, self._thrown, small=small)
        self._saved = True
        return state

    @property
    def saved(self) -> bool:
        """Whether nothing has happened to it since it was last dumped or restored."""
        return self._saved

    def resume_in(self, env: Environment) -> None:
        """Surround it for another step, as ``restore`` would."""
        self._scripts = self._workflow.script_engine = Scripts(self._definition.expressions, env)

    def let_go(self) -> None:
        """Free its tokens at once; it cannot be used afterwards.

        They and their processes hold each other, so that the memory of each would wait for the collector of garbage.
        """
        for workflow in reading.list_workflows(self._workflow):
            workflow.__dict__.clear()

    # Inside

    def _connect_workflow(self, workflow: Any) -> None:
        self._workflow = workflow
        workflow.script_engine = self._scripts
        workflow.task_removed_event.connect(self._clean_up_task)

    def _clean_up_task(self, _workflow: Any, task: Any) -> None:
        """Clean up after a removed task: the library leaves its called process and its waiting event behind."""
        self._workflow.event_manager.remove_task(task)
        inner = self._workflow.subprocesses.pop(task.id, None)
        for child in inner.tasks.values() if inner is not None else ():
            self._clean_up_task(inner, child)

    def _start_process(self, data: Mapping[str, object]) -> None:
        self._workflow.task_tree.set_data(**json_data(data))
        self._advance()

    def _advance(self) -> None:
        """Run automatic elements and hand round messages until only waits are left."""
        self._saved = False
        while True:
            with failing():
                run_automatic(self._workflow)
            if not self._hand_round():
                return

    def _hand_round(self) -> bool:
        """Deliver thrown messages inside, keep the others for ``thrown``; say whether any was caught."""
        sent, self._scripts.outbox = self._scripts.outbox, []
        caught = False
        for message in sent:
            if self._deliver_message(message.name, message.payload):
                caught = True
            else:
                self._thrown.append(message)
        self._workflow.get_events()  # terminations leave an event behind
        return caught

    def _deliver_message(self, name: str, payload: Mapping[str, object]) -> bool:
        with failing():
            return messages.deliver(self._workflow, name, payload)

    def _fire_event(self, task: Any) -> None:
        definition = task.task_spec.event_definition
        if isinstance(definition, RepeatingTimer) and (following := definition.following(task)) is not None:
            interruptions.wait_again(task, **following)
        task.internal_data["event_fired"] = True
        task.task_spec._update(task)
        if getattr(task.task_spec, "cancel_activity", False):
            interruptions.interrupt_activity(task)

    def _find_task(self, task_id: str) -> Any:
        try:
            key = UUID(task_id)
        except ValueError:
            return None
        return next((wf.tasks[key] for wf in reading.list_workflows(self._workflow) if key in wf.tasks), None)

    def _get_service_task(self, task_id: str) -> Any:
        task = self._find_task(task_id)
        if task is None or not reading.is_service_call(task):
            raise not_waiting(_CALL)
        return task

    def _find_timer(self, timer_id: str) -> Any:
        task = self._find_task(timer_id)
        waiting = task is not None and task.id in self._workflow.event_manager.tasks and reading.is_timer(task)
        return task if waiting else None


def start_instance(definition: Definition, process_id: str, env: Environment, data: Mapping[str, object]) -> Instance:
    """Return a new instance, run to its first wait."""
    process = definition.process(process_id)
    instance = Instance(definition, OutermostWorkflow(process.spec, process.inner), env, [])
    instance._start_process(data)
    return instance
