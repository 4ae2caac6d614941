"""What two people, or two presses, publish in the same moment is published once, and neither overwrites the other."""

from __future__ import annotations

from functools import partial

import pytest

from service.casework.studio.drafts.open_draft import open_draft, share_draft
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.publication.publish_draft import publish_draft, withdraw_version
from service.casework.studio.publication.review_draft import review_draft, submit_draft, take_back_draft
from service.store import Store
from tests.integration.studio.test_publish import change, current, events
from tests.support.at_once import meeting_before_commit, press_at_once
from tests.support.lakeside import KEY, LAW, Lakeside, make_lakeside

pytestmark = pytest.mark.both_databases


@pytest.fixture
def town(store: Store) -> Lakeside:
    return make_lakeside(store)


PLAYED = "情景另行核对。"


def submitted(town: Lakeside, word: str) -> int:
    draft = open_draft(town.desk, town.designer, KEY, word)
    share_draft(town.desk, town.designer, draft, shared=True)
    change(town, draft, LAW, "湖滨", word)
    submit_draft(town.desk, town.designer, draft, "更名。")
    return draft


def approved(town: Lakeside, word: str) -> int:
    draft = submitted(town, word)
    review_draft(town.desk, town.checker, draft, approved=True, reason=PLAYED)
    return draft


def test_one_draft_is_published_once_and_withdrawn_once(town: Lakeside) -> None:
    publish = partial(publish_draft, town.desk, town.designer, approved(town, "湖畔"))
    assert sum(press_at_once(publish, publish, publish)) == 1
    withdraw = partial(withdraw_version, town.desk, town.designer, KEY, current(town), "弄错了")
    assert sum(press_at_once(withdraw, withdraw, withdraw)) == 1
    assert (events(town).count("published"), events(town).count("withdrawn")) == (1, 1)


def test_of_two_drafts_the_second_takes_in_the_first_before_it_is_published(town: Lakeside) -> None:
    drafts = [approved(town, word) for word in ("湖畔", "湖东", "湖西")]
    assert sum(press_at_once(*(partial(publish_draft, town.desk, town.designer, draft) for draft in drafts))) == 1
    assert events(town).count("published") == 1


def test_of_two_reviewers_one_decides(town: Lakeside) -> None:
    draft = submitted(town, "湖畔")
    approve = partial(review_draft, town.desk, town.checker, draft, approved=True, reason=PLAYED)
    refuse = partial(review_draft, town.desk, town.office, draft, approved=False, reason="请改回。")
    with meeting_before_commit(town.desk.store):
        is_approved, is_returned = press_at_once(approve, refuse)
    row = view_draft(town.desk, town.designer, draft).row
    assert is_approved != is_returned
    assert (row.state, row.details["reviewed"]["approved"]) == ("approved" if is_approved else "open", is_approved)
    assert events(town).count("approved") + events(town).count("returned") == 1


def test_what_is_published_is_what_was_approved_whoever_changes_the_draft_meanwhile(town: Lakeside) -> None:
    draft = approved(town, "湖畔")
    version = view_draft(town.desk, town.designer, draft).row.details["version"]

    def take_back_and_change() -> None:
        take_back_draft(town.desk, town.designer, draft)
        change(town, draft, LAW, "湖畔", "湖心")

    with meeting_before_commit(town.desk.store):
        is_published, is_changed = press_at_once(
            partial(publish_draft, town.desk, town.designer, draft), take_back_and_change
        )
    assert is_published != is_changed
    assert (current(town) == version) == is_published
    assert view_draft(town.desk, town.designer, draft).row.state == ("published" if is_published else "open")
