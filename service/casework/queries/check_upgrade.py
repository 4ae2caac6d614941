"""Before an upgrade: whether this program can go on with every running case that another one stored; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.case_state import unpack
from service.casework.step.fill import compiled
from service.catalog import Package
from service.catalog.counting import counting_of
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.engine import Environment, Instance
from service.store import StoredState, Transaction

PAGE = 200


@dataclass(frozen=True, slots=True)
class Stranded:
    """A running case that this program cannot go on with, and why."""

    case_id: int
    title: str
    version: str
    why: Text


@dataclass(frozen=True, slots=True)
class UpgradeCheck:
    """What was looked at, and the cases that would be stranded."""

    cases: int
    versions: int
    stranded: tuple[Stranded, ...]


@guarded("upgrade.check")
def check_upgrade(desk: Desk, actor: Actor) -> UpgradeCheck:  # noqa: ARG001  the guard reads the actor
    """Load every running case of the desk's database, whose tables may be of an earlier program, and save it in memory.

    Only columns that every version has are read, page by page; each case is forgotten before the next.
    """
    faults: dict[str, Text | None] = {}
    stranded: list[Stranded] = []
    count, after = 0, 0
    while True:
        with desk.store.read() as tx:
            rows = tx.cases.stored_states(after, PAGE)
            for row in rows:
                if row.version not in faults:
                    faults[row.version] = _package_fault(desk, tx, row.version)
                why = faults[row.version] or _case_fault(desk, tx, row)
                if why is not None:
                    stranded.append(Stranded(row.id, row.title, row.version, why))
        count += len(rows)
        if len(rows) < PAGE:
            return UpgradeCheck(count, len(faults), tuple(stranded))
        after = rows[-1].id


def _package_fault(desk: Desk, tx: Transaction, version: str) -> Text | None:
    """Return why the package of ``version`` cannot be read, or what it calls that this program lacks."""
    try:
        package = desk.packages.get(version, tx)
        missing = sorted(_missing(desk, package))
    except LaurelError as error:
        return Text(f"流程包读不出：{error.message.zh}", f"the package cannot be read: {error.message.en}")
    except Exception as error:  # whatever the reading of a foreign package raises must not hide the other cases
        return _crashed("流程包读不出", "the package cannot be read", error)
    if missing:
        names = "、".join(missing)
        return Text(f"流程要用的操作本版程序没有：{names}", f"it calls operations that this program lacks: {names}")
    return None


def _missing(desk: Desk, package: Package) -> Iterator[str]:
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            if element.operation and element.operation.operation not in desk.operations:
                yield element.operation.operation


def _case_fault(desk: Desk, tx: Transaction, row: StoredState) -> Text | None:
    """Return why a case cannot be loaded, saved and loaded again, or what it waits for cannot be shown."""
    package = desk.packages.get(row.version, tx)
    try:
        _, state = unpack(row.state)
        instance = desk.engine.restore(row.version, state, _surroundings(desk, package))
        again = desk.engine.restore(row.version, instance.dump(), _surroundings(desk, package))
        if _stands(instance) != _stands(again):
            return Text("存储后再读出时，所处的环节变了", "saved and loaded again it stands elsewhere")
        _waits(desk, package, again)
    except LaurelError as error:
        return error.message
    except Exception as error:  # as above: one broken case must not hide the others
        return _crashed("读不出", "it cannot be loaded", error)
    return None


def _surroundings(desk: Desk, package: Package) -> Environment:
    jurisdiction = package.jurisdiction
    counting = counting_of(jurisdiction, package.award.time_settings, {})
    return Environment(desk.clock.now(), desk.calendar(jurisdiction.calendar), {"param": {}, "case": {}}, counting)


def _stands(instance: Instance) -> list[tuple[str, str, str]]:
    return sorted((token.process_id, token.element_id, str(token.state)) for token in instance.tokens())


def _waits(desk: Desk, package: Package, instance: Instance) -> None:
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


def _crashed(zh: str, en: str, error: Exception) -> Text:
    reason = f"{type(error).__name__}: {error}"[:200]
    return Text(f"{zh}（{reason}）", f"{en} ({reason})")
