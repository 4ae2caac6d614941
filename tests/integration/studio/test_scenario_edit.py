"""A scenario edited row by row: what is not touched keeps its bytes, what would be no scenario is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from service.casework.simulate.scenarios.scenario import ScenarioMistake
from service.casework.simulate.stage.stage import with_parameters
from service.casework.studio.drafts.save_file import DraftConflict
from service.casework.studio.scenarios.edit_scenario import (
    ChangeHead,
    MoveRow,
    PutRow,
    RemoveRow,
    edit_scenario,
    scenario_head,
    scenario_rows,
)
from service.casework.studio.scenarios.run_scenarios import view_scenario
from service.catalog.source.formatting import format_yaml
from service.domain.errors import Invalid, LaurelError
from tests.support.browsers import Browser, make_app
from tests.support.example_town import CITY, FOLDER, ExampleTown

CLEAN = f"{FOLDER}/scenarios/clean_season.yaml"


def text(example: ExampleTown) -> str:
    return view_scenario(example.desk, example.designer, example.draft, CLEAN).text


def edit(example: ExampleTown, *edits: PutRow | MoveRow | RemoveRow | ChangeHead) -> None:
    base = view_scenario(example.desk, example.designer, example.draft, CLEAN).hash
    edit_scenario(example.desk, example.designer, example.draft, CLEAN, base, edits)


def test_a_row_moved_there_and_back_leaves_the_bytes_as_they_were(example: ExampleTown) -> None:
    before = format_yaml((CITY / CLEAN).read_text())
    edit(example, MoveRow("steps", 3, 1))
    assert text(example) != before
    edit(example, MoveRow("steps", 4, -1))
    assert text(example) == before


def test_one_row_changed_is_one_line_changed(example: ExampleTown) -> None:
    before = format_yaml((CITY / CLEAN).read_text()).splitlines()
    expected = scenario_rows(example.desk, example.designer, example.draft, CLEAN, "expect")
    number = next(n for n, row in enumerate(expected) if row.get("notice") == "winners")
    edit(example, PutRow("expect", number, {**expected[number], "last_day": "2026-03-30"}))
    after = text(example).splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert "2026-03-30" in changed[0][1]
    assert any(line.lstrip().startswith("#") for line in after), "comments stay"


def test_what_would_be_no_scenario_is_refused(example: ExampleTown) -> None:
    before = text(example)
    with pytest.raises(LaurelError, match="没有名为"):
        edit(example, PutRow("steps", 0, {"complete": "decide", "wiht": 1}, insert=True))
    with pytest.raises(LaurelError, match="不存在"):
        edit(example, PutRow("expect", 0, {"case": "甲", "reached": "nowhere"}, insert=True))
    with pytest.raises(LaurelError):
        edit(example, RemoveRow("steps", 999))
    assert text(example) == before


def test_a_stale_edit_is_refused(example: ExampleTown) -> None:
    old = view_scenario(example.desk, example.designer, example.draft, CLEAN).hash
    edit(example, RemoveRow("expect", 0))
    with pytest.raises(DraftConflict):
        edit_scenario(example.desk, example.designer, example.draft, CLEAN, old, (RemoveRow("expect", 1),))


def test_parameters_of_a_scenario_are_held_to_the_law_and_to_what_there_is(example: ExampleTown) -> None:
    """A value beyond the law is refused with its article unless a season is to be cut short, and then the page says so."""
    day = date(2026, 3, 2)

    def written(said: str, *, beyond: bool = False) -> str:
        edit(example, ChangeHead("一届", day, {"parameters": said}, beyond))
        return text(example)

    for said, told in (
        ("panel_size: 1", "依第九条第一款不得少于3"),
        ("panel_size: 三人", "读不出来"),
        ("panel_size: [3]", "应填写"),
        ("panle_size: 3", "panel_size"),
        ("panel_size: 3\n评审组人数: 4", "写了两次"),
    ):
        with pytest.raises(LaurelError, match=told):
            written(said)
    assert "panel_size: 4" in written("评审组人数：4"), "the name a lawyer knows leads to the id"
    assert "panel_size: 1" in written("panel_size: 1", beyond=True)
    assert "panel_size: 1" in written("panel_size: 1"), "what stands there is left alone"
    browser = Browser(make_app(example), example, "designer")
    for place in ("edit", "view"):
        page = browser.get(f"/studio/drafts/{example.draft}/scenarios/{place}?path={CLEAN}").text
        assert "依第九条第一款不得少于3" in page
    head = scenario_head(example.desk, example.designer, example.draft, CLEAN)
    assert head["parameters"] == "评审组人数: 1", "it stands there by its name, as it may be typed"
    before = text(example)
    assert written(head["parameters"]) == before
    stage = view_scenario(example.desk, example.designer, example.draft, CLEAN)
    scenario = stage.line.file.scenario
    assert scenario is not None
    for wrong in ({"panel_size": "三"}, {"nobody": 1}):
        with pytest.raises(ScenarioMistake):
            with_parameters(stage.package, replace(scenario, parameters=wrong))


def test_a_make_up_day_of_a_scenario_falls_on_a_rest_day(example: ExampleTown) -> None:
    day, before = date(2026, 3, 2), text(example)
    with pytest.raises(Invalid, match="2026年3月16日（周一）本来就是工作日"):
        edit(example, ChangeHead("一届", day, {"days": "2026-03-18 2026-03-18 地方假日\n补班 2026-03-16"}))
    assert text(example) == before
    edit(example, ChangeHead("一届", day, {"days": "2026-03-18 2026-03-18 地方假日\n补班 2026-03-15"}))
    assert "make_up: [2026-03-15]" in text(example)
