"""A bench whose parts break or take too long still tells of the others, and of each row by how much it is missed and why."""

import json
import platform
import subprocess
import threading
from pathlib import Path

import pytest

from tests.bench import report
from tests.bench.__main__ import PARTS, WHOLE
from tests.bench.measures import Measure
from tests.bench.parts import Part, in_turn, run
from tests.bench.reasons import REASONS, missing

ROW = Measure("所测", 3.0, None, None, 2.0)


def measured(folder: Path) -> list[Measure]:
    (folder / "used").touch()
    return [ROW]


def broken(folder: Path) -> list[Measure]:
    raise RuntimeError(f"no disk at {folder.name[:6]}")


def endless(folder: Path) -> list[Measure]:
    threading.Event().wait()
    return [ROW]


def slow(folder: Path) -> list[Measure]:
    threading.Event().wait(0.3)
    return [ROW]


def test_a_part_gives_its_rows() -> None:
    assert run(Part(measured, 60)) == ([ROW], None)


def test_a_part_that_breaks_says_so_and_the_next_goes_on() -> None:
    rows, fault = run(Part(broken, 60))
    assert rows == []
    assert fault is not None
    assert "RuntimeError: no disk at laurel" in fault.zh
    assert run(Part(measured, 60))[0] == [ROW]


def test_a_part_that_takes_too_long_is_stopped() -> None:
    rows, fault = run(Part(endless, 0.1))
    assert rows == []
    assert fault is not None
    assert "0 秒内没有测完" in fault.zh


def test_a_part_may_use_what_those_before_it_left_over() -> None:
    (_, rows, fault, _), (_, late, no_time, _) = in_turn([Part(measured, 60), Part(slow, 0.0)])
    assert (rows, fault, late, no_time) == ([ROW], None, [ROW], None)
    [(_, rows, fault, _)] = in_turn([Part(slow, 0.0)])
    assert (rows, fault is None) == ([], False)


def test_all_parts_end_within_a_quarter_of_an_hour() -> None:
    assert sum(part.seconds for part in PARTS) <= WHOLE == 15 * 60
    assert len({part.name for part in PARTS}) == len(PARTS)


def test_what_is_missed_is_told_by_how_much_and_why() -> None:
    assert missing(ROW).en.startswith("not met: 50% over; no cause is on record")
    begins, why = REASONS[0]
    slow = Measure(f"{begins}.yaml", 80.0, None, None, 100.0, unit="per s", least=True)
    assert missing(slow).zh == f"未达到：少 20%；{why.zh}。"


def test_the_table_has_what_a_row_was_before_and_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "BUILD", tmp_path)
    monkeypatch.setattr(report, "KEPT", tmp_path)
    report.write([Measure("所测", 4.0, None, None, 2.0)])
    report.write([ROW], ["timer_cost：停了"])
    told = (tmp_path / "bench.md").read_text(encoding="utf-8")
    assert "| 所测 | 3 ms |  |  | ≤ 2 | no | 4 |" in told
    assert "* 所测：未达到：超出 50%" in told
    assert "* timer_cost：停了" in told
    assert "<polyline" in (tmp_path / "bench.svg").read_text(encoding="utf-8")
    report.write([ROW], whole=False)
    kept = [json.loads(line) for line in (tmp_path / "bench-history.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["rows"] for line in kept] == [{"所测": 4.0}, {"所测": 3.0}]
    assert [sorted(line) for line in kept] == [["commit", "day", "machine", "rows"]] * 2
    assert platform.node() not in kept[0]["machine"]  # what it is, and not its name
    assert "cores" in kept[0]["machine"]


def test_every_row_is_shown_over_the_commits_with_its_machine() -> None:
    old = {"commit": "aaaa", "day": "2026-01-02", "rows": {"慢": 4.0, "没有了": 1.0}}
    new = {"commit": "bbbb+", "day": "2026-02-03", "machine": "big, 8 cores", "rows": {"慢": 2.5}}
    told = report.over_commits([old, new]).splitlines()
    assert told[0] == "| work | aaaa 01-02 A | bbbb+ 02-03 B |"
    assert told[2:4] == ["| 慢 | 4 | 2.5 |", "| 没有了 | 1 |  |"]
    assert told[-2:] == ["* A：没有记录 / not on record", "* B：big, 8 cores"]


def test_the_history_lies_where_it_is_kept_with_the_program() -> None:
    lost = subprocess.run(
        ["git", "check-ignore", "-q", report.KEPT / "bench-history.jsonl"], cwd=report.KEPT, check=False
    )
    cleaned = (report.KEPT.parent / "Makefile").read_text("utf-8").partition("\nclean:")[2]
    assert lost.returncode != 0
    assert report.KEPT.name not in cleaned
