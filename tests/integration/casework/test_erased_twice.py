"""Two people confirm the same erasure: it happens once, and everything that is compared afterwards still proves what happened."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from service.casework.access.actor import Actor
from service.casework.audit.intact import differing_rows
from service.casework.desk.desk import Desk
from service.casework.retention.erase import ask_erasures, try_erasures
from service.domain.errors import LaurelError
from service.domain.proof.audit_chain import ERASURE
from tests.integration.casework.test_retention import LATE, Finished, finished, season
from tests.support.desks import Bench
from tests.support.log import broken_in
from tests.support.soundness import faults_of

pytestmark = pytest.mark.both_databases

__all__ = ["finished", "season"]


def at_once(desk: Desk, people: Sequence[Actor], cases: Sequence[int]) -> list[str]:
    """Let people confirm the same at the same moment; returns how it went for each."""
    ready = Barrier(len(people))

    def confirmed(actor: Actor) -> str:
        ready.wait(timeout=120)
        try:
            return str(ask_erasures(desk, actor, cases, "期满"))
        except LaurelError as refused:
            return refused.message.zh

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(confirmed, people))


def compared(desk: Desk) -> list[str]:
    """Return what the chains, every decisive row against its event and `laurel doctor --deep` say."""
    with desk.store.read() as tx:
        rows = [one.found.zh for one in differing_rows(desk, tx)]
    return [*broken_in(desk), *rows, *faults_of(desk)]


def erasures(desk: Desk) -> dict[int, int]:
    with desk.store.read() as tx:
        numbers = tx.cases.numbers_after(0, 100)
        return {ident: [e.action for e in tx.history.select(case_id=ident)].count(ERASURE) for ident in numbers}


def test_a_season_that_two_people_erase_is_erased_once_and_still_proves_what_happened(finished: Finished) -> None:
    desk, cases = finished.desk, sorted(finished.due())
    assert compared(desk) == []
    with desk.store.read() as tx:
        other = next(p.id for p in tx.people.everybody() if p.id != finished.office.person_id)
    people = [finished.office, replace(finished.office, person_id=other, name="另一人")]
    went = at_once(desk, people, cases)
    assert went.count(str(len(cases))) == 1, went
    finished.sweep()
    assert finished.due() == {}
    assert {ident: n for ident, n in erasures(desk).items() if ident in cases and n != 1} == {}
    for actor in people:
        with pytest.raises(LaurelError):
            ask_erasures(desk, actor, cases, "期满")
    finished.sweep()
    assert compared(desk) == []


def test_on_both_databases_an_erased_case_is_compared_as_it_is_left(bench: Bench) -> None:
    desk = bench.desk
    number = bench.decided("fail", "张三丰", reason="张三丰未补材料")
    bench.drain()
    bench.clock.move_to(LATE)
    assert try_erasures(desk, bench.office, [number])[0].found is not None
    went = at_once(desk, [bench.office, bench.office], [number])
    assert went.count("1") == 1, went
    bench.drain()
    assert (erasures(desk)[number], compared(desk)) == (1, [])
