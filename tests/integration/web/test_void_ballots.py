"""A ballot that came to nothing: its members find why, and which one was called in its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.casework.ballots.anew import reissue_ballot
from service.casework.ballots.counting import cancel_ballot
from service.store import Store
from tests.integration.ballots.test_casting import in_step
from tests.integration.ballots.test_pages import marks
from tests.support.ballots import Hall, make_hall, paper
from tests.support.browsers import Browser, make_app
from tests.support.log import executed


@pytest.fixture
def hall(sqlite_url: str, open_store: Callable[[str], Store]) -> Hall:
    return make_hall(open_store(sqlite_url))


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
