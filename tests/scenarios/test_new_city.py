"""A place made from blank, and one copied from another: both check clean and their seasons play."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import handlers
from service.casework.simulate.playing.play import play
from service.casework.simulate.scenarios.scenario import read_scenario
from service.catalog import load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.check import check_path
from service.catalog.law.law import Clause
from service.catalog.new_city.blank import blank_city
from service.catalog.new_city.copied import CopiedCity, copy_city
from service.catalog.new_city.outline import CityOutline, OutlinedTier
from service.catalog.new_city.steps import CityStep
from service.catalog.source.formatting import format_file
from service.catalog.tree import Files
from service.cli.check import whole_checker
from service.domain.errors import Invalid
from service.sdk import operations
from service.store import Store
from tests.support.bundled import bundled
from tests.support.tree import lay_out, project_tree

handlers.load()
PROJECT = Path(__file__).parents[2]
CLAUSES = tuple(
    Clause(f"LX-{number}", f"第{number}条", "other", f"第{number}条的要求。", None, None) for number in range(1, 7)
)
OUTLINE = CityOutline(
    id="lanxi",
    name="兰溪县",
    name_en="Lanxi",
    calendar="cn",
    award_name="兰溪县质量奖",
    law_title="兰溪县质量奖管理办法",
    since=date(2026, 1, 1),
    office="兰溪县市场监督管理局",
    committee="兰溪县质量奖评审委员会",
    tiers=(OutlinedTier("gold", "质量奖", 2), OutlinedTier("silver", "提名奖", 3)),
    clauses=CLAUSES,
)
CITED = {
    step: (clause.id,)
    for step, clause in zip(("apply", "conditions", "acceptance", "vote", "notice", "conferral"), CLAUSES, strict=True)
}


def laid_out(root: Path, files: Files) -> Path:
    lay_out(root, root / "nothing")
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


def unmet(root: Path, path: Path, key: str, sqlite_url: str) -> list[str]:
    store = Store(sqlite_url, root / "files", durable=False)
    scenario = read_scenario(path.read_bytes(), path.name)
    package = load_catalog(root).package(key)
    played = play(store, package, scenario, load_calendars(bundled_calendars()), operations())
    store.close()
    return [f"{line.where}: {line.message.zh}" for line in played.unmet]


def test_a_place_from_blank_has_no_problem_once_its_steps_cite_their_clauses(tmp_path: Path) -> None:
    root = laid_out(tmp_path, blank_city(replace(OUTLINE, cited=CITED)))
    found = [problem for problem in check_path(root, checker=whole_checker()) if problem.rule != "unproved_clauses"]
    assert [str(problem) for problem in found] == []


def test_without_citations_nothing_is_wrong_but_the_clauses_left_to_be_covered(tmp_path: Path) -> None:
    root = laid_out(tmp_path, blank_city(OUTLINE))
    rules = {problem.rule for problem in check_path(root, checker=whole_checker())}
    assert rules == {"uncovered_clause", "to_be_cited"}, "what nobody chose stays open"


@pytest.mark.parametrize(
    ("cited", "word"), [({}, "accepted"), (CITED, "admitted")], ids=["bare", "cited, another word for who is accepted"]
)
def test_its_first_season_plays(tmp_path: Path, sqlite_url: str, cited: dict[str, tuple[str, ...]], word: str) -> None:
    root = laid_out(tmp_path, blank_city(replace(OUTLINE, cited=cited)))
    season = root / "processes/lanxi/quality_award/scenarios/first_season.yaml"
    for path, says in (
        (root / "processes/shared/patterns/start_application.bpmn", '"outcome" value="%s"'),
        (root / "processes/lanxi/quality_award/patterns.yaml", '"%s\\'),
        (season, "outcome: %s"),
    ):
        path.write_text(path.read_text(encoding="utf-8").replace(says % "accepted", says % word), encoding="utf-8")
    assert unmet(root, season, "lanxi/quality_award", sqlite_url) == []


def test_the_first_season_of_an_old_regulation_has_its_experts(tmp_path: Path, sqlite_url: str) -> None:
    """Terms of experts in a play began in 2020: a regulation in force since 2013 had nobody to draw from."""
    old = replace(OUTLINE, since=date(2013, 5, 1), cited=CITED, steps=(CityStep.SCORING,), reviewers=3)
    root = laid_out(tmp_path, blank_city(old))
    path = root / "processes/lanxi/quality_award/scenarios/first_season.yaml"
    assert unmet(root, path, "lanxi/quality_award", sqlite_url) == []


def test_its_files_are_in_the_stable_format() -> None:
    files = blank_city(replace(OUTLINE, cited=CITED))
    assert {path for path, content in files.items() if format_file(path, content) != content} == set()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"id": "Lanxi"}, "编号"),
        ({"id": "shared"}, "编号"),
        ({"name": " "}, "名称"),
        ({"office": "长" * 101}, "办公室"),
        ({"tiers": ()}, "奖项"),
        ({"tiers": (OutlinedTier("gold", "金奖", 0),)}, "名额"),
        ({"clauses": ()}, "条款"),
        ({"notice_days": 0}, "公示期"),
        ({"acceptance_days": 1000}, "受理"),
    ],
)
def test_what_is_missing_is_said(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        blank_city(replace(OUTLINE, **wrong))  # type: ignore[arg-type]


def test_a_place_copied_from_another_checks_clean_and_plays(tmp_path: Path, sqlite_url: str) -> None:
    source = bundled().package("urumqi/quality_award")
    wanted = CopiedCity("lanxi", "兰溪县", "Lanxi", "LX")
    copied = copy_city(project_tree(), "quality_award", source.jurisdiction, source.law, wanted)
    assert not any("urumqi" in path for path in copied)
    root = laid_out(tmp_path, copied)
    assert [
        str(problem) for problem in check_path(root, checker=whole_checker()) if problem.severity.name == "ERROR"
    ] == []
    package = load_catalog(root).package("lanxi/quality_award")
    assert package.jurisdiction.name == "兰溪县"
    assert set(package.law.clauses) == {ident.replace("WQ-", "LX-") for ident in source.law.clauses}
    path = root / "processes/lanxi/quality_award/scenarios/clean.yaml"
    assert unmet(root, path, "lanxi/quality_award", sqlite_url) == []
