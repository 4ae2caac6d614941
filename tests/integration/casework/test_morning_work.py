"""Each working morning whoever holds the seat of a body is told, in one message, what came to it and nobody opened."""

from datetime import timedelta

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.due.daily import queue_morning_work
from service.casework.queries.tasks.view_task import view_task
from service.store import Store
from tests.support.desks import Bench, make_bench

pytestmark = pytest.mark.both_databases


@pytest.fixture
def bench(store: Store) -> Bench:
    """On Monday two applications came to the office, of which one was opened."""
    made = make_bench(store)
    (task,) = made.tasks(made.submitted())
    made.submitted()
    view_task(made.desk, made.office, task.id, opening=True)
    return made


def begin_day(bench: Bench, days: int) -> list[str]:
    """The mails of the office about what arrived, after the morning so many days later."""
    bench.clock.move_to(bench.clock.now() + timedelta(days=days))
    queue_morning_work(bench.desk, SYSTEM)
    bench.drain()
    return [line for line in bench.inbox("office") if "新到" in line]


def test_a_body_is_told_once_of_what_came_and_nobody_opened(bench: Bench) -> None:
    (message,) = begin_day(bench, 1)
    assert message == "本单位新到1项待办，还没有人打开\n“审核”1项\n/tasks"
    assert begin_day(bench, 1) == [message], "nothing came since"


def test_on_a_rest_day_nobody_is_written_to_and_the_next_morning_says_all(bench: Bench) -> None:
    begin_day(bench, 4)
    bench.submitted()
    assert begin_day(bench, 1) == begin_day(bench, 1) == [], "Saturday and Sunday"
    (message,) = begin_day(bench, 1)
    assert "新到1项" in message


def test_an_applicant_is_told_at_once_instead(bench: Bench) -> None:
    bench.started()
    begin_day(bench, 1)
    assert not [line for line in bench.inbox("applicant") if "新到" in line]
