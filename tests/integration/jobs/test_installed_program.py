"""Other files than were recorded when the program was installed are told, alarmed of and entered in the book."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.app import Installation
from service.casework.access.actor import SYSTEM
from service.casework.health.checks import look_at_all
from service.casework.health.finding import Level
from service.casework.health.program_files import enter_foreign_program
from service.cli.main import laurel
from service.jobs.premises import premises_of
from service.jobs.program import EVERY, InstalledProgram, installed_mark
from service.settings import BadSetting, read_settings
from service.store import Store
from tests.support.desks import Bench, make_bench
from tests.support.log import broken_in
from tests.unit.web.test_pace import Watch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "service"
    (root / "web" / "__pycache__").mkdir(parents=True)
    (root / "app.py").write_text("print('laurel')", "utf-8")
    (root / "web" / "page.html").write_text("<p>", "utf-8")
    return root


def told(bench: Bench, program: InstalledProgram) -> tuple[Level, str]:
    desk = replace(bench.desk, premises=replace(bench.desk.premises, program=program))
    enter_foreign_program(desk, SYSTEM)
    ((level, words),) = [
        (one.level, one.found.zh) for one in look_at_all(desk, bench.admin) if one.name == "program-files"
    ]
    return level, words


def entries(bench: Bench) -> list[dict[str, str]]:
    with bench.desk.store.read() as tx:
        return [row.data["after"] for row in tx.acts.after(0, 100) if "程序文件" in row.about]


def test_a_changed_an_added_and_a_missing_file_are_each_found_and_what_is_made_anew_is_not(folder: Path) -> None:
    marks = [installed_mark((folder,))]
    (folder / "web" / "__pycache__" / "page.pyc").write_bytes(b"made")
    assert installed_mark((folder,)) == marks[0]
    (folder / "app.py").write_text("print('other')", "utf-8")
    marks.append(installed_mark((folder,)))
    (folder / "web" / "more.py").write_text("", "utf-8")
    marks.append(installed_mark((folder,)))
    (folder / "web" / "more.py").rename(folder / "web" / "moved.py")
    marks.append(installed_mark((folder,)))
    (folder / "app.py").unlink()
    marks.append(installed_mark((folder,)))
    assert len(set(marks)) == 5


def test_other_files_are_a_fault_with_an_entry_in_the_book_within_an_hour(store: Store, folder: Path) -> None:
    bench, watch = make_bench(store), Watch()
    program = InstalledProgram(installed_mark((folder,)), lambda: installed_mark((folder,)), watch)
    assert told(bench, program) == (Level.FINE, "与安装时记下的一致")
    (folder / "app.py").write_text("print('other')", "utf-8")
    watch.now += EVERY + 1
    for _ in range(2):
        level, words = told(bench, program)
        assert (level, "查明是谁改动了文件" in words) == (Level.FAULT, True)
    assert entries(bench) == [{"recorded": program.expected, "found": installed_mark((folder,))}]
    again = InstalledProgram(program.expected, lambda: installed_mark((folder,)), watch)
    assert told(bench, again)[0] == Level.FAULT
    assert len(entries(bench)) == 1, "the same is entered once, whatever process finds it"
    assert broken_in(bench.desk) == []


def test_the_command_prints_what_the_setting_takes(tmp_path: Path) -> None:
    tools = Installation(read_settings({"LAUREL_DATA": str(tmp_path)}))
    said = CliRunner().invoke(laurel, ["program"], obj=tools)
    assert said.exit_code == 0, said.output
    found = premises_of(read_settings({"LAUREL_PROGRAM": said.output.strip()})).program
    assert found is not None
    assert found.mark() == found.expected == said.output.strip()
    assert premises_of(read_settings({})).program is None
    with pytest.raises(BadSetting, match="LAUREL_PROGRAM"):
        read_settings({"LAUREL_PROGRAM": "yes"})
