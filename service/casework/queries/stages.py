"""The track of a case: which stages are behind it, where it is, what comes, and on whom it waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.catalog import Package, Stage
from service.domain.text import Text
from service.store.rows import CaseRow, TaskRow, VisitRow


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage: state is "done", "now", "next" or "stopped" (the case ended here before its time)."""

    id: str
    name: str
    state: str
    date: datetime | None = None
    note: Text | None = None


def stages_of_case(
    package: Package, case: CaseRow, visits: Iterable[VisitRow], tasks: Sequence[TaskRow]
) -> tuple[StageView, ...]:
    """Return the stages of ``case`` in order; empty when its diagram has none."""
    stages = package.stages(case.process)
    outer = package.process(case.process).process
    passed = {v.element: v.at for v in visits if v.process_id == outer}
    reached = _reached(stages, passed, visits)
    return tuple(_view(package, case, stage, passed.get(stage.id), n, reached, tasks) for n, stage in enumerate(stages))


def _reached(stages: Sequence[Stage], passed: dict[str, datetime], visits: Iterable[VisitRow]) -> int:
    """Return the position of the stage the case is in: after the last passed one, or one whose inside was touched."""
    inside = {v.process_id for v in visits}
    last_done = max((n for n, s in enumerate(stages) if s.id in passed), default=-1)
    touched = max((n for n, s in enumerate(stages) if s.process_id in inside), default=-1)
    return max(touched, min(last_done + 1, len(stages) - 1)) if stages else 0


def _view(
    package: Package,
    case: CaseRow,
    stage: Stage,
    passed: datetime | None,
    position: int,
    reached: int,
    tasks: Sequence[TaskRow],
) -> StageView:
    ended = case.status == "ended"
    if position < reached or (passed is not None and (position < reached or ended)):
        return StageView(stage.id, stage.name, "done", passed)
    if position > reached:
        return StageView(stage.id, stage.name, "next")
    if ended:
        return StageView(stage.id, stage.name, "done" if passed else "stopped", passed or case.ended_at)
    return StageView(stage.id, stage.name, "now", None, waits_for(package, tasks))


def waits_for(package: Package, tasks: Sequence[TaskRow]) -> Text | None:
    """Say on whom the open ``tasks`` wait; None when they wait for time or a message only."""
    roles = [package.jurisdiction.roles.get(task.role) for task in tasks]
    names = dict.fromkeys((role.name, role.name_en) for role in roles if role is not None)
    if not names:
        return None
    return Text(f"等{'、'.join(zh for zh, _ in names)}办理", f"with {', '.join(en for _, en in names)}")
