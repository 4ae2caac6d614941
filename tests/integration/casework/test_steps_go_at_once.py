"""What a step held is free as soon as its unit of work is over: the collector of garbage need not find it."""

from __future__ import annotations

import gc

from service.casework.cases.start import start_case
from service.casework.scope.record import RecordScope
from service.casework.step.step import Step
from tests.support.desks import PACKAGE, Bench


def test_nothing_of_a_step_waits_for_the_collector_of_garbage(bench: Bench) -> None:
    start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    gc.collect()
    gc.disable()
    try:
        start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
        bench.drain()
        left = [each for each in gc.get_objects(generation=0) if isinstance(each, Step | RecordScope)]
    finally:
        gc.enable()
    assert len(left) <= 1, left  # the cached instance may know the names that it was evaluated with
