"""Plant faults one at a time in a copy of the project and note which test notices each."""

from __future__ import annotations

import argparse
import compileall
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.planted.faults import ROOT, Fault, read_faults, read_record, write_record

_NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "node_modules", "build", "var", ".*_cache", ".hypothesis")
_OPTIONS = ["-x", "-q", "--tb=no", "-rfE", "-p", "no:cacheprovider", "-p", "no:warnings", "-p", "no:hypothesispytest"]
_FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
_LONGEST = 480
"""Seconds after which the tests of a fault are broken off."""


def main() -> int:
    """Run the faults that the command line names; end with 1 when one is not found or no longer applies."""
    options = _read_options()
    record = read_record()
    faults = read_faults(options.names)
    if options.missing:
        faults = [fault for fault in faults if not record.get(fault.id, {}).get("found_by")]
    with tempfile.TemporaryDirectory(prefix="laurel-planted-") as folder:
        tree = _copy_project(Path(folder) / "tree")
        outcomes = {}
        for fault in faults:
            outcome, row = _try_fault(fault, tree, record.get(fault.id, {}).get("found_by"), wider=options.wider)
            outcomes[fault.id] = outcome
            print(f"{outcome:<10} {fault.id}: {row.get('found_by') or fault.breaks}", flush=True)
            if row:
                record[fault.id] = row
                write_record(record)
        for name in _fail_unharmed(
            tree, [record[name]["found_by"] for name, outcome in outcomes.items() if outcome == "found"]
        ):
            outcomes |= {fault: "fails anyway" for fault in outcomes if record.get(fault, {}).get("found_by") == name}
            record |= {fault: {**row, "found_by": None} for fault, row in record.items() if row["found_by"] == name}
        write_record(record)
    _print_table(faults, outcomes)
    return int(any(outcome != "found" for outcome in outcomes.values()))


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.planted", description=__doc__)
    parser.add_argument("names", nargs="*", help="ids of faults or subjects; all without")
    parser.add_argument("--missing", action="store_true", help="only those that no test is recorded to find")
    parser.add_argument(
        "--wider", action="store_true", help="further folders of tests where the named tests find nothing"
    )
    return parser.parse_args()


def _copy_project(tree: Path) -> Path:
    shutil.copytree(ROOT, tree, ignore=_NOT_COPIED, symlinks=True)
    (tree / ".venv").symlink_to(ROOT / ".venv")
    compileall.compile_dir(tree, quiet=2)
    return tree


def _try_fault(fault: Fault, tree: Path, finder: str | None, *, wider: bool) -> tuple[str, dict[str, object]]:
    """Return "found", "not found", "renew" (the text is no longer there once), "no test" or "import"; and the row to record."""
    if fault.occurrences(tree) != 1:
        return "renew", {}
    path, began = tree / fault.file, time.monotonic()
    whole = shutil.copy2(path, tree / "whole")
    fault.spoil(tree)
    outcome, name = "no test", None
    runs = _plan_runs(fault, finder, wider=wider)
    for tests in runs:
        outcome, name = _run_tests(tree, tests)
        if outcome in ("found", "import"):
            break
        if outcome == "no test" and len(tests) > 1:  # one of them is gone
            runs += [[test] for test in tests]
    os.replace(whole, path)
    return outcome, {"found_by": name, "seconds": round(time.monotonic() - began)} if outcome != "import" else {}


def _plan_runs(fault: Fault, finder: str | None, *, wider: bool) -> list[list[str]]:
    """Return the tests to try, one run after another: who found it last time, those the fault names, whole folders."""
    runs = [[finder]] if finder else []
    runs += [list(fault.tests)]
    if wider:
        folders = list(dict.fromkeys(str(Path(test.split("::")[0]).parent) for test in fault.tests))
        runs += [[folder] for folder in [*folders, "tests/unit", "tests/scenarios"]]
    there = ([test for test in run if (ROOT / test.split("::")[0]).exists()] for run in runs)
    return [run for run in there if run]


def _run_tests(tree: Path, tests: list[str]) -> tuple[str, str | None]:
    try:
        run = _run_pytest(tree, [*_OPTIONS, *tests], _LONGEST)
    except subprocess.TimeoutExpired:
        return "too long", None
    if run.returncode == 0:
        return "not found", None
    names = _FAILED.findall(run.stdout)
    if run.returncode != pytest.ExitCode.TESTS_FAILED or not names:
        return ("import" if run.returncode == pytest.ExitCode.INTERRUPTED else "no test"), None
    return "found", names[0]


def _run_pytest(tree: Path, words: list[str], longest: int | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(tree), "LAUREL_WHOLE": "1"}
    command = [str(ROOT / ".venv/bin/python"), "-m", "pytest", *words]
    return subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, timeout=longest, check=False
    )


def _fail_unharmed(tree: Path, names: list[str]) -> list[str]:
    """Return those of the tests that fail without any fault too: what they found proves nothing."""
    if not names:
        return []
    run = _run_pytest(tree, [*_OPTIONS[1:], *dict.fromkeys(names)])
    return _FAILED.findall(run.stdout)


def _print_table(faults: list[Fault], outcomes: dict[str, str]) -> None:
    print(f"\n{'subject':<16}{'faults':>8}{'found':>8}")
    for subject, total in Counter(fault.subject for fault in faults).items():
        matched = sum(fault.subject == subject and outcomes[fault.id] == "found" for fault in faults)
        print(f"{subject:<16}{total:>8}{matched:>8}")
    for fault in faults:
        if outcomes[fault.id] != "found":
            print(f"{outcomes[fault.id]}: {fault.id}: {fault.breaks} ({fault.file})")


if __name__ == "__main__":
    sys.exit(main())
