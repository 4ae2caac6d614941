"""What the ordinary run tries in part is tried whole by a target of make, and a run tells what its parts took."""

from __future__ import annotations

import json
import re
import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.budgets import told
from tests.chaos import progress
from tests.support import turns
from tests.support.longest_first import KEPT, longest_first, noted

ROOT = Path(__file__).parents[2]


def test_what_is_tried_in_part_is_tried_whole_somewhere() -> None:
    whole = re.findall(r"LAUREL_TURN=all \$\(BIN\)/pytest (.*)", (ROOT / "Makefile").read_text("utf-8"))
    named = {name for line in whole for name in line.split()}
    using = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"from tests\.support\.turns import|pytest\.mark\.share\(", path.read_text("utf-8"))
    }
    assert using
    assert [
        file for file in sorted(using) if not any(file == name or file.startswith(f"{name}/") for name in named)
    ] == []


def test_in_as_many_turns_as_there_are_parts_everything_comes_up() -> None:
    found = [[n for n in range(20) if (n + at) % 4 == 0] for at in range(4)]
    assert sorted(n for part in found for n in part) == list(range(20))
    one = turns.in_turn(range(20), 4)
    assert one == list(range(20)) if turns.EVERYTHING else one in found


def test_each_test_of_a_long_file_meets_each_part_of_what_it_takes_in_turns_itself() -> None:
    tests = [("test_long.py", 3, False)] * 5 + [("test_short.py", 0, False)] + [("test_both.py", 3, True)] * 2
    met = [{run % 3 for run in range(90) if list(turns.coming(tests, run))[n]} for n in range(len(tests))]
    assert met == [{0, 1, 2}] * len(tests)
    for one_in, parts in ((2, 2), (2, 4), (2, 8), (2, 48), (3, 3), (3, 9), (3, 30)):
        runs = [run for run in range(parts * 40) if next(turns.coming([("test_long.py", one_in, False)], run))]
        assert {run % parts for run in runs} == set(range(parts)), f"one run in {one_in} meets all of {parts} parts"
    of_long = [sum(list(turns.coming(tests, run))[:5]) for run in range(9)]
    assert set(of_long) == {1, 2}, "a third of a file is in a run"
    assert all(list(turns.coming(tests, run))[5] for run in range(9)), "a file that is not long is in every run"


def test_what_runs_on_both_databases_is_shared_but_where_they_differ(request: pytest.FixtureRequest) -> None:
    shares = {item.nodeid: turns.share_of(item) for item in request.session.items if "[postgresql" in item.nodeid}
    assert {share for name, share in shares.items() if re.search("/integration/(store|jobs)/", name)} <= {0, 2, 3}
    assert {share for name, share in shares.items() if "/integration/law/" in name} <= {3}


def test_where_the_databases_differ_each_test_is_in_each_run_on_one_of_them() -> None:
    """However many of them a file has, and in whatever order: those of one database come before those of the other, or beside."""
    for order in ([False] * 5 + [True] * 5, [False, True] * 5, [False, True, True, False, False, True]):
        tests = [("test_both.py", 2, postgresql) for postgresql in order]
        for run in range(12):
            met = list(turns.coming(tests, run))
            on = [
                [is_up for is_up, database in zip(met, order, strict=True) if database is one] for one in (False, True)
            ]
            assert all(one is not other for one, other in zip(*on, strict=True))
    alone = [run for run in range(40) if next(turns.coming([("test_both.py", 2, True)], run))]
    assert len(alone) == 20


def test_of_integration_each_run_takes_a_tenth_but_all_where_the_databases_differ(
    request: pytest.FixtureRequest,
) -> None:
    shares = {item.nodeid: turns.share_of(item) for item in request.session.items if item.path.suffix == ".py"}
    of_web = {share for name, share in shares.items() if "/integration/web/" in name}
    assert not of_web or 10 in of_web
    assert 0 not in of_web
    assert {share for name, share in shares.items() if "/integration/jobs/" in name} <= {0, 2, 3}
    assert {share for name, share in shares.items() if "/architecture/" in name} == {0}


def test_what_guards_ballots_rights_and_days_is_in_each_run(request: pytest.FixtureRequest) -> None:
    items = [item for item in request.session.items if "[postgresql" not in item.nodeid]
    shares = {item.nodeid: turns.share_of(item) for item in items if item.path.suffix == ".py"}
    assert {share for name, share in shares.items() if "/integration/law/" in name} <= {0}
    assert {share for name, share in shares.items() if re.search("ballots/test_(casting|recusal|void)", name)} <= {0}
    rights = "test_(attackers|api_rights|trade_secrets|last_useful_day|provisional_ends)"
    assert {share for name, share in shares.items() if re.search(f"/integration/.*{rights}", name)} <= {1}
    assert all(next(turns.coming([("test_rights.py", 1, False)], run)) for run in range(6))


def test_what_is_taken_in_tenths_is_left_out_at_most_eighteen_times_in_a_row() -> None:
    runs = "".join(".x"[next(turns.coming([("test_any.py", 10, False)], run))] for run in range(120))
    assert "." * 19 not in runs
    assert runs.count("x") == 12


def test_a_file_that_was_just_changed_is_tried_whole(tmp_path: Path) -> None:
    folder = tmp_path / "kept" / "tests"
    folder.mkdir(parents=True)
    changed = partial(turns.changed_files.__wrapped__, tmp_path / "kept")

    def git(*words: str) -> None:
        who = ("-c", "user.name=甲", "-c", "user.email=a@example.cn", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    assert changed() == frozenset(), "of the first commit nothing is known"
    for text in ("one", "two", "three"):
        (folder / f"test_{text}.py").write_text(text, "utf-8")
        git("add", ".")
        git("commit", "-q", "-m", text)
    assert changed() == {folder / "test_three.py"}
    (folder / "test_one.py").write_text("not yet committed", "utf-8")
    (folder / "test_four.py").write_text("not yet added", "utf-8")
    assert changed() == {folder / f"test_{text}.py" for text in ("one", "three", "four")}


def test_minutes_are_shared_by_the_processes_and_told_beside_what_they_may_be() -> None:
    files = {"tests/unit/a/test_x.py": 240.0, "tests/integration/b/test_y.py": 480.0, "tests/fuzz/test_z.py": 60.0}
    lines = list(told(files, 2, began=1000.0, now=1600.0))
    assert "  unit and integration     6.0 of 5  over its budget by 1.0 (20%)" in lines
    at = lines.index("Where the 6.0 minutes of unit and integration went, 2 of 2 files:")
    assert lines[at + 1 : at + 3] == [
        "     4.0   67%  tests/integration/b/test_y.py",
        "     2.0   33%  tests/unit/a/test_x.py",
    ]
    assert not any(line.startswith("Where") and "fuzz" in line for line in lines)
    assert "  chaos and fuzz           0.5 of 3" in lines
    assert not any("browser" in line for line in lines)
    assert lines.index("     480  tests/integration/b/test_y.py") < lines.index("     240  tests/unit/a/test_x.py")


def test_what_is_installed_first_is_told_apart_from_the_static_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUREL_BEGAN", "100")
    monkeypatch.setenv("LAUREL_CHECKED", "160")
    lines = list(told({"tests/unit/a/test_x.py": 60.0}, 1, began=208.0, now=268.0))
    assert lines[1:4] == [
        "  set-up                   1.0",
        "  static                   0.8 of 1",
        "  unit and integration     1.0 of 5",
    ]
    assert "  the whole so far         2.8 of 25" in lines


def test_kills_that_this_program_went_through_are_kept_and_those_of_another_are_not(tmp_path: Path) -> None:
    kept = tmp_path / "build" / "chaos.jsonl"
    other = progress.EndedSeason("another program", "sqlite", 1000, 0, 100, 50.0)
    first, second = (progress.EndedSeason(progress.program(), "sqlite", 1000, n, 100, 50.0) for n in range(2))
    assert progress.note(other, kept) == "sqlite: 0 kills so far, 0.0 a second"
    assert progress.note(first, kept) == "sqlite: 100 kills so far, 2.0 a second"
    assert progress.note(second, kept) == "sqlite: 200 kills so far, 2.0 a second"
    assert progress.ended(kept) == [first, second]


def test_seconds_are_kept_of_files_that_take_long_and_of_those_that_a_run_left_out() -> None:
    before = {"tests/a.py": 40, "tests/b.py": 9, "tests/c.py": 7}
    run = {"tests/a.py": 0.02, "tests/b.py": 61.6, "tests/c.py": 2.0, "tests/d.py": 12.4}
    assert list(noted(before, run).items()) == [("tests/b.py", 62), ("tests/a.py", 40), ("tests/d.py", 12)]


def test_the_longest_files_begin_first_and_each_stays_together(request: pytest.FixtureRequest) -> None:
    kept = json.loads(KEPT.read_text("utf-8"))
    assert [name for name in kept if not (ROOT / name).is_file()] == []
    items = longest_first(request.session.items, ROOT)
    assert sorted(map(id, items)) == sorted(map(id, request.session.items))
    files = list(dict.fromkeys(item.path.relative_to(ROOT).as_posix() for item in items))
    seconds = [kept.get(name, 0) for name in files]
    assert seconds == sorted(seconds, reverse=True)
