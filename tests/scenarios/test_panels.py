"""Panels that rotate, hold experts from outside and serve whole groups: a county of data alone, checked and played."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import handlers
from service.casework.review.record import repeat
from service.casework.simulate import play, read_scenario
from service.catalog import Package, Severity, load_catalog
from service.catalog.check import check_path
from service.catalog.settings import why_refused
from service.cli.check import whole_checker
from service.sdk import operations
from service.store import Store
from tests.support.passing import CALENDARS, Passed, played_whole
from tests.support.tree import lay_out

handlers.load()
PROJECT = Path(__file__).parents[2]
COUNTY = PROJECT / "tests" / "data" / "panels"
PACKAGE = "weir/prize"
SCENARIOS = sorted(COUNTY.rglob("scenarios/*.yaml"))
PASSED: Passed = set()
"""What the scenarios passed through so far: process and element."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("weir"), COUNTY)


@pytest.fixture(scope="module")
def package(root: Path) -> Package:
    return load_catalog(root).package(PACKAGE)


def test_the_county_has_no_problems(root: Path) -> None:
    assert [str(p) for p in check_path(root, checker=whole_checker())] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, package: Package, sqlite_url: str, tmp_path: Path) -> None:
    assert played_whole(path, package, sqlite_url, tmp_path / "files", PASSED) == []


def test_together_they_pass_through_every_element_of_the_shared_diagram(package: Package) -> None:
    if not PASSED:
        pytest.skip("needs the scenarios above in the same run")
    drawn = {("shared_group_panels", element) for element in package.processes["shared_group_panels"].elements}
    assert sorted(drawn - PASSED) == []


def test_whoever_is_ill_is_followed_by_the_same_person_in_the_whole_group(
    package: Package, sqlite_url: str, tmp_path: Path
) -> None:
    (path,) = (p for p in SCENARIOS if p.stem == "ill_for_the_whole_group")
    store = Store(sqlite_url, tmp_path / "files", durable=False)
    played = play(store, package, read_scenario(path.read_bytes(), path.name), CALENDARS, operations())
    with store.read() as tx:
        panels = [p for nick in ("甲", "乙") if (p := tx.panels.at(played.cases[nick], "panel_review")) is not None]
        now = [{m.person_id for m in tx.panels.members([p.id]) if m.state == "active"} for p in panels]
        draws = [d for case in played.cases.values() for d in tx.panels.draws(case)]
    store.close()
    assert now[0] == now[1]
    assert len(draws) == 4, "one for each group, one for each application whose member fell ill"
    assert all(repeat(draw).holds for draw in draws)


SHARE = 'outside_share" type="string" value="param.outside_share"'
SAID = """<spiffworkflow:parameter id="outside" type="string" value='"expert.place != \\"\\" and not(contains(expert.place, \\"堰县\\"))"' />"""
ROUNDS = '<spiffworkflow:parameter id="rotation_rounds" type="number" value="param.rotation_rounds" />'
EDITION = """<spiffworkflow:parameter id="edition" type="string" value='"gbt19580-2012"' />"""
WRONG = {
    "unknown_edition": (EDITION, EDITION.replace("2012", "2021"), "gbt19580-2012"),
    "outside_unsaid": (SAID, "", "outside"),
    "outside_idle": (
        '<spiffworkflow:parameter id="outside_share" type="string" value="param.outside_share" />',
        "",
        "outside_least",
    ),
    "no_share": (SHARE, SHARE.replace('"param.outside_share"', "'\"4/3\"'"), "0.4"),
    "rotation_unsaid": (
        ROUNDS,
        ROUNDS.replace('rotation_rounds" ', 'rotation_pause" ').replace("param.rotation_rounds", "1"),
        "rotation_rounds",
    ),
    "unknown_word": (
        'type="string" value="param.selection"',
        """type="string" value='"random_drawn"'""",
        "random_draw",
    ),
}
"""What is written wrongly where the stage is opened: what stands there, what is written instead, a word of the remedy."""


@pytest.mark.parametrize("rule", WRONG)
def test_what_is_said_wrongly_of_a_panel_is_refused_with_element_and_remedy(
    rule: str, root: Path, tmp_path: Path
) -> None:
    here = tmp_path / "root"
    shutil.copytree(root, here)
    drawn = here / "processes" / "weir" / "prize" / "round.bpmn"
    right, wrong, remedy = WRONG[rule]
    text = drawn.read_text("utf-8")
    assert right in text
    drawn.write_text(text.replace(right, wrong), "utf-8")
    found = {p.rule: p for p in check_path(here, checker=whole_checker()) if p.severity is Severity.ERROR}
    assert found[rule].element == "open_review"
    assert remedy in found[rule].remedy.zh


def test_a_setting_that_names_a_missing_sheet_is_refused_by_the_check_and_where_it_is_set(
    root: Path, tmp_path: Path
) -> None:
    here = tmp_path / "root"
    shutil.copytree(root, here)
    award = here / "processes" / "weir" / "prize" / "award.yaml"
    award.write_text(award.read_text("utf-8").replace("医疗: clinic-2026", "医疗: clinic-2027"), "utf-8")
    (found,) = check_path(here, checker=whole_checker())
    assert (found.rule, found.element) == ("unknown_edition", "parameters.editions.values")
    assert "scoring/" in found.remedy.zh
    sound = load_catalog(root).package(PACKAGE)
    asked = sound.award.parameters["editions"]
    assert "clinic-2027" in str(why_refused(sound, asked, {"制造": "gbt19580-2012", "医疗": "clinic-2027"}))
    assert why_refused(sound, asked, {"制造": "clinic-2026@500", "医疗": "clinic-2026"}) is None
