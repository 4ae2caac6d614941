"""Panels, groups, sheets, members by name, sign-ins and votes of the public: a county of data alone, checked and played."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

import handlers
from service.casework.definitions.publish import publish
from service.casework.queries.people.experts import view_draws
from service.casework.reading.dossier import view_dossier
from service.casework.review.draw_record import repeat
from service.casework.simulate import play, read_scenario
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.stage.stage import open_stage
from service.catalog import Catalog, Package, Severity, load_catalog
from service.catalog.check import check_path
from service.catalog.settings.settings import why_refused
from service.cli.check import whole_checker
from service.domain.errors import Conflict
from service.sdk import operations
from service.store import Store
from service.store.models import PersonRow
from tests.support.passing import CALENDARS, Plays
from tests.support.tree import lay_out

handlers.load()
PROJECT = Path(__file__).parents[2]
COUNTY = PROJECT / "tests" / "data" / "panels"
PACKAGE = "weir/prize"
PLENUM = "weir/plenum"
SHARED_PIECES = ("shared_group_panels", "shared_public_votes")
"""Shared diagrams that this county alone calls."""
SCENARIOS = sorted(COUNTY.rglob("scenarios/*.yaml"))
PLAYS = Plays()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("weir"), COUNTY)


@pytest.fixture(scope="module")
def catalog(root: Path) -> Catalog:
    return load_catalog(root)


@pytest.fixture(scope="module")
def package(catalog: Catalog) -> Package:
    return catalog.package(PACKAGE)


def test_the_county_has_no_problems(root: Path) -> None:
    assert [str(p) for p in check_path(root, checker=whole_checker())] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, catalog: Catalog) -> None:
    assert PLAYS.unmet(path, catalog.package(f"weir/{path.parts[-3]}")) == []


def test_together_they_pass_through_every_element_of_the_shared_diagrams(catalog: Catalog) -> None:
    known = {**catalog.package(PACKAGE).processes, **catalog.package(PLENUM).processes}
    drawn = {(process, element) for process in SHARED_PIECES for element in known[process].elements}
    passed = set().union(*(PLAYS.passed(path, catalog.package(f"weir/{path.parts[-3]}")) for path in SCENARIOS))
    assert sorted(drawn - passed) == []


def test_whoever_is_ill_is_followed_by_the_same_person_in_the_whole_group(
    package: Package, sqlite_url: str, tmp_path: Path
) -> None:
    (path,) = (p for p in SCENARIOS if p.stem == "ill_for_the_whole_group")
    store = Store(sqlite_url, tmp_path / "files", durable=False)
    played = play(store, package, read_scenario(path.read_bytes(), path.name), CALENDARS, operations())
    with store.read() as tx:
        panels = [p for nick in ("甲", "乙") if (p := tx.panels.at(played.cases[nick], "panel_review")) is not None]
        now = [{m.person_id for m in tx.panel_members.select(panel_id=p.id) if m.state == "active"} for p in panels]
        draws = [d for case in played.cases.values() for d in tx.draws.select(case_id=case)]
    store.close()
    assert now[0] == now[1]
    assert len(draws) == 4, "one for each group, one for each application whose member fell ill"
    assert all(repeat(draw).holds for draw in draws)


def test_the_office_reads_the_draw_of_the_group_at_each_of_its_applications(
    package: Package, sqlite_url: str, tmp_path: Path
) -> None:
    (path,) = (p for p in SCENARIOS if p.stem == "ill_for_the_whole_group")
    scenario = read_scenario(path.read_bytes(), path.name)
    store = Store(sqlite_url, tmp_path / "files", durable=False)
    stage = open_stage(store, package, scenario, CALENDARS, operations())
    for move in scenario.moves:
        assert play_move(stage, move) == []
    office = stage.cast.actor("office")
    shown = {nick: view_draws(stage.desk, office, stage.case(nick)) for nick in ("甲", "乙", "丙")}
    assert [d.row.reason for d in shown["甲"]] == ["", "因病住院"]
    assert shown["甲"][0].row.id == shown["乙"][0].row.id != shown["丙"][0].row.id
    assert all(d.repeated.holds for draws in shown.values() for d in draws)
    assert [s.group for s in view_dossier(stage.desk, office, stage.case("乙")).stages] == ["制造"]
    store.close()


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


PLENUM_WRONG = {
    "handed_word_unknown": (
        "round.bpmn",
        "full: param.public_weight",
        "full: param.public_weight, how: &quot;most&quot;",
        "say_polling",
        "best",
    ),
    "attendance_unsaid": ("round.bpmn", ', attended: "sign_in.present"', "", "plenary_vote", "attended"),
    "counting_word": ("round.bpmn", '"notice", "none")', '"notice", "nein")', "list_over", "none"),
    "member_role": (
        "../jurisdiction.yaml",
        "roles: [chair, committee]}",
        "roles: [chair, expert]}",
        "bodies[3].members[1].roles",
        "chair",
    ),
    "member_term": (
        "../jurisdiction.yaml",
        "until: 2026-12-31",
        "until: 2025-12-31",
        "bodies[3].members[5].until",
        "until",
    ),
    "member_twice": ("../jurisdiction.yaml", "{id: zhao,", "{id: wang,", "bodies[3].members[3].id", "id"),
}
"""What is written wrongly of a vote: file, what stands there, what is written instead, where it is told, a word of the remedy."""


@pytest.mark.parametrize("rule", PLENUM_WRONG)
def test_what_is_said_wrongly_of_a_vote_is_refused_with_place_and_remedy(rule: str, root: Path, tmp_path: Path) -> None:
    here = tmp_path / "root"
    shutil.copytree(root, here)
    file, right, wrong, place, remedy = PLENUM_WRONG[rule]
    path = here / "processes" / "weir" / "plenum" / file
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), "utf-8")
    found = {p.rule: p for p in check_path(here, checker=whole_checker()) if p.severity is Severity.ERROR}
    assert found[rule].element == place
    assert remedy in found[rule].remedy.zh


def test_a_package_takes_no_account_of_another_place_and_no_other_name(
    catalog: Catalog, sqlite_url: str, tmp_path: Path
) -> None:
    store = Store(sqlite_url, tmp_path / "files", durable=False)
    now = datetime(2026, 3, 2, tzinfo=UTC)
    with store.write() as tx:
        tx.people.insert_person(
            PersonRow(
                login="weir.wang",
                name="别人",
                password=None,
                email=None,
                telephone=None,
                language="zh",
                active=True,
                created_at=now,
            )
        )
    with pytest.raises(Conflict, match="王委员"), store.write() as tx:
        publish(tx, catalog.package(PLENUM), now, "test")
    store.close()


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
    parameters = here / "processes" / "weir" / "prize" / "parameters.yaml"
    parameters.write_text(parameters.read_text("utf-8").replace("医疗: clinic-2026", "医疗: clinic-2027"), "utf-8")
    (found,) = check_path(here, checker=whole_checker())
    assert (found.rule, found.element) == ("unknown_edition", "parameters.editions.values")
    assert "scoring/" in found.remedy.zh
    sound = load_catalog(root).package(PACKAGE)
    asked = sound.award.parameters["editions"]
    assert "clinic-2027" in str(why_refused(sound, asked, {"制造": "gbt19580-2012", "医疗": "clinic-2027"}))
    assert why_refused(sound, asked, {"制造": "clinic-2026@500", "医疗": "clinic-2026"}) is None


def test_a_city_that_names_a_missing_sheet_for_a_class_is_refused(tmp_path: Path) -> None:
    here = lay_out(tmp_path, COUNTY)
    shutil.rmtree(here / "processes" / "weir")
    shutil.copytree(PROJECT / "processes" / "kizilsu", here / "processes" / "kizilsu")
    shutil.copytree(PROJECT / "forms" / "kizilsu", here / "forms" / "kizilsu")
    award = here / "processes" / "kizilsu" / "quality_award" / "parameters.yaml"
    text = award.read_text("utf-8")
    assert "education: 'gbt19580-2012'" in text
    award.write_text(text.replace("education: 'gbt19580-2012'", "education: 'education-2030'"), "utf-8")
    found = [p for p in check_path(here, checker=whole_checker()) if p.severity is Severity.ERROR]
    assert [(p.rule, p.element) for p in found] == [("unknown_edition", "parameters.scoring_editions.values")]
