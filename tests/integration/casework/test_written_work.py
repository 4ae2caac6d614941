"""Work that somebody wrote into the database beside the program is not carried out where the case says otherwise."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from service.casework.due.early_timer import EARLY
from service.store import Store
from tests.integration.casework.test_state_seals import executed
from tests.support.ballots import START, Hall, make_hall, paper


@pytest.fixture
def hall(store: Store, tmp_path: Path) -> Hall:
    """Nine members about to vote, once on SQLite and once on PostgreSQL."""
    return make_hall(store, tmp_path / "keys")


def queue_by_hand(hall: Hall, case: int, kind: str, payload: dict[str, Any]) -> None:
    """Queue work as who has the database alone does; ``case`` lends an instant that is over."""
    executed(
        hall.desk,
        "insert into work_item(kind, lane, effect_key, payload, due_at, provisional, state, attempts, created_at)"
        " select :kind, 'cases', :key, :payload, started_at, false, 'waiting', 0, started_at from case_instance where id = :case",
        kind=kind, key=f"{kind}:by hand", payload=json.dumps(payload), case=case,
    )  # fmt: skip


def incidents(hall: Hall) -> list[tuple[str, str]]:
    with hall.desk.store.read() as tx:
        return [(row.kind, row.what["en"]) for row in tx.incidents.list_open()]


def test_keys_of_a_ballot_that_goes_on_are_kept(hall: Hall) -> None:
    case, ballot = hall.open()
    for number in range(1, 8):
        hall.cast(ballot, number, paper("yyn"))
    queue_by_hand(hall, case, "ballot_keys", {"box": hall.ballot(ballot).box})
    hall.drain()
    assert [(kind, "neither counted nor void" in what) for kind, what in incidents(hall)] == [("work_item_dead", True)]
    for number in (8, 9):
        hall.cast(ballot, number, paper("yyn"))
    hall.drain()
    assert hall.outcome(ballot)["cast"] == 9, "the keys are there, so that everybody votes and it is counted"


def test_keys_that_belong_to_no_ballot_are_kept(hall: Hall) -> None:
    case, _ = hall.open()
    secrets = hall.desk.ballot_keys.root / "counts.secret"
    hall.desk.ballot_keys.secret("counts")
    assert secrets.is_file()
    queue_by_hand(hall, case, "ballot_keys", {"box": secrets.name})
    hall.drain()
    assert secrets.is_file()
    assert [("belong to no ballot" in what) for _, what in incidents(hall)] == [True]


def test_a_ballot_whose_end_was_moved_forward_in_the_database_goes_on(hall: Hall) -> None:
    case, ballot = hall.open()
    for number in range(1, 8):
        hall.cast(ballot, number, paper("yyn"))
    moved = "update work_item set due_at = (select started_at from case_instance where id = :case) where kind = 'timer'"
    executed(hall.desk, moved, case=case)
    hall.drain()
    assert hall.ballot(ballot).state == "open"
    ((kind, what),) = incidents(hall)
    assert kind == EARLY, what
    hall.cast(ballot, 8, paper("yyn"))
    hall.advance(START + timedelta(days=1, seconds=1))
    assert hall.outcome(ballot)["cast"] == 8, "it is closed on its own day"
    assert [kind for kind, _ in incidents(hall)] == [EARLY], "it stays for who finds out who wrote it"
