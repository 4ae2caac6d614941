"""Who can only write the database opens a case to nobody by making their organisation take part in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.cases.start import start_case
from service.casework.people.seals.row_seals import seal_rows, seal_rows_beside, unsealed
from service.casework.queries.cases.view_case import view_case
from service.casework.soundness.digests import wrong_beside
from service.domain.errors import NotAllowed
from service.store.rows.cases import case_party
from service.store.seals.altered import PartyAltered
from service.store.seals.row_seals import _OF_TABLE, SEALED
from tests.support.desks import PACKAGE, Bench


@pytest.fixture
def started(bench: Bench) -> Bench:
    """An installation after its first start."""
    seal_rows(bench.desk, SYSTEM)
    return bench


def begun(bench: Bench) -> int:
    return start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})


def theirs(bench: Bench) -> int:
    body = bench.stranger.seats[0].body_id
    assert body is not None
    return body


def written(bench: Bench, case: int, body: int, **more: Any) -> None:
    """Let a body take part as somebody does who has the database alone."""
    values = {"case_id": case, "role": "partner", "body_id": body, **more}
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.insert(case_party).values(values))


def parties(bench: Bench, case: int) -> dict[str, list[int]]:
    with bench.desk.store.read() as tx:
        return {role: [one.id for one in bodies] for role, bodies in tx.cases.parties(case).items()}


def named(bench: Bench) -> list[str]:
    assert unsealed(bench.desk) == [], "these are looked at once a day"
    return [one.en for one in wrong_beside(bench.desk) if "case_party" in one.en]


def test_nobody_opens_a_case_by_a_part_in_it_that_they_wrote(started: Bench) -> None:
    case, other = begun(started), theirs(started)
    before = parties(started, case)
    written(started, case, other)
    with pytest.raises(NotAllowed):
        view_case(started.desk, started.stranger, case)
    assert parties(started, case) == before
    with pytest.raises(PartyAltered, match=f"办件 {case} "), started.desk.store.write() as tx:
        tx.cases.parties(case)
    assert named(started) == [
        f"row {case}/partner/{other} of table case_party lacks the seal of this program and does not hold"
    ]


def test_whom_the_program_lets_take_part_does_and_no_longer_than_that(started: Bench) -> None:
    case, other = begun(started), theirs(started)
    with started.desk.store.write() as tx:
        tx.cases.bind(case, "partner", other)
        tx.cases.bind(case, "partner", other)
    assert view_case(started.desk, started.stranger, case)
    assert (parties(started, case)["partner"], named(started)) == ([other], [])
    with started.desk.store.read() as tx:
        where = (case_party.c.case_id == case, case_party.c.body_id == other)
        (seal,) = tx._connection.scalars(sa.select(case_party.c.seal).where(*where)).all()
    with started.desk.store.write() as tx:
        tx.cases.unbind(case, "partner", other)
    written(started, case, other, seal=seal)
    with pytest.raises(NotAllowed):
        view_case(started.desk, started.stranger, case)
    assert len(named(started)) == 1


def test_a_part_is_that_of_its_case_body_and_role_alone(started: Bench) -> None:
    case, other = begun(started), begun(started)
    with started.desk.store.write() as tx:
        tx.cases.bind(case, "partner", theirs(started))
        tx._connection.execute(sa.update(case_party).where(case_party.c.case_id == case).values(case_id=other))
    with pytest.raises(NotAllowed):
        view_case(started.desk, started.stranger, other)


def test_parts_of_a_program_before_count_until_seals_are_demanded(bench: Bench) -> None:
    """An installation of the version before, in which other seals are demanded already."""
    seals, case, other = bench.desk.store.seals, begun(bench), theirs(bench)
    assert seals is not None
    for name in {SEALED, *_OF_TABLE.values()} - {_OF_TABLE["case_party"]}:
        seals._keys.secret(name)
    written(bench, case, other)
    assert view_case(bench.desk, bench.stranger, case)
    assert seal_rows_beside(bench.desk, SYSTEM) == 1
    bench.clock.move_to(bench.clock.now() + timedelta(hours=25))
    assert seal_rows_beside(bench.desk, SYSTEM) == 0
    assert (seals.asked_for, named(bench), parties(bench, case)["partner"]) == (True, [], [other])
