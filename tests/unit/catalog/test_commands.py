from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner, Result

from service.catalog.layout.__main__ import main as layout
from service.cli.check import check
from service.cli.coverage import show_coverage
from service.cli.main import laurel
from tests.unit.catalog.conftest import MINIATURE


@dataclass
class Root:
    root: Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIATURE, tmp_path / "tree"))


def run(command: Command, root: Path, *words: str) -> Result:
    return CliRunner().invoke(laurel, [str(command.name), *words], obj=Root(root))


def spoil(root: Path) -> Path:
    path = root / "processes" / "lakeside" / "star_award" / "parameters.yaml"
    path.write_text(path.read_text("utf-8").replace("value: 7}", "value: 3}"), "utf-8")
    return path


def test_a_check_loads_neither_database_nor_web() -> None:
    asked = (
        "import sys, service.app, service.cli.check; print({'sqlalchemy', 'flask', 'service.store'} & {*sys.modules})"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_a_clean_tree_passes(root: Path) -> None:
    result = run(check, root)
    assert result.exit_code == 0, result.output
    assert "0 个错误" in result.output
    assert json.loads(run(check, root, "--json").output) == {"problems": []}


def test_a_window_below_the_legal_minimum_is_refused_with_the_remedy(root: Path) -> None:
    path = spoil(root)
    result = run(check, root, str(path), "--json")
    assert result.exit_code == 1
    (problem,) = json.loads(result.output)["problems"]
    assert problem["rule"] == "beyond_law"
    assert problem["severity"] == "error"
    assert problem["element"] == "parameters.notice_working_days.values"
    assert "低于法定界限 5" in problem["message"]
    assert "5" in problem["remedy"]


@pytest.mark.parametrize("part", [".", "processes/lakeside", "processes/lakeside/star_award", "processes"])
def test_any_part_of_the_tree_may_be_checked(root: Path, part: str) -> None:
    spoil(root)
    assert run(check, root, str(root / part)).exit_code == 1


def test_a_path_outside_any_tree_is_refused_with_a_sentence(root: Path, tmp_path: Path) -> None:
    lonely = tmp_path / "lonely"
    lonely.mkdir()
    result = run(check, root, str(lonely))
    assert result.exit_code == 2
    assert "processes" in result.output


def test_coverage_counts_and_names_what_is_left(root: Path) -> None:
    result = run(show_coverage, root, "lakeside", "--json")
    assert result.exit_code == 0
    counts = json.loads(result.output)
    assert {key: counts[key] for key in ("jurisdiction", "clauses", "carried_out", "informative", "outside")} == {
        "jurisdiction": "lakeside", "clauses": 7, "carried_out": 5, "informative": 1, "outside": 1,
    }  # fmt: skip
    assert counts["uncovered"] == []
    assert (counts["unproved"], counts["words_only"]) == (0, 0)
    listed = {line["id"]: line for line in counts["matrix"]}
    assert [line["fate"] for line in listed.values()] == ["informative", *["carried_out"] * 5, "outside"]
    proofs = {p["scenario"].rpartition("/")[2]: p["expectation"] for p in listed["LS-6"]["proofs"]}
    assert proofs["refused.yaml"] == "办件 乙，文书 不予受理告知书，写有 成立不满3年"
    assert proofs["refused_by_office.yaml"].startswith("办件 丙，文书 不予受理告知书，送 申报组织，写有 ")
    assert {place["kind"] for place in listed["LS-6"]["places"]} >= {"document"}
    assert "共 7 条" in run(show_coverage, root, "lakeside").output


def test_the_layout_command_draws_in_place_and_names_pool_and_lanes(root: Path) -> None:
    path = root / "processes" / "lakeside" / "star_award" / "application.bpmn"
    before = path.read_bytes()
    bare = before[: before.index(b"  <bpmndi:BPMNDiagram")] + b"</bpmn:definitions>"
    path.write_bytes(bare)
    assert CliRunner().invoke(layout, [str(path)]).exit_code == 0
    assert path.read_bytes() == before
