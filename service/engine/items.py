"""Multi-instance activities: one work item per element of a collection.

The items' results come out as a list in the order of the collection (or a mapping under its keys), holding the finished
items only; without a declared output nothing comes out. A second round starts afresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.spiff.specs.defaults import ParallelMultiInstanceTask, SequentialMultiInstanceTask
from SpiffWorkflow.util.task import TaskState

from service.domain.text import Text
from service.engine.errors import STOPPED, BadData, StepFailed, step_failed, stop_task
from service.engine.values import json_value, show_value

_ACTIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED


class Collection:
    """What a multi-instance activity runs over: an expression for a list, a mapping, or a number of rounds."""

    def __init__(self, text: str, *, may_be_empty: bool = True) -> None:
        self.bpmn_id = self.text = text
        self.may_be_empty = may_be_empty

    def exists(self, _my_task: Any) -> bool:
        """Tell the library that ``get`` judges for itself."""
        return True

    def get(self, my_task: Any) -> list[object] | dict[str, object]:
        """Return the elements; raises StepFailed where the value is no collection."""
        value = my_task.workflow.script_engine.evaluate(my_task, self.text)
        try:
            plain: Any = json_value(value)
        except BadData:
            plain = None
        if isinstance(plain, Mapping | list):
            return plain  # type: ignore[return-value]
        if isinstance(plain, int) and not isinstance(plain, bool) and plain >= 0:
            return list(range(plain))
        value_text = show_value(value)
        reason = (
            Text(f"多实例集合“{self.text}”没有值", f"the collection “{self.text}” has no value")
            if value is None
            else Text(
                f"多实例集合“{self.text}”得到“{value_text}”，不是列表；要按次数办理，写一个整数",
                f"the collection “{self.text}” gives “{value_text}”, which is no list; write a whole number of rounds",
            )
        )
        raise step_failed(my_task.task_spec.bpmn_id, reason)

    def begin(self, my_task: Any) -> list[object] | dict[str, object]:
        """Return the elements to begin with; raises StepFailed too where one is null, or there is none and must be."""
        elements = self.get(my_task)
        if any(element is None for element in (elements.values() if isinstance(elements, dict) else elements)):
            reason = Text(
                f"多实例集合“{self.text}”中有一项没有值，不知道由谁办理、办理什么",
                f"an item of the collection “{self.text}” has no value: who does what is not known",
            )
            raise step_failed(my_task.task_spec.bpmn_id, reason)
        if elements or self.may_be_empty:
            return elements
        reason = Text(
            f"多实例集合“{self.text}”是空的，这一步没有人办；可以为空的，在图上注明 may_be_empty = yes",
            f"the collection “{self.text}” is empty, so nobody does this step; where that may be, the diagram says "
            "may_be_empty = yes",
        )
        raise step_failed(my_task.task_spec.bpmn_id, reason)


class _Items:
    """What parallel and sequential items share."""

    def _update_hook(self: Any, my_task: Any) -> bool | None:
        try:
            return bool(super()._update_hook(my_task))  # type: ignore[misc]
        except StepFailed as error:
            my_task._set_state(TaskState.STARTED)
            stop_task(my_task, error)
            return None

    def try_again(self: Any, my_task: Any) -> None:
        """Begin, or ask anew whether enough items are done."""
        done = [child for child in self._instances(my_task) if child.has_state(TaskState.COMPLETED)]
        if done:
            self._go_on(my_task, done[-1])
        else:
            self._update(my_task)

    def _reset_results(self: Any, my_task: Any) -> None:
        """Clear the results of an earlier round and set values aside that have the item's names."""
        names = {part.bpmn_id for part in (self.input_item, self.output_item) if part is not None}
        aside = {name: my_task.data.pop(name) for name in names & my_task.data.keys()}
        if aside:
            my_task.internal_data["aside"] = aside
        my_task.internal_data["keyed"] = isinstance(self.data_input.begin(my_task), dict)
        if self.data_output is not None:
            my_task.data[self.data_output.bpmn_id] = self._list_results(my_task)

    def _item(self: Any, my_task: Any, item: object, key: object) -> None:
        spec = my_task.workflow.spec.task_specs[self.task_spec]
        child = my_task._add_child(spec, TaskState.WAITING)
        child.triggered = True
        child.internal_data["key_or_index"] = key
        if self.input_item is not None:
            child.data[self.input_item.bpmn_id] = item
        spec._update(child)

    def _collect_result(self: Any, child: Any) -> Any:
        my_task = child.parent
        my_task.internal_data["merged"].append(str(child.id))
        if self.data_output is not None:
            my_task.data[self.data_output.bpmn_id] = self._list_results(my_task)
        return my_task

    def _list_results(self: Any, my_task: Any) -> object:
        name = self.output_item.bpmn_id if self.output_item is not None else None
        done = [child for child in self._instances(my_task) if child.has_state(TaskState.COMPLETED)]
        if my_task.internal_data["keyed"]:
            return {child.internal_data["key_or_index"]: child.data.get(name) for child in done}
        return [child.data.get(name) for child in done]

    def _has_enough(self: Any, my_task: Any, child: Any) -> bool:
        if self.condition is None:
            return False
        children = list(self._instances(my_task))
        counters = {
            "nrOfInstances": self._count_planned(my_task),
            "nrOfCompletedInstances": len(my_task.internal_data["merged"]),
            "nrOfActiveInstances": sum(1 for c in children if c.has_state(_ACTIVE)),
        }
        data = {**child.data, **my_task.data, **counters}
        try:
            return bool(my_task.workflow.script_engine.decide(my_task, self.condition, data))
        except StepFailed as error:
            stop_task(my_task, error)
            return False

    def _finish(self, my_task: Any) -> None:
        my_task.internal_data.pop(STOPPED, None)
        my_task.data.update(my_task.internal_data.pop("aside", {}))
        my_task._set_state(TaskState.READY)


class ParallelItems(_Items, ParallelMultiInstanceTask):  # type: ignore[misc]
    """All items at once."""

    def create_children(self, my_task: Any) -> None:
        """Start one item per element."""
        collection = self.data_input.get(my_task)
        self._reset_results(my_task)
        pairs = collection.items() if isinstance(collection, dict) else enumerate(collection)
        for key, item in pairs:
            self._item(my_task, item, key)

    def merge_child(self, _workflow: Any, child: Any) -> None:
        """Take a finished item's result; finish when all are done or the completion condition holds."""
        self._go_on(self._collect_result(child), child)

    def _go_on(self, my_task: Any, child: Any) -> None:
        if self._has_enough(my_task, child):
            for other in self._instances(my_task):
                if not other.has_state(TaskState.FINISHED_MASK):
                    other.cancel()
            self._finish(my_task)
        elif self.children_complete(my_task):
            self._finish(my_task)

    def _count_planned(self, my_task: Any) -> int:
        return sum(1 for _ in self._instances(my_task))

    def redo(self, child: Any) -> None:
        """Make a finished item wait again; its result counts no more."""
        my_task = child.parent
        key, name = child.internal_data["key_or_index"], self.input_item and self.input_item.bpmn_id
        child.data = {name: child.data[name]} if name in child.data else {}
        child.internal_data = {"key_or_index": key}
        child._drop_children(force=True)
        child._set_state(TaskState.WAITING)
        my_task.internal_data["merged"].remove(str(child.id))
        if self.data_output is not None:
            my_task.data[self.data_output.bpmn_id] = self._list_results(my_task)
        child.task_spec._update(child)


class SequentialItems(_Items, SequentialMultiInstanceTask):  # type: ignore[misc]
    """One item after the other."""

    def init_remaining_items(self, my_task: Any) -> list[object]:
        """Start afresh and return the keys or positions of all elements."""
        self._reset_results(my_task)
        collection = self.data_input.get(my_task)
        return list(collection) if isinstance(collection, dict) else list(range(len(collection)))

    def init_data_output_with_input_data(self, my_task: Any, input_data: Any) -> None:
        """Leave the results as they are; ``init_remaining_items`` made them empty."""

    def add_next_child(self, my_task: Any) -> None:
        """Start the next item, also where the element is null."""
        key, *rest = my_task.internal_data["remaining"]
        my_task.internal_data["remaining"] = rest
        self._item(my_task, self.data_input.get(my_task)[key], key)

    def merge_child(self, _workflow: Any, child: Any) -> None:
        """Take a finished item's result; go on to the next, or finish."""
        self._go_on(self._collect_result(child), child)

    def _go_on(self, my_task: Any, child: Any) -> None:
        if self.children_complete(my_task) or self._has_enough(my_task, child):
            self._finish(my_task)
        else:
            self.add_next_child(my_task)

    def _count_planned(self, my_task: Any) -> int:
        return len(self.data_input.get(my_task))
