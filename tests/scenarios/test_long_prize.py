"""A prize whose title passes to a successor, in a county of data alone: checked and played."""

from __future__ import annotations

from pathlib import Path

import pytest

import handlers
from service.catalog import Catalog, load_catalog
from service.catalog.check import check_path
from service.cli.check import whole_checker
from tests.support.passing import Plays
from tests.support.tree import lay_out

PROJECT = Path(__file__).parents[2]
COUNTY = PROJECT / "tests" / "data" / "pieces"
SCENARIOS = sorted(COUNTY.rglob("scenarios/*.yaml"))
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


def test_a_piece_called_without_what_it_needs_is_told(tmp_path: Path) -> None:
    here = lay_out(tmp_path / "tree", COUNTY)
    patterns = here / "processes" / "millbrook" / "long_prize" / "patterns.yaml"
    text = patterns.read_text("utf-8")
    patterns.write_text(text.replace(' message: "\\"none\\"",', "").replace("examination=MB-15 ", ""), "utf-8")
    found = {(p.rule, p.element) for p in check_path(here, checker=whole_checker())}
    assert ("frame_key_missing", "follow") in found
    assert any(rule.startswith("slot") and element == "follow" for rule, element in found)
