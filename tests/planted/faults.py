"""The planted faults, read from one table for each subject."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
TABLES = Path(__file__).parent / "faults"
RECORD = Path(__file__).parent / "record.yaml"


@dataclass(frozen=True)
class Fault:
    """One small change of program or package, and the tests that should notice it."""

    id: str
    subject: str
    breaks: str
    file: str
    find: str
    replace: str
    tests: tuple[str, ...]

    def occurrences(self, tree: Path = ROOT) -> int:
        """Return how often the text stands in the file; 0 where the file is gone."""
        path = tree / self.file
        return path.read_text(encoding="utf-8").count(self.find) if path.is_file() else 0

    def spoil(self, tree: Path) -> None:
        """Plant the fault in a copy of the project."""
        path = tree / self.file
        path.write_text(path.read_text(encoding="utf-8").replace(self.find, self.replace), encoding="utf-8")


def read_faults(names: list[str] | None = None) -> list[Fault]:
    """Return the faults with these ids or of these subjects, all without names."""
    faults = [
        _read_fault(table.stem, row)
        for table in sorted(TABLES.glob("*.yaml"))
        for row in yaml.safe_load(table.read_text(encoding="utf-8"))
    ]
    unknown = set(names or []) - {fault.id for fault in faults} - {fault.subject for fault in faults}
    if unknown:
        raise SystemExit(f"No planted fault and no subject is called {', '.join(sorted(unknown))}.")
    return [fault for fault in faults if not names or fault.id in names or fault.subject in names]


def _read_fault(subject: str, row: dict[str, Any]) -> Fault:
    return Fault(row["id"], subject, row["breaks"], row["file"], row["find"], row["replace"], tuple(row["tests"]))


def read_record() -> dict[str, dict[str, Any]]:
    """Return by id what the last run of each fault gave: `found_by` (None where no test failed) and `seconds`."""
    return (yaml.safe_load(RECORD.read_text(encoding="utf-8")) or {}) if RECORD.exists() else {}


def write_record(record: dict[str, dict[str, Any]]) -> None:
    """Write the record of the faults that still exist, sorted by id."""
    known = {fault.id for fault in read_faults()}
    rows = {name: record[name] for name in sorted(record) if name in known}
    RECORD.write_text(yaml.safe_dump(rows, allow_unicode=True, width=200), encoding="utf-8")
