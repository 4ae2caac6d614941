"""The ready pieces about equals, limits, tiers and second ballots, in a county of data alone: checked, played, every element passed."""

from __future__ import annotations

from pathlib import Path

import pytest

import handlers
from handlers.ballot import AMONG
from handlers.lists import CAP_KEYS, TIER_KEYS
from service.catalog import Catalog, load_catalog
from service.catalog.check import check_path
from service.catalog.rules.handed import accepted_words
from service.cli.check import whole_checker
from tests.support.passing import Plays
from tests.support.tree import lay_out

PROJECT = Path(__file__).parents[2]
COUNTY = PROJECT / "tests" / "data" / "pieces"
SCENARIOS = sorted(COUNTY.rglob("scenarios/*.yaml"))
PIECES = ("shared_tie", "shared_places", "shared_second_ballot")
"""The cities' seasons pass through ``shared_succession``, which has candidates where the county has holders alone."""
handlers.load()
PLAYS = Plays()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("millbrook"), COUNTY)


@pytest.fixture(scope="module")
def catalog(root: Path) -> Catalog:
    return load_catalog(root)


def test_the_county_has_no_problems(root: Path) -> None:
    assert [str(p) for p in check_path(root, checker=whole_checker())] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_scenario(path: Path, catalog: Catalog) -> None:
    assert PLAYS.unmet(path, catalog.package(f"millbrook/{path.parents[1].name}")) == []


def test_together_they_pass_through_every_element(catalog: Catalog) -> None:
    diagrams = [d for p in catalog.packages.values() for d in p.processes.values()]
    drawn = {(d.process_id, e.id) for d in diagrams if d.process_id in PIECES for e in d.elements.values()}
    all_plays = (PLAYS.passed(path, catalog.package(f"millbrook/{path.parents[1].name}")) for path in SCENARIOS)
    assert sorted(drawn - set().union(*all_plays)) == []


@pytest.mark.parametrize(
    ("award", "old", "new", "element", "says", "remedy"),
    [
        ("prize", "{per: town, places: 2}", "{by: town, places: 2}", "set_selection", "selection.caps", "per"),
        ("prize", "least: 90", "leest: 90", "set_selection", "selection.tiers", "least"),
        ("prize", "choices: [chair,", "choices: [chairman,", "set_selection", "selection.equals", "chair"),
        ("ballot_prize", "choices: [not_passed,", "choices: [failed,", "set_again", "again.among", "not_passed"),
    ],
)
def test_a_word_that_a_piece_does_not_know_is_refused(
    root: Path, tmp_path: Path, award: str, old: str, new: str, element: str, says: str, remedy: str
) -> None:
    own = lay_out(tmp_path / "tree", COUNTY)
    file = own / "processes" / "millbrook" / award / "parameters.yaml"
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    found = [p for p in check_path(own, checker=whole_checker()) if p.rule == "handed_word_unknown"]
    assert [p.element for p in found] == [element]
    assert says in found[0].message.zh
    assert remedy in found[0].remedy.zh


def test_a_piece_called_without_what_it_needs_is_told(tmp_path: Path) -> None:
    own = lay_out(tmp_path / "tree", COUNTY)
    diagram = own / "processes" / "millbrook" / "prize" / "round.bpmn"
    text = diagram.read_text("utf-8")
    diagram.write_text(text.replace(" equals: param.equals,", "").replace("limits=MB-2 ", ""), "utf-8")
    found = {(p.rule, p.element) for p in check_path(diagram, checker=whole_checker())}
    assert ("frame_key_missing", "select") in found
    assert any(rule.startswith("slot") and element == "select" for rule, element in found)


def test_the_words_drawn_are_those_of_the_program(root: Path) -> None:
    processes = load_catalog(root).package("millbrook/prize").processes
    words = accepted_words(processes["shared_places"])
    assert words["selection.tiers[]"] == TIER_KEYS
    assert words["selection.caps[]"] == CAP_KEYS
    again = accepted_words(load_catalog(root).package("millbrook/ballot_prize").processes["shared_second_ballot"])
    assert again["again.among"] == AMONG
