"""How often somebody may come, counted in memory."""

from service.domain.running.pace import Pace


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
