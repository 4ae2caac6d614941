"""A scenario edited row by row: what is not touched keeps its bytes, what would be no scenario is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from service.casework.simulate.scenarios.scenario import ScenarioMistake
from service.casework.simulate.scenarios.shapes import Like, ValueShape
from service.casework.simulate.scenarios.words import RowWords
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
from service.casework.studio.scenarios.run_scenarios import list_scenarios, view_scenario
from service.catalog import Package, load_catalog
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.catalog.source.formatting import format_yaml
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text
from service.web.studio.scenarios.scenario_inputs import ABSENT, input_of, read_input
from service.web.studio.scenarios.scenario_rows import read_row, row_form
from tests.support.browsers import Browser, make_app
from tests.support.bundled import bundled
from tests.support.example_town import CITY, FOLDER, KEY, ExampleTown
from tests.support.samples import LONG
from tests.support.scenario_posts import posted
from tests.support.tree import PROJECT, lay_out

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


CITIES = ("ganzhou", "kizilsu", "qingyuan", "urumqi", "yining")
LISTS = ("steps", "expect")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return load_catalog(lay_out(tmp_path_factory.mktemp("city"), CITY)).package(KEY)


def scenarios(folder: Path) -> Iterator[tuple[str, Any]]:
    for path in sorted((folder / "scenarios").glob("*.yaml")):
        yield path.stem, to_plain_value(parse_yaml(path.read_bytes(), path.name))


def words_of(package: Package, data: Mapping[str, Any], known: dict[object, Any] | None = None) -> RowWords:
    held = known if known is not None else {}
    return RowWords(package, ScenarioTerms(package), (), data.get("organisations") or {}, held)


def changed_rows(package: Package, folder: Path, among: int = 1) -> list[str]:
    """Return the rows, one ``among`` so many, that do not come back from their forms as they were."""
    known: dict[object, Any] = {}
    wrong = []
    for name, data in scenarios(folder):
        words = words_of(package, data, known)
        for rows in LISTS:
            for number, row in list(enumerate(data.get(rows) or ()))[len(name) % among :: among]:
                back = read_row(words, rows, posted(row_form(words, rows, row)), row)
                if back != row or list(back) != list(row):
                    wrong.append(f"{name} {rows} {number}: {row} → {back}")
    return wrong


def test_every_row_of_the_sample_city_comes_back_as_it_was(town: Package) -> None:
    folder = CITY / FOLDER
    assert len(list(scenarios(folder))) > 25
    assert changed_rows(town, folder) == []


@pytest.mark.parametrize("city", CITIES)
def test_every_row_of_a_city_comes_back_as_it_was(city: str) -> None:
    key = f"{city}/quality_award"
    package = bundled().package(key)
    assert changed_rows(package, PROJECT / "processes" / key, among=1 if LONG else 5) == []


def test_a_season_put_row_by_row_keeps_its_bytes(example: ExampleTown) -> None:
    for line in list_scenarios(example.desk, example.designer, example.draft).lines:
        path = line.file.path
        found = view_scenario(example.desk, example.designer, example.draft, path)
        edits = tuple(
            PutRow(rows, number, plain_row)
            for rows in LISTS
            for number, plain_row in enumerate(to_plain_value(parse_yaml(found.text.encode(), path)).get(rows) or ())
        )
        edit_scenario(example.desk, example.designer, example.draft, path, found.hash, edits)
        assert view_scenario(example.desk, example.designer, example.draft, path).text == found.text


def test_what_has_an_input_is_typed_into_it(town: Package) -> None:
    words = words_of(town, {"organisations": {"甲": {"name": "甲公司"}}})
    typed = MultiDict(
        {
            "word": "notice", "case": "届", "notice": "winners", "last_day": "2026-03-30", "objections": "0",
            "no": "", "contains#": "1", "contains.0": "甲公司", "proves#": "2", "proves.0": "SL-3", "proves.1": "",
            "rest": "",
        }
    )  # fmt: skip
    row = read_row(words, "expect", typed, {})
    assert {key: str(value) for key, value in row.items()} == {
        "case": "届", "notice": "winners", "last_day": "2026-03-30", "objections": "0", "contains": "甲公司",
        "proves": "['SL-3']",
    }  # fmt: skip
    assert row["objections"] == 0


def test_a_vote_a_list_and_a_number_are_read_as_such(town: Package) -> None:
    words = words_of(town, {})
    vote = {"word": "vote", "case": "届", "vote#": "2", "vote.0.name": "甲", "vote.0.value": "y", "vote.1.name": "乙"}
    assert read_row(words, "steps", MultiDict({**vote, "vote.1.value": "-"}), {})["vote"] == {"甲": "y", "乙": "-"}
    typed = MultiDict({**vote, "vote.0.value": "同意 2、不同意 1", "vote.1.value": "2票赞成，1票弃权"})
    assert read_row(words, "steps", typed, {})["vote"] == {"甲": "yyn", "乙": "yy-"}
    listed = {"word": "members", "members.role": "office", "members.count": "neun"}
    with pytest.raises(LaurelError, match="应是数字"):
        read_row(words, "steps", MultiDict(listed), {})
    more = {"word": "complete", "complete": "decide", "rest": "{with: {unheard: 1}}"}
    assert read_row(words, "steps", MultiDict(more), {})["with"] == {"unheard": 1}


@pytest.mark.parametrize("like", [Like.TEXT, Like.LONG, Like.DAY, Like.NUMBER, Like.YES, Like.VOTE])
def test_a_value_that_is_said_to_be_empty_is_shown_and_read_in_each_language(like: Like) -> None:
    shape = ValueShape("x", Text("甲", "A"), like)
    shown = input_of(shape, None, "x")
    assert shown.words == Text("（清空）", "(empty)")
    for typed in (shown.value, "（清空）", "(empty)"):
        assert read_input(shape, MultiDict({"x": typed}), "x", ABSENT) is None


def test_a_refused_row_is_shown_as_it_was_typed(example: ExampleTown) -> None:
    browser = Browser(make_app(example), example, "designer")
    place = f"/studio/drafts/{example.draft}/scenarios/edit/row?path={CLEAN}&rows=steps&number=0&insert=1"
    vote = {"word": "vote", "case": "届", "vote#": "1", "vote.0.name": "甲", "vote.0.value": "七个赞成", "rest": ""}
    refused = browser.post(place, vote)
    assert refused.status_code == 422
    assert "“七个赞成”读不出投票" in refused.text
    assert '<option value="vote" selected>' in refused.text
    assert 'name="vote.0.value" value="七个赞成"' in refused.text
    broken = browser.post(place, {**vote, "vote.0.value": "同意 9", "rest": "{a: [1}"}).text
    assert 'name="vote.0.value" value="同意 9"' in broken
    assert "{a: [1}" in broken
