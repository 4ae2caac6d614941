"""The process may be killed at any moment: a mark and its paper are there together, or neither is."""

import pickle  # noqa: TID251  what a fork hands back
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from service.casework.ballots.box import Box, bound_to
from service.domain.ballots import papers_in
from service.store import Store, Unreachable
from tests.support.ballots import Hall, make_hall, paper
from tests.support.soundness import faults_of

ROOT = Path(__file__).parents[3]
POINTS = ["ballot-marked", "paper-in-box", "before-commit", "after-commit"]


CAST = """
import os, pickle, sys
from service.casework.assemble import desk_over
from service.casework.ballots.cast_vote import cast_vote
from service.casework.desk.clock import VirtualClock
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
url, files, keys, now, member, ballot, paper, point = pickle.load(sys.stdin.buffer)
store = Store(url, files)
calendars = load_calendars(bundled_calendars())
desk = desk_over(store, calendars, operations(), clock=VirtualClock(now), ballot_keys=keys)
store.crash_point = lambda name: os._exit(9) if name == point else None
cast_vote(desk, member, ballot, paper)
"""


def die_at(hall: Hall, url: str, folder: Path, ballot: int, point: str) -> None:
    """Cast in a process of its own that is killed at ``point``, without a chance to clean up.

    It is begun anew: one forked beside the threads of other tests may wait for ever for what they held.
    """
    member = hall.members[1]
    given = (url, folder / "files", folder / "keys", hall.clock.now(), member, ballot, paper("yyn"), point)
    ended = subprocess.run([sys.executable, "-c", CAST], input=pickle.dumps(given), cwd=ROOT, check=False)
    assert ended.returncode == 9


@pytest.mark.chaos
@pytest.mark.parametrize("point", POINTS)
def test_a_killed_cast_leaves_mark_and_paper_together(sqlite_url: str, tmp_path: Path, point: str) -> None:
    store = Store(sqlite_url, tmp_path / "files")
    hall = make_hall(store, tmp_path / "keys")
    _, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    store.close()
    die_at(hall, sqlite_url, tmp_path, ballot, point)
    row = hall.ballot(ballot)
    with store.read() as tx:
        roll = tx.rolls.select(ballot_id=ballot)
    marks, shape = sum(1 for m in roll if m.state), replace(Box(row).shape, bound=bound_to(row, roll))
    papers = papers_in(row.urn or b"", shape, hall.desk.ballot_keys.get(row.box, row.key_name or ""))
    assert marks == papers == row.cast == (2 if point == "after-commit" else 1)
    for number in range(1 + marks, 10):  # the others vote on, and everything is counted
        hall.cast(ballot, number, paper("yyn"))
    hall.drain()
    assert hall.outcome(ballot)["cast"] == 9
    assert faults_of(hall.desk) == []
    store.close()


def test_a_database_that_goes_away_while_it_commits_takes_no_key_along(sqlite_url: str, tmp_path: Path) -> None:
    """Whether a commit took effect is not known then: the key of the urn that may have been stored is kept."""
    store = Store(sqlite_url, tmp_path / "files")
    hall = make_hall(store, tmp_path / "keys")
    _, ballot = hall.open()

    def gone(name: str) -> None:
        if name == "after-commit":
            raise Unreachable

    store.crash_point = gone
    with pytest.raises(Unreachable):
        hall.cast(ballot, 1, paper("yyn"))
    store.crash_point = lambda _name: None
    for number in range(2, 10):
        hall.cast(ballot, number, paper("yyn"))
    hall.drain()
    assert (hall.outcome(ballot)["cast"], faults_of(hall.desk)) == (9, [])
    store.close()
