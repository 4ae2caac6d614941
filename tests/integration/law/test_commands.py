"""``laurel compare``, on an installation of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.app import Installation
from service.cli.main import laurel
from service.settings import read_settings
from tests.support.lakeside import KEY, MINIATURE, PARAMETERS

Run = Callable[..., Result]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIATURE, tmp_path / "tree"))


@pytest.fixture
def run(tmp_path: Path, tree: Path) -> Run:
    """Runs a command over the copied miniature."""
    settings = read_settings({"LAUREL_DATA": str(tmp_path / "var")})
    return lambda *words: CliRunner().invoke(laurel, list(words), obj=Installation(settings, tree))


def test_two_folders_side_by_side(run: Run, tree: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(tree, tmp_path / "other"))
    award = other / PARAMETERS
    award.write_text(award.read_text("utf-8").replace("value: 5}", "value: 6}"), "utf-8")
    told = run("compare", "lakeside", str(other / "processes" / KEY), "--on", "2026-03-02")
    assert told.exit_code == 0, told.output
    assert (
        "公示期（notice_working_days）：5个工作日，2027年1月1日起7个工作日，不少于5个工作日（第五条）  |  6个工作日"
        in told.output
    )
    found = json.loads(run("compare", KEY, str(other), "--on", "2026-03-02", "--json").stdout)
    assert set(found) == {
        "left", "right", "on", "summary", "tiers", "processes", "stages", "parameters", "clauses", "files",
    }  # fmt: skip
    assert found["summary"]["parameters_different"] == 1
    assert set(found["parameters"][0]) == {"id", "subject", "left", "right", "same"}


def test_a_published_version_beside_the_file(run: Run, tree: Path) -> None:
    assert run("deploy", str(tree / "processes")).exit_code == 0
    award = tree / PARAMETERS
    award.write_text(award.read_text("utf-8").replace("value: 7}", "value: 9}"), "utf-8")
    found = json.loads(run("compare", "lakeside@current", "lakeside", "--json").stdout)
    assert found["summary"]["files_different"] == 1
    assert found["left"]["version"] != found["right"]["version"]


@pytest.mark.parametrize(
    "wrong", [("atlantis", "lakeside"), ("lakeside", "lakeside@0"), ("lakeside", KEY, "--on", "x")]
)
def test_what_cannot_be_compared_is_refused_with_what_there_is(run: Run, wrong: tuple[str, ...]) -> None:
    told = run("compare", *wrong)
    assert told.exit_code == 2
    assert " / " in told.stderr
