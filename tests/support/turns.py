"""Which part of something long the ordinary run takes: another one for every commit, and all of it in its own target.

``LAUREL_TURN=N`` repeats the part of an earlier run, which tells its N at the end; ``LAUREL_TURN=all`` takes everything.
A long file says ``pytestmark = pytest.mark.share(3)``: of its tests each run of folders takes a third. What runs on both
databases runs on PostgreSQL in each third run; in `ONE_OR_THE_OTHER` each run takes a test on one of them, the next on the
other, and in `BOTH_ALWAYS` on both. Of the other tests in `IN_TENTHS` each run takes a tenth, but all of a file that was
changed since the commit before, of those in `GUARDING`, and of a file that says ``share(1)`` since it guards rights or days.
Whoever names a file gets all of any of these.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

_ROOT = Path(__file__).parents[2]
_Thing = TypeVar("_Thing")
_SAID = os.environ.get("LAUREL_TURN", "")
EVERYTHING = _SAID == "all"
LATER = "what takes long is tried in turns: this comes up in a later run"
BOTH_ALWAYS = ("chaos", "scenarios")
"""Folders whose tests run on both databases in every run: what is killed there, and the law."""
ONE_OR_THE_OTHER = ("store", "jobs")
"""Folders whose tests each run takes all, on one database or the other: what differs between the two is written or claimed there."""
_ON_POSTGRESQL = 3
_TENTH = 10
IN_TENTHS = ("integration",)
"""Folders that take most of a run's time: each run takes a tenth of their tests, and none is left out more than eighteen times in a row."""
GUARDING = ("ballots", "law")
"""Folders within those whose tests each run takes on SQLite: a vote miscounted or a day miscounted waits for no later run."""


@cache
def turn() -> int:
    """Return the number by which this run chooses: the one that was given, else how many commits there are.

    So the parts come round in order. A copy without its history has the newest commit's own number instead.
    """
    if _SAID.isdigit():
        return int(_SAID)
    if _git("rev-parse", "--is-shallow-repository") == "false":
        return int(_git("rev-list", "--count", "HEAD") or "0")
    return int(_git("rev-parse", "HEAD") or "0", 16) % 10_000


def _git(*words: str) -> str:
    """Return what Git answers, "" where there is none."""
    told = subprocess.run(["git", *words], cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return told.stdout.strip()


def comes_up(place: int, one_in: int) -> bool:
    """Tell whether what stands at ``place`` is among those of this run: each ``one_in``-th, beginning by the turn."""
    return EVERYTHING or (place + turn()) % one_in == 0


def in_turn(things: Sequence[_Thing], one_in: int) -> list[_Thing]:
    """Return those of ``things`` that are among this run."""
    return [thing for place, thing in enumerate(things) if comes_up(place, one_in)]


def every_so_often(place: int, one_in: int) -> pytest.MarkDecorator:
    """Mark a test, or a file by its ``pytestmark``, for each ``one_in``-th run alone; another ``place``, another run."""
    return pytest.mark.skipif(not comes_up(place, one_in), reason=LATER)


def leave_for_later(items: Sequence[pytest.Item]) -> None:
    """Skip the tests of folders that come up in another run: those of long files, and what runs on PostgreSQL too."""
    new = changed_files()
    shares = [(item.path.name, 0 if item.path in new else share_of(item), on_postgresql(item)) for item in items]
    for item, is_up in zip(items, coming(shares, turn()), strict=True):
        if not is_up and not EVERYTHING:
            item.add_marker(pytest.mark.skip(reason=LATER))


@cache
def changed_files(root: Path = _ROOT, since: str = "HEAD~1") -> frozenset[Path]:
    """Return the files that differ from those of a commit, the one before this, new ones too; none in a copy without its history."""
    differ = _git("-C", str(root), "diff", "--name-only", "--relative", since).splitlines()
    new = _git("-C", str(root), "ls-files", "--others", "--exclude-standard").splitlines()
    return frozenset(root / name for name in (*differ, *new))


def coming(tests: Iterable[tuple[str, int, bool]], run: int) -> Iterator[bool]:
    """Tell of each test, given as its file, of how many runs it is in one, and whether on PostgreSQL, whether it is in this run.

    What is in each second run on either database is in each run on one of them: there PostgreSQL begins one further.
    Every time round each file begins elsewhere, by no rule that comes round itself: each test meets each part of what it
    takes in turns. (Begun one further each time, a test that is in each second run met only half of eight parts, for ever.)
    """
    places: Counter[tuple[str, int, bool]] = Counter()
    for file, one_in, further in tests:
        place = _begins(file, run // one_in) + places[file, one_in, further] + further if one_in else 0
        yield not one_in or (place + run) % one_in == 0
        places[file, one_in, further] += 1


@cache
def _begins(file: str, time_round: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{file} {time_round}".encode()).digest()[:4])


def share_of(item: pytest.Item) -> int:
    """Return of how many runs a test takes part in one, 0 where it does in all."""
    marked = item.get_closest_marker("share")
    of_file = int(marked.args[0]) if marked else 0
    folders = set(item.nodeid.partition("::")[0].split("/"))
    if folders & set(BOTH_ALWAYS):
        return of_file
    if folders & set(ONE_OR_THE_OTHER):
        return max(of_file, 2 if _on_both(item) else 0)
    in_tenths = not marked and folders & set(IN_TENTHS) and not folders & set(GUARDING)
    return max(of_file, _ON_POSTGRESQL if _on_both(item) and on_postgresql(item) else 0, _TENTH if in_tenths else 0)


def on_postgresql(item: pytest.Item) -> bool:
    """Tell whether a test runs on PostgreSQL."""
    return item.get_closest_marker("postgres") is not None


def _on_both(item: pytest.Item) -> bool:
    """Tell whether a test runs on either database."""
    return "database_url" in getattr(item, "fixturenames", ())
