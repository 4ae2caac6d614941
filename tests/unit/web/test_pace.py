"""How often somebody may come, counted in memory."""

import multiprocessing
import time
from multiprocessing.context import ForkServerContext
from pathlib import Path

from service.domain.running.pace import Pace
from service.web.frame.requests.request_pace import SharedTimes


class Watch:
    """A clock that a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_so_many_a_minute_and_a_sentence_says_when_it_goes_on() -> None:
    watch = Watch()
    pace = Pace(6, watch)
    assert [pace.seconds_to_wait("a") for _ in range(7)] == [0] * 6 + [10]
    assert pace.seconds_to_wait("b") == 0, "another name is counted for itself"
    watch.now += 9
    assert pace.seconds_to_wait("a") == 1, "what is refused is not counted"
    watch.now += 1
    assert pace.seconds_to_wait("a") == 0
    watch.now += 3600
    assert [pace.seconds_to_wait("a") for _ in range(7)] == [0] * 6 + [10], "nobody saves up"


def processes() -> ForkServerContext:
    """Return what starts processes that share nothing with this one; what they import is imported once for all of them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def let_through(file: Path, tries: int) -> int:
    pace = Pace(300, time.monotonic, times=SharedTimes(file))
    return sum(pace.seconds_to_wait("a") == 0 for _ in range(tries))


def test_processes_that_share_their_times_let_no_more_through_than_one(tmp_path: Path) -> None:
    file, began = tmp_path / "times", time.monotonic()
    with processes().Pool(4) as pool:
        through = sum(pool.starmap(let_through, [(file, 200)] * 4))
    assert 300 <= through <= 300 + 5 * (time.monotonic() - began) + 1
