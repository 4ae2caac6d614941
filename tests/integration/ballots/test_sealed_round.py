"""A ballot is opened and cast in a round as the program keeps it, whatever somebody writes into its row meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import ALTERED, StateAltered
from service.casework.ballots.cast_vote import cast_vote
from service.casework.ballots.confirm_account import confirm_account
from service.casework.digests.before import record_before
from service.casework.people.seals.row_seals import seal_rows
from service.store.rows.cases import case as cases
from tests.integration.ballots.test_given_password import PAPER, administrator, changed, given
from tests.support.ballots import Hall


@pytest.fixture
def begun(hall: Hall) -> Hall:
    """A hall whose seals have begun."""
    seal_rows(hall.desk, SYSTEM)
    record_before(hall.desk, SYSTEM)
    return hall


def write(hall: Hall, case: int, **values: Any) -> None:
    """Write columns as somebody does who has the database alone."""
    with hall.desk.store.write() as tx:
        tx._connection.execute(sa.update(cases).where(cases.c.id == case).values(values))


def is_told(hall: Hall, case: int, column: str) -> bool:
    with hall.desk.store.read() as tx:
        found = [one for one in tx.incidents.of_case(case) if one.kind == ALTERED]
    return len(found) == 1 and column in found[0].what["en"]


def test_nobody_votes_with_a_password_they_set_by_writing_when_the_round_began(begun: Hall) -> None:
    case, ballot = begun.open()
    member, root = begun.members[0], administrator(begun, "root")
    begun.clock.move_to(begun.clock.now() + timedelta(minutes=5))
    given(begun, root, member)
    changed(begun, member)
    with begun.desk.store.read() as tx:
        started = tx.cases.get(case).started_at
    write(begun, case, started_at=started.replace(year=2030))
    with pytest.raises(StateAltered):
        cast_vote(begun.desk, member, ballot, PAPER)
    assert member.person_id is not None
    with pytest.raises(StateAltered):
        confirm_account(begun.desk, begun.supervisor, ballot, member.person_id, "当面核对身份证件")
    write(begun, case, started_at=started)
    assert is_told(begun, case, "started_at")
    assert begun.ballot(ballot).cast == 0


def test_a_round_that_is_written_to_be_suspended_is_told(begun: Hall) -> None:
    case, ballot = begun.open()
    write(begun, case, status="suspended")
    with pytest.raises(StateAltered):
        cast_vote(begun.desk, begun.members[0], ballot, PAPER)
    assert is_told(begun, case, "status")
    write(begun, case, status="running")
    begun.cast(ballot, 0, PAPER)
    assert begun.ballot(ballot).cast == 1
