"""Work over many cases at once: moving them to another version, and a round with hundreds of applicants.

Each is done at two sizes: what one case costs must not grow with their number, nor what the process holds. It is a part
of ``make soak`` and grows with its size: a tenth as many cases as requests, a two-hundredth as many applicants.
"""

from __future__ import annotations

import time
from pathlib import Path

from service.casework.access.actor import SYSTEM
from service.casework.definitions.publish import publish
from service.casework.due.move_batch import BatchWish, begin_batch
from service.casework.due.run_item import run_item
from service.casework.people.factors.sessions import acting_as
from service.casework.queries.law.preview_amendment import preview_amendment
from service.domain.running.lanes import LANES
from service.jobs.due_work import DueWork
from service.store.rows import MembershipRow
from tests.bench.measures import Measure
from tests.bench.season import prepare
from tests.bench.serving import resident
from tests.bench.soak import REQUESTS
from tests.bench.toy import PACKAGE, START, Toy, package, toy_in

MANY, APPLICANTS = REQUESTS // 10, REQUESTS // 200
FEW, FEW_APPLICANTS = MANY // 10, APPLICANTS // 5
LOOKS = 20
"""How often the preview of an amendment is opened while so many cases run on the version before."""


def measure(folder: Path) -> list[Measure]:
    """Return what a case costs among many over what it costs among few, of the processor, and what memory grows."""
    (folder / "moves").mkdir()
    return [*_round(folder), *_moves(toy_in(folder / "moves"))]


def _moves(toy: Toy) -> list[Measure]:
    costs, sizes, looked = [], [], list[tuple[float, float]]()
    _appoint(toy)
    for number, count in enumerate((FEW, MANY)):
        toy.start("two", count if number == 0 else MANY - FEW)
        version = _altered(toy, f"改{number}")
        looked.append(_looked(toy))
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
        Measure(
            f"memory after {LOOKS} previews of moving {MANY} cases (after the first)",
            looked[1][1], None, looked[1][0], 1.1, unit="MB",
        ),
    ]  # fmt: skip


def _looked(toy: Toy) -> tuple[float, float]:
    """Open the preview of an amendment again and again; return the memory held after the first time and the last."""
    sizes = []
    for _ in range(LOOKS):
        preview_amendment(toy.desk, acting_as(toy.desk, "office") or toy.office, PACKAGE)
        sizes.append(resident())
    return sizes[0], sizes[-1]


def _round(folder: Path) -> list[Measure]:
    _prepared(folder / "first", 2)  # diagrams and forms are read once
    few, small = _prepared(folder / "few", FEW_APPLICANTS), resident()
    many, large = _prepared(folder / "many", APPLICANTS), resident()
    work = f"an application among {APPLICANTS} of a round, lodged and taken in (among {FEW_APPLICANTS})"
    return [
        Measure(work, many / APPLICANTS, None, few / FEW_APPLICANTS, 1.2, unit="ms of CPU"),
        Measure(
            f"memory after a round of {APPLICANTS} applicants (of {FEW_APPLICANTS})", large, None, small, 1.1, unit="MB"
        ),
    ]


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
