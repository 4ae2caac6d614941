"""A sitting is not closed or called off over a ballot that is not counted unless its office says that it knows."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from docx import Document

from service.store import Store
from tests.integration.web.test_sittings import CALLED, MORNING
from tests.support.ballots import Hall, make_hall, paper
from tests.support.browsers import Browser, make_app


class Room:
    """A sitting in which a ballot runs, and the office that closes it."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.office = Browser(make_app(hall), hall, "teller1")  # type: ignore[arg-type]
        self.case, self.ballot = hall.open()
        self.place = str(self.office.post(f"/cases/{self.case}/sittings", CALLED).headers["Location"])
        hall.clock.move_to(MORNING)

    def end(self, do: str, **more: str) -> tuple[int, str]:
        """Close the sitting or call it off as its page does."""
        with self.hall.desk.store.read() as tx:
            version = tx.sittings.get(int(self.place.rpartition("/")[2])).version
        form = {"version": str(version), "words": "会议听取了汇报。", "do": do, **more}
        answer = self.office.post(f"{self.place}/minutes", form, page=self.place)
        return answer.status_code, answer.text

    def count_all(self) -> None:
        """Let everybody vote, and again in the ballot that follows for the second prize."""
        for marks in (paper("yyn"), paper("..y", "nomination")):
            self.hall.everybody(self.hall.ballots(self.case)[-1].id, [marks] * 9)
            self.hall.drain()

    def state(self) -> str:
        """Return how the sitting stands."""
        with self.hall.desk.store.read() as tx:
            return tx.sittings.get(int(self.place.rpartition("/")[2])).state


@pytest.fixture
def room(sqlite_url: str, open_store: Callable[[str], Store]) -> Room:
    return Room(make_hall(open_store(sqlite_url)))


@pytest.mark.parametrize(("do", "state"), [("close", "closed"), ("cancel", "cancelled")])
def test_who_ends_a_sitting_is_told_of_the_ballot_that_is_not_counted(room: Room, do: str, state: str) -> None:
    room.hall.cast(room.ballot, 1, paper("yyn"))
    page = room.office.get(room.place).text
    assert ('name="uncounted"' in page, "已投 1 票，应投 9 票" in page) == (True, True)
    assert "有 1 人已经投票而没有签到" in page
    assert f'href="/ballots/{room.ballot}/hall">录入在场选票' in page
    assert room.office.get(f"/ballots/{room.ballot}/hall").text.count("未签到</span>") == 8
    status, text = room.end(do)
    assert (status, room.state()) == (422, "called")
    assert f"“{room.hall.ballot(room.ballot).title}”应投9票、已投1票" in text
    assert "会议听取了汇报。" in text, "what was written stays in the form"
    assert room.end(do, uncounted="yes")[0] == 303
    assert (room.state(), room.hall.ballot(room.ballot).state) == (state, "open"), "the ballot goes on"


def test_the_minutes_say_what_was_counted_after_the_sitting_was_closed(room: Room) -> None:
    def minutes() -> str:
        return "\n".join(
            p.text for p in Document(BytesIO(room.office.get(f"{room.place}?format=docx").data)).paragraphs
        )

    room.end("close", uncounted="yes")
    assert ("表决尚未结束" in minutes(), "有效票" in minutes()) == (True, False)
    room.count_all()
    assert ("表决尚未结束" in minutes(), "有效票9，赞成9" in minutes()) == (False, True)
