"""The process may be killed at any moment: a mark and its paper are there together, or neither is."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from service.casework.ballots.box import Box, bound_to
from service.domain.ballots import papers_in
from service.store import Store, Unreachable
from tests.support.ballots import Hall, make_hall, paper
from tests.support.soundness import faults_of

POINTS = ["ballot-marked", "paper-in-box", "before-commit", "after-commit"]


def die_at(hall: Hall, ballot: int, point: str) -> None:
    """Cast in a process of its own that is killed at ``point``, without a chance to clean up."""
    child = os.fork()
    if child == 0:
        hall.desk.store.forked()
        hall.desk.store.crash_point = lambda name: os._exit(9) if name == point else None
        try:
            hall.cast(ballot, 2, paper("yyn"))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.chaos
@pytest.mark.parametrize("point", POINTS)
def test_a_killed_cast_leaves_mark_and_paper_together(sqlite_url: str, tmp_path: Path, point: str) -> None:
    store = Store(sqlite_url, tmp_path / "files")
    hall = make_hall(store, tmp_path / "keys")
    _, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    store.close()
    die_at(hall, ballot, point)
    row = hall.ballot(ballot)
    with store.read() as tx:
        roll = tx.ballots.roll(ballot)
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
