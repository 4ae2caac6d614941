"""Rows of scenarios as inputs: every row of every season comes back as it was, and each kind of input is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from service.casework.simulate.scenarios.shapes import Like, ValueShape
from service.casework.simulate.scenarios.words import RowWords
from service.casework.studio.scenarios.edit_scenario import PutRow, edit_scenario
from service.casework.studio.scenarios.run_scenarios import list_scenarios, view_scenario
from service.catalog import Package, load_catalog
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.web.studio.scenarios.scenario_inputs import ABSENT, input_of, read_input
from service.web.studio.scenarios.scenario_rows import read_row, row_form
from tests.support.browsers import Browser, make_app
from tests.support.bundled import bundled
from tests.support.example_town import CITY, FOLDER, KEY, ExampleTown
from tests.support.samples import LONG
from tests.support.scenario_posts import posted
from tests.support.tree import PROJECT, lay_out

CITIES = ("ganzhou", "kizilsu", "qingyuan", "urumqi", "yining")
CLEAN = f"{FOLDER}/scenarios/clean_season.yaml"
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
