"""A trade secret of an applicant is opened only by those who work on the case, and every opening is on record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import handlers
from service.casework.queries.downloads.files import open_preview_file, open_upload, view_file_reader
from service.casework.simulate import read_scenario
from service.casework.simulate.expecting.expectations import unmet_in
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import ScenarioMistake
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.domain.errors import NotAllowed
from service.sdk import operations
from service.store import Store
from tests.support.bundled import bundled
from tests.support.passing import CALENDARS

PROJECT = Path(__file__).parents[2]
SEASON = PROJECT / "processes/yining/quality_award/scenarios/not_conform.yaml"
handlers.load()


@pytest.fixture
def stage(sqlite_url: str, tmp_path: Path) -> PlayState:
    """A season in which 甲 has handed in a trade secret that the office examines."""
    package = bundled().package("yining/quality_award")
    scenario = read_scenario(SEASON.read_bytes(), SEASON.name)
    built = open_stage(Store(sqlite_url, tmp_path / "files", durable=False), package, scenario, CALENDARS, operations())
    secret = {"has_trade_secret": "yes", "secrets": [{"part": "配方", "file": "file:配方.pdf"}]}
    for move in scenario.moves:
        keys = dict(move.keys)
        if move.value == "fill_application" and "refused" not in keys:
            filled = keys["with"]
            keys["with"] = {**filled, "evidence": {**filled["evidence"], **secret}}
        assert play_move(built, replace(move, keys=keys)) == []
        if move.value == "submit_application":
            return built
    raise AssertionError("nothing was sent in")


def opened(stage: PlayState, who: str) -> list[str]:
    """Let ``who`` open every file that 甲 handed in; return who is on record as having seen a trade secret."""
    with stage.desk.store.read() as tx:
        files = [row for row in tx.uploads.list_of_case(stage.case("甲")) if row.secret == "trade_secret"]
    assert [row.name for row in files] == ["配方.pdf"]
    open_upload(stage.desk, stage.cast.actor(who), files[0].id).content.close()
    with stage.desk.store.read() as tx:
        return [event.actor for event in tx.history.newest(stage.case("甲")) if event.action == "revealed"]


@pytest.mark.parametrize("who", ["office", "recommender@industry"])
def test_who_works_on_the_case_opens_it_and_that_is_on_record(stage: PlayState, who: str) -> None:
    assert len(opened(stage, who)) == 1


def test_its_owner_opens_it_without_a_record(stage: PlayState) -> None:
    assert opened(stage, "甲") == []


@pytest.mark.parametrize("who", ["committee", "third_party", "government"])
def test_nobody_else_opens_it(stage: PlayState, who: str) -> None:
    with pytest.raises(NotAllowed):
        opened(stage, who)


def test_a_scenario_looks_at_who_opens_a_file(stage: PlayState) -> None:
    def unmet(**row: object) -> list[str]:
        return [text.zh for text in unmet_in(stage, {"case": "甲", "file": "配方.pdf", **row})]

    assert unmet(reader="office", opens=True) == unmet(reader="committee", opens=False) == []
    assert unmet(reader="office", opens=False)
    assert unmet(reader="committee", opens=True)
    assert unmet(file="别的.pdf", reader="committee", opens=False)  # what is not there is kept from nobody


@pytest.mark.parametrize(
    "row", [{}, {"reader": "office"}, {"opens": False}, {"reader": "office", "opens": True, "no": True}]
)
def test_a_scenario_says_who_reads_and_whether_it_opens(stage: PlayState, row: dict[str, object]) -> None:
    with pytest.raises(ScenarioMistake, match="reader"):
        unmet_in(stage, {"case": "甲", "file": "配方.pdf", **row})


def test_every_look_at_another_file_is_in_the_book(stage: PlayState) -> None:
    with stage.desk.store.read() as tx:
        row = next(row for row in tx.uploads.list_of_case(stage.case("甲")) if row.name == "自评报告.pdf")
        title = tx.cases.get(stage.case("甲")).title

    def looks() -> list[str]:
        with stage.desk.store.read() as tx:
            acts = tx.acts.select(after=0, limit=1_000)
        return [act.actor for act in acts if act.chain == "reading" and act.about == f"{title}：查看附件"]

    view = view_file_reader(stage.desk, stage.cast.actor("office"), row.id)
    open_preview_file(stage.desk, stage.cast.actor("office"), row.id, view.mark).content.close()
    assert len(looks()) == 1, "the pages of one opening are one look"
    open_preview_file(stage.desk, stage.cast.actor("office"), row.id).content.close()
    assert len(looks()) == 2
    view_file_reader(stage.desk, stage.cast.actor("甲"), row.id)
    assert len(looks()) == 2, "what is one's own is left out"
    with pytest.raises(NotAllowed, match="还没有报到您的单位"):
        view_file_reader(stage.desk, stage.cast.actor("government"), row.id)
    for reader in ("committee", "third_party"):
        with pytest.raises(NotAllowed):
            view_file_reader(stage.desk, stage.cast.actor(reader), row.id)
