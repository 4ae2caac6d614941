"""No migration changes once programs may have run it: their tables would bear its number and lack what was added."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[3]
VERSIONS = ROOT / "service" / "store" / "migrations" / "versions"
LANDED = ROOT / "tests" / "data" / "landed_migrations.txt"
"""A line for each migration: SHA-256 and name, as `sha256sum` writes them."""


def faults(landed: str, versions: Path) -> list[str]:
    """Return what is to be done about each migration that is not as its line says."""
    noted = {name: digest for digest, name in (line.split() for line in landed.splitlines())}
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(versions.glob("v*.py"))}
    told = []
    for name, digest in there.items():
        if name not in noted:
            told.append(f"{name} is new: add the line “{digest}  {name}” to {LANDED.relative_to(ROOT)}")
        elif noted[name] != digest:
            told.append(
                f"{name} was changed: databases that ran it will lack the change. Put it back as it was"
                " (git checkout main -- it) and write a new migration; only one that no program ran yet gets a new line"
            )
    gone = [f"{name} is gone: databases bear its number. Put it back" for name in noted if name not in there]
    return told + gone


def test_a_migration_that_landed_stays_as_it_is() -> None:
    assert faults(LANDED.read_text("ascii"), VERSIONS) == []


def test_what_was_changed_added_or_taken_away_is_told(tmp_path: Path) -> None:
    for name, content in (("v0001_kept.py", "a"), ("v0002_changed.py", "b"), ("v0004_new.py", "c")):
        (tmp_path / name).write_text(content)
    digests = [hashlib.sha256(content).hexdigest() for content in (b"a", b"before", b"d")]
    names = ("v0001_kept.py", "v0002_changed.py", "v0003_gone.py")
    told = faults("".join(f"{digest}  {name}\n" for digest, name in zip(digests, names, strict=True)), tmp_path)
    assert [line.partition(":")[0] for line in told] == [
        "v0002_changed.py was changed",
        "v0004_new.py is new",
        "v0003_gone.py is gone",
    ]
