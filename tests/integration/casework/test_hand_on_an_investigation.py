"""An investigation of an objection may go to another body with the same duty, in each of the cities."""

from __future__ import annotations

from collections.abc import Callable

from service.casework.queries.tasks.view_task import view_task
from service.casework.simulate.stage.verbs import DOERS
from service.casework.tasks.delegate import delegate_task
from service.store import Store
from tests.support.bundled import bundled
from tests.support.half_seasons import season_until

DUTIES = ("organise_exchange", "report_ground", "return_visit")
CITIES = ("ganzhou", "kizilsu", "qingyuan", "urumqi", "yining")


def test_several_bodies_of_each_city_may_be_given_it() -> None:
    catalog = bundled()
    for city in CITIES:
        package = catalog.package(f"{city}/quality_award")
        step = package.element("shared_objection", "investigate_elsewhere")
        assert step.properties["transfer"] == "role"
        assert len(package.jurisdiction.bodies_with(package.role_of(step))) > 1
        named = package.element("shared_objection", "investigate")
        assert "transfer" not in named.properties  # the text names that body


def test_what_the_text_gives_by_sector_and_area_stays_with_its_body() -> None:
    """Article 32 of Kizilsu: each answers for the winners of its own sector or area; of visits it says no whose."""
    package = bundled().package("kizilsu/quality_award")
    steps = {name: package.element("kizilsu_supervision_year", name) for name in DUTIES}
    assert {name: step.properties.get("transfer") for name, step in steps.items()} == {
        "organise_exchange": None,
        "report_ground": None,
        "return_visit": "role",
    }


def test_another_department_is_given_it_by_name_and_does_it(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    stage = season_until(
        "ganzhou/quality_award", "objection_holds", open_store(sqlite_url), "investigate_elsewhere", "异甲"
    )
    (task,) = [one for one in stage.open_tasks("异甲") if one.element == "investigate_elsewhere"]
    mine, theirs = stage.cast.actor("department@emergency"), stage.cast.actor("department@ecology")
    assert task.body_id in mine.body_ids
    assert not theirs.body_ids & mine.body_ids
    shown = view_task(stage.desk, mine, task.id, handing_on=True).rights
    assert shown.stays is None
    assert theirs.person_id in dict(shown.delegates)
    assert shown.delegates[0][0] != theirs.person_id or len(shown.delegates) == 1  # colleagues stand first
    delegate_task(stage.desk, mine, task.id, task.version, theirs.person_id or 0, "事故现场由生态环境部门处置")
    (moved,) = [one for one in stage.open_tasks("异甲") if one.element == "investigate_elsewhere"]
    assert (moved.body_id, moved.assignee_id, moved.due_at) == (min(theirs.body_ids), theirs.person_id, task.due_at)
    move = next(one for one in stage.scenario.moves if (one.value, one.case) == ("investigate_elsewhere", "异甲"))
    DOERS["complete"](stage, move, theirs)
    stage.drain()
    assert [one.element for one in stage.open_tasks("异甲")] == ["find_objection"]
