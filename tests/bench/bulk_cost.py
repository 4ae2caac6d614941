"""Work over many cases at once: moving them to another version, and a round with hundreds of applicants.

Each is done at two sizes: what one case costs must not grow with their number, nor what the process holds.
"""

from __future__ import annotations

import time
from pathlib import Path

from service.casework.access.actor import SYSTEM
from service.casework.definitions.publish import publish
from service.casework.due.move_batch import BatchWish, begin_batch
from service.casework.due.run_item import run_item
from service.casework.people.sessions import acting_as
from service.domain.lanes import LANES
from service.jobs.due_work import DueWork
from service.store.rows import MembershipRow
from tests.bench.measures import Measure
from tests.bench.season import prepare
from tests.bench.serving import resident
from tests.bench.toy import PACKAGE, START, Toy, package, toy_in

FEW, MANY = 1_000, 10_000
FEW_APPLICANTS, APPLICANTS = 100, 500


def measure(folder: Path) -> list[Measure]:
    """Return what a case costs among many over what it costs among few, of the processor, and what memory grows."""
    (folder / "moves").mkdir()
    return [*_moves(toy_in(folder / "moves")), _round(folder)]


def _moves(toy: Toy) -> list[Measure]:
    costs, sizes = [], []
    _appoint(toy)
    for number, count in enumerate((FEW, MANY)):
        toy.start("two", count if number == 0 else MANY - FEW)
        version = _altered(toy, f"改{number}")
        begun = time.process_time()
        begin_batch(
            toy.desk,
            acting_as(toy.desk, "office") or toy.office,
            PACKAGE,
            BatchWish(version, "修正名称", {}, dry=False),
        )
        _drain(toy)
        costs.append((time.process_time() - begun) * 1000 / count)
        sizes.append(resident())
        with toy.desk.store.read() as tx:
            if (moved := tx.moves.counts(tx.moves.batches(PACKAGE)[0].id)) != {"moved": count}:
                raise RuntimeError(f"of {count} cases this became: {moved}")
    toy.desk.store.close()
    return [
        Measure(f"moving one of {MANY} cases (one of {FEW})", costs[1], None, costs[0], 1.2, unit="ms of CPU"),
        Measure(f"memory after {MANY} cases moved (after {FEW})", sizes[1], None, sizes[0], 1.1, unit="MB"),
    ]


def _round(folder: Path) -> Measure:
    alone, few, many = (_prepared(folder / f"round{count}", count) for count in (1, FEW_APPLICANTS, APPLICANTS))
    costs = [(few - alone) / (FEW_APPLICANTS - 1), (many - alone) / (APPLICANTS - 1)]
    work = f"an application among {APPLICANTS} of a round, lodged and taken in (among {FEW_APPLICANTS})"
    return Measure(work, costs[1], None, costs[0], 1.2, unit="ms of CPU")


def _prepared(folder: Path, count: int) -> float:
    """Return the milliseconds of the processor that a round with so many applicants takes."""
    folder.mkdir()
    begun = time.process_time()
    stage, _ = prepare(folder, count)
    stage.desk.store.close()
    return (time.process_time() - begun) * 1000


def _appoint(toy: Toy) -> None:
    """Let the person of the office move cases."""
    with toy.desk.store.write() as tx:
        office, person = tx.people.body_by_key("toyville", "office"), toy.office.person_id
        assert office is not None
        assert person is not None
        tx.people.add_membership(
            MembershipRow(
                person_id=person, body_id=office.id, jurisdiction="toyville", role="administrator", since=START
            )
        )


def _altered(toy: Toy, name: str) -> str:
    """Publish the award with another name of a task; returns the version."""
    altered = package({"办理second": name})
    with toy.desk.store.write() as tx:
        publish(tx, altered, toy.clock.now(), "bench")
    return altered.version


def _drain(toy: Toy) -> None:
    work = DueWork(toy.desk.store, lambda item: run_item(toy.desk, SYSTEM, item), toy.clock.now, "bench")
    while any(work.run_some(lane, toy.clock.now()) for lane in LANES):
        pass
