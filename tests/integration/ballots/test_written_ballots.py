"""A vote is cast by what was recorded alone: a ballot or roll changed in the database refuses papers until it is put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import Actor
from service.casework.access.altered_state import RowAltered
from service.casework.ballots.cast_vote import cast_vote
from service.casework.ballots.declare_recusal import declare_recusal
from service.domain.errors import LaurelError
from tests.support.ballots import Hall, paper
from tests.support.first_start import first_start


def executed(hall: Hall, sql: str, **values: Any) -> list[Any]:
    """Do what somebody does who has the database alone."""
    with hall.desk.store.write() as tx:
        done = tx._connection.execute(sa.text(sql), values)
        return list(done.all()) if done.returns_rows else []


@contextmanager
def meanwhile(hall: Hall, table: str, column: str, value: str, where: str) -> Iterator[None]:
    """Let rows hold ``value`` (SQL), and put back afterwards what they held."""
    ((was,),) = executed(hall, f"select {column} from {table} where {where}")
    executed(hall, f"update {table} set {column} = {value} where {where}")
    yield
    executed(hall, f"update {table} set {column} = :was where {where}", was=was)


def refused(hall: Hall, actor: Actor, ballot: int) -> None:
    with pytest.raises(RowAltered, match=f"表决{ballot}在系统之外被改动，正在核查.*请联系审计管理员"):
        cast_vote(hall.desk, actor, ballot, paper("nnn"))


def incidents(hall: Hall) -> list[str]:
    with hall.desk.store.read() as tx:
        return [one.what["en"] for one in tx.incidents.list_open()]


@pytest.mark.parametrize("by_name", [True, False], ids=["by name", "secret"])
def test_nobody_votes_in_a_members_place_by_a_roll_that_was_changed(lone_hall: Hall, by_name: bool) -> None:
    hall = lone_hall
    _, ballot = hall.open(open=by_name)
    first_start(hall.desk)
    place = f"ballot_id = {ballot} and number = 1"
    with meanwhile(hall, "ballot_roll", "person_id", str(hall.stranger.person_id), place):
        refused(hall, hall.stranger, ballot)
    (said,) = incidents(hall)
    assert (
        f"Ballot {ballot} was changed beside the program: column person_id in row {ballot}/1 of table ballot_roll"
        in said
    )
    hall.cast(ballot, 1, paper("yyn"))


@pytest.mark.parametrize("by_name", [True, False], ids=["by name", "secret"])
@pytest.mark.parametrize(
    ("column", "value"), [("closes_at", "'2026-03-01 00:00:00.000000'"), ("state", "'closed'"), ("rules", "'{}'")]
)
def test_a_member_is_not_told_that_a_ballot_is_over_which_somebody_closed_in_the_tables(
    lone_hall: Hall, by_name: bool, column: str, value: str
) -> None:
    hall = lone_hall
    _, ballot = hall.open(open=by_name)
    first_start(hall.desk)
    with meanwhile(hall, "ballot", column, value, f"id = {ballot}"):
        refused(hall, hall.members[0], ballot)
        with pytest.raises(RowAltered):
            declare_recusal(hall.desk, hall.members[0], ballot, "c1", "本人亲属任职")
    (said,) = incidents(hall)
    assert f"column {column} in row {ballot} of table ballot" in said
    hall.everybody(ballot, [paper("yyn")] * 9)
    hall.drain()
    assert hall.ballot(ballot).state == "counted"


def test_a_recusal_that_somebody_wrote_takes_no_item_off_a_paper(lone_hall: Hall) -> None:
    hall = lone_hall
    _, ballot = hall.open(open=True)
    first_start(hall.desk)
    executed(hall, f"insert into ballot_recusal values ({ballot}, 1, 'c1', 'x', 0)")
    refused(hall, hall.members[0], ballot)
    (said,) = incidents(hall)
    assert f"row {ballot}/1/c1 of table ballot_recusal is in no record" in said
    executed(hall, "delete from ballot_recusal")
    hall.cast(ballot, 1, paper("yyn"))


def test_a_ballot_of_a_program_before_takes_papers_until_each_row_must_be_on_record(hall: Hall) -> None:
    keeping, hall.desk.store.key_of_digests = hall.desk.store.key_of_digests, None
    _, ballot = hall.open(open=True)
    hall.desk.store.key_of_digests = keeping
    hall.cast(ballot, 1, paper("yyn"))
    first_start(hall.desk)
    hall.cast(ballot, 2, paper("yyn"))
    executed(hall, f"update ballot_roll set weight = 2 where ballot_id = {ballot} and number = 3")
    with pytest.raises(LaurelError):
        hall.cast(ballot, 3, paper("yyn"))
    executed(hall, f"update ballot_roll set weight = 1 where ballot_id = {ballot} and number = 3")
    hall.cast(ballot, 3, paper("yyn"))
