"""Start long work of a draft again, as it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.make_handbook import HANDBOOK, make_handbook
from service.casework.studio.scenarios.run_scenarios import SCENARIOS, run_scenarios, view_job
from service.domain.errors import Conflict
from service.domain.text import Text

STARTS: Mapping[str, Callable[..., int]] = {
    SCENARIOS: run_scenarios,
    HANDBOOK: make_handbook,
}
"""What starts each kind of job, by the ``work`` it was asked for."""


@guarded("draft.view")
def restart_job(desk: Desk, actor: Actor, draft: int, job: int) -> int:
    """Start a job of ``draft`` again, on the draft as it is now; returns the new job's number.

    Raises NotFound when it was forgotten, Conflict while it runs.
    """
    found = view_job(desk, actor, draft, job)
    if not found.over:
        raise Conflict(Text("这次运行还没有结束，请先停止它。", "This run is not over: stop it first."))
    asked = {name: value for name, value in found.asked.items() if name != "work"}
    return STARTS[found.asked["work"]](desk, actor, draft, **asked)
