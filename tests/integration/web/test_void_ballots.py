"""What members and office read of a ballot that is counted, void, or left uncounted by a closed sitting."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document

from service.casework.ballots.anew import reissue_ballot
from service.casework.ballots.counting import cancel_ballot
from service.store import Store
from tests.integration.ballots.test_casting import in_step
from tests.integration.ballots.test_pages import marks
from tests.integration.web.test_sittings import CALLED, MORNING
from tests.support.ballots import Hall, make_hall, paper
from tests.support.browsers import Browser, make_app
from tests.support.log import executed


@pytest.fixture
def hall(sqlite_store: Store) -> Hall:
    return make_hall(sqlite_store)


def test_members_read_why_a_ballot_is_void(hall: Hall) -> None:
    case, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    in_step(hall, case, lambda step: cancel_ballot(step, ballot, "名单有误"))
    app = make_app(hall)  # type: ignore[arg-type]
    for login in ("member1", "member2", "supervisor"):
        page = Browser(app, hall, login).get(f"/ballots/{ballot}").text
        assert "这次表决作废：名单有误。" in page
        assert "随计票销毁" not in page, "nothing was counted"
        assert f"/ballots/{ballot}/repeat" not in page
    me = Browser(app, hall, "member1")
    assert f'<a href="/ballots/{ballot}#void">作废原因</a>' in me.get("/ballots").text


def test_a_void_ballot_leads_to_the_one_called_in_its_place(hall: Hall) -> None:
    case, ballot = hall.open()
    anew = in_step(hall, case, lambda step: reissue_ballot(step, hall.ballot(ballot), "密钥已丢失"))
    me = Browser(make_app(hall), hall, "member1")  # type: ignore[arg-type]
    page = me.get(f"/ballots/{ballot}").text
    assert ("这次表决作废：密钥已丢失。" in page, f'改在这里表决：<a href="/ballots/{anew}">' in page) == (True, True)
    assert me.get(f"/ballots/{anew}").status_code == 200


def test_a_tally_of_the_hall_that_finds_the_roll_changed_is_told_so_as_a_paper_is(hall: Hall) -> None:
    _, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    app, page = make_app(hall), f"/ballots/{ballot}/hall"  # type: ignore[arg-type]
    sheet = {"member": ["2"], "spoiled": "0"}
    for name in ("c1", "c2", "c3"):
        sheet |= {f"quality:{name}.{mark}": str(int(mark == "yes")) for mark in ("yes", "no", "abstain")}
    assert Browser(app, hall, "teller1").post(page, sheet).status_code == 303
    executed(hall.desk, "update ballot_roll set state = 0 where ballot_id = :n and number = 1", n=ballot)
    answer = Browser(app, hall, "supervisor").post(page, sheet).text
    assert ("选票没有投出" in answer, "请立即报告监督机构" in answer) == (True, True)
    assert ("再试一次" in answer, "系统出现异常" in answer) == (False, False)


def test_whose_paper_finds_the_roll_changed_reads_that_nothing_was_cast(hall: Hall) -> None:
    _, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    executed(hall.desk, "update ballot_roll set state = 0 where ballot_id = :n and number = 1", n=ballot)
    me = Browser(make_app(hall), hall, "member2")  # type: ignore[arg-type]
    page = me.post(f"/ballots/{ballot}", {**marks(paper("yyn")), "do": "cast"}).text
    assert ("选票没有投出" in page, "请立即报告监督机构" in page) == (True, True)
    assert ("再试一次" in page, "系统出现异常" in page) == (False, False), "nothing is to be sent again"


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
        for papers in (paper("yyn"), paper("..y", "nomination")):
            self.hall.everybody(self.hall.ballots(self.case)[-1].id, [papers] * 9)
            self.hall.drain()

    def state(self) -> str:
        """Return how the sitting stands."""
        with self.hall.desk.store.read() as tx:
            return tx.sittings.get(int(self.place.rpartition("/")[2])).state


@pytest.fixture
def room(sqlite_store: Store) -> Room:
    return Room(make_hall(sqlite_store))


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
