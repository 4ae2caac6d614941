"""Load the stored state of a running case as a step would, and say what keeps it from going on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.step.case_state import Projection, unpack_case_state
from service.casework.step.fill import compiled
from service.casework.step.save import cache_instance
from service.casework.step.step import Step
from service.catalog import Package
from service.catalog.parameters.counting import counting_of
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text
from service.engine import Environment, Instance
from service.store import StoredState, Transaction
from service.store.models import CaseRow, TaskRow


class CaseLoading:
    """Loads cases one after another, and remembers which versions of packages can be read."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._versions: dict[str, Text | None] = {}

    @property
    def versions(self) -> int:
        """How many versions were looked at."""
        return len(self._versions)

    def fault(self, tx: Transaction, row: StoredState) -> Text | None:
        """Return why a case cannot be loaded, saved and loaded again, or what it waits for cannot be shown."""
        if row.version not in self._versions:
            self._versions[row.version] = package_fault(self._desk, tx, row.version)
        return self._versions[row.version] or self._case_fault(tx, row)

    def find_locked_fault(self, tx: Transaction, case_id: int) -> Text | None:
        """Return the same of a case while nobody may move it: an earlier program may still run beside this one."""
        tx.cases.lock(case_id)
        stored_states = [row for row in tx.cases.stored_states(case_id - 1, 1) if row.id == case_id]
        return self.fault(tx, stored_states[0]) if stored_states else None

    def _case_fault(self, tx: Transaction, row: StoredState) -> Text | None:
        try:
            load_twice(self._desk, tx, row)
        except LaurelError as error:
            return error.message
        except Exception as error:  # one broken case must not hide the others
            return describe_crash("读不出", "it cannot be loaded", error)
        return None


def package_fault(desk: Desk, tx: Transaction, version: str) -> Text | None:
    """Return why the package of ``version`` cannot be read, or what it calls that this program lacks."""
    try:
        package = desk.packages.get(version, tx)
        missing = sorted(_iterate_missing_operations(desk, package))
    except LaurelError as error:
        return Text(f"流程包读不出：{error.message.zh}", f"the package cannot be read: {error.message.en}")
    except Exception as error:  # whatever the reading of a foreign package raises must not hide the other cases
        return describe_crash("流程包读不出", "the package cannot be read", error)
    if missing:
        names = "、".join(missing)
        return Text(f"流程要用的操作本版程序没有：{names}", f"it calls operations that this program lacks: {names}")
    return None


def _iterate_missing_operations(desk: Desk, package: Package) -> Iterator[str]:
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            if element.operation and element.operation.operation not in desk.operations:
                yield element.operation.operation


def load_twice(desk: Desk, tx: Transaction, row: StoredState) -> tuple[Package, Projection, Instance]:
    """Return the package, the projection and the instance of a case that was loaded, saved in memory and loaded again.

    Raises whatever keeps it from going on.
    """
    package = desk.packages.get(row.version, tx)
    projection, state = unpack_case_state(row.state)
    instance = desk.engine.restore(row.version, state, _build_surroundings(desk, package))
    again = desk.engine.restore(row.version, instance.dump(), _build_surroundings(desk, package))
    if _list_token_states(instance) != _list_token_states(again):
        raise Invalid(Text("存储后再读出时，所处的环节变了", "saved and loaded again it stands elsewhere"))
    _require_readable_waits(desk, package, again)
    return package, projection, again


def _build_surroundings(desk: Desk, package: Package) -> Environment:
    jurisdiction = package.jurisdiction
    counting = counting_of(jurisdiction, package.award.time_settings, {})
    return Environment(desk.clock.now(), desk.calendar(jurisdiction.calendar), {"param": {}, "case": {}}, counting)


def _list_token_states(instance: Instance) -> list[tuple[str, str, str]]:
    return sorted((token.process_id, token.element_id, str(token.state)) for token in instance.tokens())


def _require_readable_waits(desk: Desk, package: Package, instance: Instance) -> None:
    """Raise what keeps the form or the formulas of a step that waits from being read."""
    for task in instance.person_tasks():
        element = package.element(task.process_id, task.element_id)
        form = element.properties.get("form")
        if form and "{" not in form:
            desk.packages.form(package, form)
        if due := element.properties.get("due"):
            compiled(due, desk.functions)
    for timer in instance.timers():
        drawn = package.element(timer.process_id, timer.element_id)
        if drawn.timer is not None:
            compiled(drawn.timer.expression, desk.functions)


def describe_crash(zh: str, en: str, error: Exception) -> Text:
    """Return what an error that nobody foresaw says, in short."""
    reason = f"{type(error).__name__}: {error}"[:200]
    return Text(f"{zh}（{reason}）", f"{en} ({reason})")


def open_read_only(desk: Desk, tx: Transaction, case: CaseRow, actor: Actor) -> Step:
    """Return a step over ``case`` without locking it; it must not be saved.

    Its instance is lent by the engine's cache and goes back there: whoever reads a form is about to submit it.
    """
    step = Step(desk, tx, case, actor)
    step.instance = desk.engine.restore_cached(case.definition, step.engine_state, step.environment)
    tx.after_commit(lambda: cache_instance(step))
    return step


def token_data(step: Step, task: TaskRow) -> Mapping[str, Any]:
    """Return the variables of the token that waits at ``task``."""
    person_task = next((t for t in step.instance.person_tasks() if t.id == task.engine_id), None)
    if person_task is None:
        return {}
    return person_task.data if person_task.loop_item is None else {**person_task.data, "item": person_task.loop_item}
