"""Members find what was counted again on the page of their ballots."""

from collections.abc import Callable

import pytest

from service.store import Store
from tests.support.ballots import Hall, make_hall, paper
from tests.support.browsers import Browser, make_app


@pytest.fixture
def hall(sqlite_url: str, open_store: Callable[[str], Store]) -> Hall:
    return make_hall(open_store(sqlite_url))


def test_a_member_finds_the_count_again_and_nobody_elses_ballot(hall: Hall) -> None:
    app = make_app(hall)  # type: ignore[arg-type]
    _, ballot = hall.open()
    member, stranger = Browser(app, hall, "member1"), Browser(app, hall, "stranger")
    assert "投票中" in member.get("/ballots").text
    assert "结果在哪里查" not in member.get(f"/ballots/{ballot}").text
    hall.everybody(ballot, [paper("yyn")] * 9)
    assert "您已投票" in member.get("/ballots").text
    hall.drain()
    listed = member.get("/ballots").text
    assert f'href="/ballots/{ballot}/repeat"' in listed
    page = member.get(f"/ballots/{ballot}").text
    assert "结果在哪里查" in page
    assert f'href="/ballots/{ballot}"' in member.get("/home").text
    assert "还没有您参加的表决" in stranger.get("/ballots").text
    done = ['href="/ballots"' in one.get("/tasks/done").text for one in (member, stranger)]
    assert done == [True, False], "votes are not listed as done, and who votes is led to them"
    assert stranger.get(f"/ballots/{ballot}").status_code == 403
