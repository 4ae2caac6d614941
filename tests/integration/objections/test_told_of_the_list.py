"""What whoever decides on the list of winners reads of organisations that are objected to meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from service.casework.queries.tasks.view_task import view_task
from service.store import Store
from tests.support.exampleton import RUNNING, season

SUBMITTED = """  - {at: 2026-03-10 09:00, as: office, case: 届, complete: submit_list, with: {signer: 王正清, contact: 李文, text: 拟授予两家组织}}
"""


@pytest.mark.parametrize(("effect", "held"), [("hold_organisation", True), ("none", False)])
def test_who_is_objected_to_meanwhile_is_put_off_where_the_city_says_so(
    sqlite_url: str, open_store: Callable[[str], Store], tmp_path: Path, effect: str, *, held: bool
) -> None:
    chosen = f"parameters: {{open_objection_effect_at_submission: {effect}}}\nsteps:"
    played = RUNNING.replace("steps:", chosen) + SUBMITTED
    stage = season(open_store(sqlite_url), tmp_path / "root", played)
    (task,) = stage.open_tasks("届")
    told = view_task(stage.desk, stage.cast.actor("government"), task.id).consequence or ""
    assert (task.element, "暂不表彰" in told) == ("decide_list", held)
    assert told.startswith("批准的组织予以表彰；")
