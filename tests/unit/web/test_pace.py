"""How often somebody may come, counted in memory."""

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.context import ForkServerContext
from pathlib import Path

from service.domain.running.pace import KEPT, OwnTimes, Pace
from service.web.frame.requests.shared_times import SharedTimes
from tests.support.waiting import ended


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


def test_few_at_once_and_then_as_many_a_minute() -> None:
    watch = Watch()
    pace = Pace(60, watch, at_once=3)
    assert [pace.seconds_to_wait("a") for _ in range(4)] == [0, 0, 0, 1]
    for _ in range(20):
        watch.now += 1
        assert pace.seconds_to_wait("a") == 0
    assert pace.seconds_to_wait("a") == 1


def test_nought_is_no_limit() -> None:
    assert {Pace(0, Watch()).seconds_to_wait("a") for _ in range(10_000)} == {0}


def test_a_flood_of_names_takes_bounded_memory_and_forgets_no_one_who_came_last() -> None:
    watch = Watch()
    times = OwnTimes()
    pace = Pace(1, watch, times=times)
    for number in range(3 * KEPT):
        pace.seconds_to_wait(number)
    assert len(times) <= KEPT + 1
    assert pace.seconds_to_wait(3 * KEPT - 1) > 0


def test_threads_let_no_more_through() -> None:
    pace, through = Pace(500, Watch()), []
    threads = [
        threading.Thread(target=lambda: through.extend(pace.seconds_to_wait("a") for _ in range(200))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    ended(*threads)
    assert through.count(0) == 500


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


def test_among_many_thousand_names_hardly_one_is_taken_for_another(tmp_path: Path) -> None:
    watch = Watch()
    pace = Pace(1, watch, times=SharedTimes(tmp_path / "times"))
    assert sum(pace.seconds_to_wait(number) > 0 for number in range(5_000)) < 50
    assert all(pace.seconds_to_wait(number) > 0 for number in range(5_000))
    watch.now += 61
    assert pace.seconds_to_wait(1) == 0


def test_a_process_that_ends_in_the_middle_holds_nobody_up(tmp_path: Path) -> None:
    file = tmp_path / "times"
    holder = processes().Process(target=hold_and_end, args=(file,))
    holder.start()
    holder.join(60)
    assert Pace(1, Watch(), times=SharedTimes(file)).seconds_to_wait("a") == 0


def hold_and_end(file: Path) -> None:
    with SharedTimes(file).held():
        os.kill(os.getpid(), signal.SIGKILL)
