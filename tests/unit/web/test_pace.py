"""How often somebody may come, counted in memory."""

import threading

from service.domain.pace import KEPT, Pace


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
    pace = Pace(1, watch)
    for number in range(3 * KEPT):
        pace.seconds_to_wait(number)
    assert len(pace._full) <= KEPT + 1
    assert pace.seconds_to_wait(3 * KEPT - 1) > 0


def test_threads_let_no_more_through() -> None:
    pace, through = Pace(500, Watch()), []
    threads = [
        threading.Thread(target=lambda: through.extend(pace.seconds_to_wait("a") for _ in range(200))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert through.count(0) == 500
