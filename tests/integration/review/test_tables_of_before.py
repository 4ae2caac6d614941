"""Who takes the tables back by hand and forward again finds what lost its seals named, and `laurel audit record-rows` heals it."""

from __future__ import annotations

import pytest
from alembic import command

from service.casework.access.actor import SYSTEM
from service.casework.digests.before import record_before
from service.casework.people.seals.row_seals import seal_rows, unsealed
from service.casework.step.step import open_step
from service.store.migrations import configuration
from tests.integration.review.test_written_awards import asked, bodies, read
from tests.support.review import ReviewBench
from tests.support.soundness import faults_of


@pytest.mark.parametrize(("revision", "lost"), [("0102", "award_record"), ("0103", "inbox"), ("0104", "")])
def test_tables_that_went_back_and_forth_are_healed(drawn: ReviewBench, revision: str, lost: str) -> None:
    here = drawn
    own, other = bodies(here)
    desk, case = here.desk, here.case("届")
    with desk.store.write() as tx:
        assert tx.inbox.deliver(case, "asked", {"why": "x"}, "one", desk.clock.now())
    with desk.store._engine.begin() as connection:
        command.downgrade(configuration(connection), revision)
    desk.store.migrate()
    said = "".join([*(one.en for one in unsealed(desk)), *faults_of(desk)])
    assert bool(said) is bool(lost)
    assert lost in said
    assert bool(read(here, own)) is (lost != "award_record")
    for _ in range(2):  # as `laurel audit record-rows` does; once more changes nothing
        record_before(desk, SYSTEM, again=True)
        seal_rows(desk, SYSTEM, again=True)
        assert (unsealed(desk), faults_of(desk)) == ([], [])
    assert len(asked(here, own)) == len(asked(here, other)) == 1
    with desk.store.write() as tx:
        assert [row.message for row in open_step(desk, tx, case, SYSTEM).tx.inbox.waiting(case)] == ["asked"]
