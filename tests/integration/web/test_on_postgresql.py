"""The pages on PostgreSQL: the same tests, another database."""

from collections.abc import Callable

import pytest

from service.store import Store
from tests.integration.web.test_every_page import season, test_every_page_opens_for_whom_it_is_meant
from tests.integration.web.test_task_way import (
    sent,
    started,
    test_a_draft_is_kept_and_comes_back,
    test_keyset_pages_show_every_task_once,
    test_several_tasks_are_claimed_and_delegated_together,
    test_several_tasks_are_done_with_one_form,
    test_the_list_filters_counts_and_tells_what_is_new,
    test_what_was_sent_can_be_taken_back_until_somebody_looked,
)
from tests.support.desks import Bench, make_bench

pytestmark = pytest.mark.postgres

__all__ = [
    "season",
    "sent",
    "started",
    "test_a_draft_is_kept_and_comes_back",
    "test_every_page_opens_for_whom_it_is_meant",
    "test_keyset_pages_show_every_task_once",
    "test_several_tasks_are_claimed_and_delegated_together",
    "test_several_tasks_are_done_with_one_form",
    "test_the_list_filters_counts_and_tells_what_is_new",
    "test_what_was_sent_can_be_taken_back_until_somebody_looked",
]


@pytest.fixture
def bench(postgres_url: str, open_store: Callable[[str], Store]) -> Bench:
    """The small award on an empty PostgreSQL database."""
    return make_bench(open_store(postgres_url))
