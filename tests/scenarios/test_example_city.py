"""A sixth city made of data alone: checked, covered, published and played, while the program stays what it was."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import handlers
from service.catalog import Package, load_catalog
from service.catalog.check import check_path
from service.catalog.coverage.coverage import coverage
from service.cli.check import whole_checker
from tests.support.passing import Plays
from tests.support.tree import SHARED, lay_out

PROJECT = Path(__file__).parents[2]
CITY = PROJECT / "tests" / "data" / "example_city"
KEY = "example_city/quality_award"
PROGRAM = ("handlers", "service")
SCENARIOS = sorted(CITY.rglob("scenarios/*.yaml"))
PLAYS = Plays()
OPEN_ENDED = {("example_city_tenure", "tenure_over")}
"""Thirty years after the award: longer than a scenario needs to look ahead."""
handlers.load()


def sources(place: Path = PROJECT) -> dict[str, bytes]:
    """Every Python file that carries procedures out."""
    files = (path for folder in PROGRAM for path in sorted((place / folder).rglob("*.py")))
    return {str(path.relative_to(place)): path.read_bytes() for path in files}


def fingerprint(files: Mapping[str, bytes]) -> str:
    """One hash over names and contents of ``files``."""
    total = hashlib.sha256()
    for name, content in files.items():
        total.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree with what all cities share, and this city's one folder."""
    return lay_out(tmp_path_factory.mktemp("example_city"), CITY)


@pytest.fixture(scope="module")
def package(root: Path) -> Package:
    return load_catalog(root).package(KEY)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The program and what all cities share, as somebody else would have them: a copy, without pages."""
    for folder in (*PROGRAM, *SHARED, "processes/calendars"):
        shutil.copytree(
            PROJECT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "static", "node_modules")
        )
    return tmp_path


RUN = """
import json, os, sys
from service import app
assert app.__file__.startswith(os.getcwd()), app.__file__
for command in json.loads(sys.argv.pop()):
    sys.argv = ["laurel", *command]
    try:
        app.main()
    except SystemExit as done:
        if done.code:
            raise
"""
"""Runs several commands of the program, one after the other, until one fails."""


def laurel(place: Path, *commands: list[str]) -> str:
    """Run commands of the program that lies in ``place``; returns what they said."""
    environment = {**os.environ, "PYTHONPATH": str(place), "LAUREL_DATA": str(place / "var")}
    command = [sys.executable, "-c", RUN, json.dumps(commands)]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def test_a_program_that_never_heard_of_the_city_takes_it_in_and_stays_what_it_was(installed: Path) -> None:
    before = fingerprint(sources(installed))
    shutil.copytree(CITY / "processes", installed / "processes", dirs_exist_ok=True)
    city = installed / "processes" / "example_city"
    season = city / "quality_award" / "scenarios" / "late_and_refused.yaml"
    said = laurel(
        installed, ["check", str(city)], ["coverage", "example_city"], ["deploy", str(city)], ["simulate", str(season)]
    )
    assert "0 个错误" in said
    assert "0 条未落实" in said
    assert "已发布" in said
    assert fingerprint(sources(installed)) == before


def test_the_city_lies_in_one_folder_without_code() -> None:
    kinds = {path.suffix for path in CITY.rglob("*") if path.is_file()}
    assert kinds == {".yaml", ".bpmn", ".dmn", ".json"}
    assert [path.name for path in (CITY / "processes").iterdir()] == ["example_city"]
    assert [path.name for path in CITY.iterdir()] == ["processes"]


def test_a_changed_program_would_be_noticed() -> None:
    files = sources()
    some = next(name for name in files if name.startswith("handlers/"))
    assert fingerprint({**files, some: files[some] + b"\n"}) != fingerprint(files)
    assert fingerprint({**files, "handlers/city.py": b""}) != fingerprint(files)


def test_no_part_of_the_program_names_a_city(root: Path) -> None:
    cities = {**load_catalog(PROJECT).jurisdictions, **load_catalog(root).jurisdictions}
    assert len(cities) == 6
    words = {word for city in cities.values() for word in (city.id, city.name, short(city.name), city.name_en)}
    named = re.compile("|".join(re.escape(word) for word in sorted(words)), re.IGNORECASE)
    found = [f"{name}: {hit[0]}" for name, text in sources().items() if (hit := named.search(text.decode("utf-8")))]
    assert found == []


def short(name: str) -> str:
    """The name of a place as people say it, without 市, 县 or 区."""
    return re.sub("(自治州|市|县|区|州)$", "", name)


def test_the_city_has_no_problems(root: Path) -> None:
    assert [str(p) for p in check_path(root / "processes" / "example_city", checker=whole_checker())] == []


def test_every_clause_is_accounted_for(package: Package) -> None:
    found = coverage([package])
    assert (found.uncovered, found.not_modelled_yet) == ((), ())
    assert len(found.informative) + len(found.outside) <= len(found.clauses) / 4


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "element", "says"),
    [
        ("round", "prize: ", "price: ", "frame_key_missing", "conferral", "frame.prize"),
        ("deliberation", "case.ranking[passing", "case.rankng[passing", "undeclared_fact", "set_agenda", "rankng"),
    ],
)
def test_a_slip_in_what_is_handed_to_a_shared_diagram_is_found(
    root: Path, tmp_path: Path, file: str, old: str, new: str, rule: str, element: str, says: str
) -> None:
    shutil.copytree(root, tmp_path / "tree")
    diagram = tmp_path / "tree" / "processes" / KEY / f"{file}.bpmn"
    diagram.write_text(diagram.read_text("utf-8").replace(old, new), "utf-8")
    found = check_path(diagram, checker=whole_checker())
    assert [(p.rule, p.element) for p in found] == [(rule, element)]
    assert says in found[0].message.zh


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, package: Package) -> None:
    assert PLAYS.unmet(path, package) == []


def test_together_they_reach_every_element_of_the_city_and_of_ballot_and_joint_notice(package: Package) -> None:
    drawn = {
        (process, element.id)
        for process, diagram in package.processes.items()
        if process.startswith("example_city_") or process in ("shared_ballot", "shared_joint_notice")
        for element in diagram.elements.values()
    }
    passed = set().union(*(PLAYS.passed(path, package) for path in SCENARIOS))
    assert sorted(drawn - passed - OPEN_ENDED) == []
