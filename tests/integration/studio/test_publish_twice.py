"""What two people, or two presses, publish in the same moment is published once, and neither overwrites the other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from service.casework.studio.drafts.open_draft import open_draft, share_draft
from service.casework.studio.publication.publish_draft import publish_draft, withdraw_version
from service.casework.studio.publication.review_draft import review_draft, submit_draft
from service.domain.errors import Conflict
from service.store import Store
from tests.integration.studio.test_publish import change, current, events
from tests.support.lakeside import KEY, LAW, Lakeside, make_lakeside

pytestmark = pytest.mark.both_databases


@pytest.fixture
def town(store: Store) -> Lakeside:
    return make_lakeside(store)


def approved(town: Lakeside, word: str) -> int:
    draft = open_draft(town.desk, town.designer, KEY, word)
    share_draft(town.desk, town.designer, draft, shared=True)
    change(town, draft, LAW, "湖滨", word)
    submit_draft(town.desk, town.designer, draft, "更名。")
    review_draft(town.desk, town.checker, draft, approved=True, reason="情景另行核对。")
    return draft


def done_at_once(*presses: Callable[[], object]) -> int:
    """Let people press at once; returns for how many it was done, the others having met a conflict."""
    together = Barrier(len(presses))

    def press(act: Callable[[], object]) -> bool:
        together.wait(60)
        try:
            act()
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(len(presses)) as pool:
        return sum(pool.map(press, presses))


def test_one_draft_is_published_once_and_withdrawn_once(town: Lakeside) -> None:
    publish = partial(publish_draft, town.desk, town.designer, approved(town, "湖畔"))
    assert done_at_once(publish, publish, publish) == 1
    withdraw = partial(withdraw_version, town.desk, town.designer, KEY, current(town), "弄错了")
    assert done_at_once(withdraw, withdraw, withdraw) == 1
    assert (events(town).count("published"), events(town).count("withdrawn")) == (1, 1)


def test_of_two_drafts_the_second_takes_in_the_first_before_it_is_published(town: Lakeside) -> None:
    drafts = [approved(town, word) for word in ("湖畔", "湖东", "湖西")]
    assert done_at_once(*(partial(publish_draft, town.desk, town.designer, draft) for draft in drafts)) == 1
    assert events(town).count("published") == 1
