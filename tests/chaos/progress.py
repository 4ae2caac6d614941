"""How far the thousand kills are: seasons that ended well are kept by the program's contents, so that a run goes on where one stopped."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "chaos.jsonl"
_BEGAN = time.monotonic()


@dataclass(frozen=True, slots=True)
class EndedSeason:
    """One season under fire that ended well; ``program`` tells which contents of the program it was played on."""

    program: str
    dialect: str
    kills: int
    season: int
    deaths: int
    seconds: float


@cache
def program() -> str:
    """Return what tells this program from another one: the hash of its files."""
    told = hashlib.sha256()
    for folder in ("service", "handlers", "tests/chaos", "tests/data/chaos"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in (".py", ".bpmn", ".yaml", ".json"):
                told.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return told.hexdigest()[:16]


def ended(kept: Path = KEPT) -> list[EndedSeason]:
    """Return the seasons that this program went through."""
    return [season for season in _all(kept) if season.program == program()]


def note(season: EndedSeason, kept: Path = KEPT) -> str:
    """Keep a season; returns how far its database is, and how fast."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(asdict(season)) + "\n")
    same = [each for each in ended(kept) if each.dialect == season.dialect]
    deaths, seconds = sum(each.deaths for each in same), sum(each.seconds for each in same)
    return f"{season.dialect}: {deaths} kills so far, {deaths / max(seconds, 1):.1f} a second"


def time_is_up(dialect: str) -> bool:
    """Tell whether LAUREL_CHAOS_MINUTES have passed, half of them for SQLite, which is first: the next run goes on."""
    seconds = float(os.environ.get("LAUREL_CHAOS_MINUTES", "inf")) * 60
    return time.monotonic() - _BEGAN > (seconds / 2 if dialect == "sqlite" else seconds)


def _all(kept: Path) -> Iterator[EndedSeason]:
    if kept.exists():
        yield from (EndedSeason(**json.loads(line)) for line in kept.read_text("utf-8").splitlines())
