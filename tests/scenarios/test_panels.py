"""Members by name, sign-ins and days that do not roll: a county of data alone, checked and played."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

import handlers
from service.casework.definitions.publish import publish_package
from service.catalog import Catalog, Severity, load_catalog
from service.catalog.check import check_path
from service.cli.check import whole_checker
from service.domain.errors import Conflict
from service.store import Store
from service.store.models import PersonRow
from tests.support.passing import Plays
from tests.support.tree import lay_out

handlers.load()
PROJECT = Path(__file__).parents[2]
COUNTY = PROJECT / "tests" / "data" / "panels"
PLENUM = "weir/plenum"
SCENARIOS = sorted(COUNTY.rglob("scenarios/*.yaml"))
PLAYS = Plays()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("weir"), COUNTY)


@pytest.fixture(scope="module")
def catalog(root: Path) -> Catalog:
    return load_catalog(root)


def test_the_county_has_no_problems(root: Path) -> None:
    assert [str(p) for p in check_path(root, checker=whole_checker())] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, catalog: Catalog) -> None:
    assert PLAYS.unmet(path, catalog.package(f"weir/{path.parts[-3]}")) == []


PLENUM_WRONG = {
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
        tx.people.insert(
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
        publish_package(tx, catalog.package(PLENUM), now, "test")
    store.close()


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
