"""An expert who finds a tie only while scoring declares it; the office decides, and replaces who is recused."""

from __future__ import annotations

import re

import pytest

from service.casework.review.late_ties import decide_late_tie, declare_late_tie, list_late_ties
from service.casework.tasks.complete import complete_task
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.review import DECLARED, ReviewBench, sheet

KIND, TEXT = "paid_work", "去年为该公司做过培训"


@pytest.fixture
def scoring(here: ReviewBench) -> ReviewBench:
    here.play(DECLARED)
    return here


def sheet_of(bench: ReviewBench, person: int) -> int:
    return next(task.id for task in bench.tasks("score") if task.assignee_id == person)


def browsing(bench: ReviewBench, who: str, person: int | None = None) -> Browser:
    if person is None:
        bench.actor(who)
    else:
        bench.people[who] = person
    return Browser(create_app(bench.desk, settings_for_tests()), bench, who)  # type: ignore[arg-type]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_tie_found_while_scoring_stops_it_until_the_office_decides_and_who_is_recused_is_replaced(
    scoring: ReviewBench,
) -> None:
    person = scoring.active()[0]
    task = sheet_of(scoring, person)
    expert, office = browsing(scoring, "expert", person), browsing(scoring, "office")
    way = f"/tasks/{task}/tie"
    assert f'href="{way}"' in expert.get(f"/tasks/{task}").text
    assert "申明利害关系" in expert.get(way).text
    refused = expert.post(way, {"kind": KIND, "text": " "})
    assert (refused.status_code, "请写明是什么关系" in refused.text) == (422, True)
    assert expert.post(way, {"kind": KIND, "text": TEXT}).headers["Location"] == "/appointments#ties"
    shown = words(expert.get("/appointments").text)
    assert TEXT in shown
    assert "还没有决定是否回避" in shown
    assert "办公室决定是否回避之前" in words(expert.get(f"/tasks/{task}").text)
    assert expert.get(f"/cases/{scoring.case()}/dossier").status_code == 403
    with pytest.raises(Conflict, match="决定是否回避之前"):
        complete_task(scoring.desk, scoring.member(person), task, None, sheet(scoring, 60))

    page = f"/cases/{scoring.case()}/panel"
    assert "评审中申明利害关系：甲公司" in office.letters()
    assert f"评审中申明：有偿服务（{TEXT}）" in words(office.get(page).text)
    panel, _ = scoring.panel()
    decided = {"person": person, "reason": "近三年有偿服务", "do": "recuse"}
    assert office.post(f"{page}/{panel.id}/tie", decided).status_code == 302
    assert "已决定回避并补抽" in words(office.get(page).text)
    assert person not in scoring.active()
    assert len(scoring.active()) == 3
    with scoring.desk.store.read() as tx:
        told = [row.subject for row in tx.mail.inbox(person, 20)]
    assert "决定回避：甲公司" in told
    assert "评审中申明" not in words(office.get(page).text)


def test_who_is_not_recused_goes_on_scoring(scoring: ReviewBench) -> None:
    person, office = scoring.active()[0], scoring.actor("office")
    task, case = sheet_of(scoring, person), scoring.case()
    declare_late_tie(scoring.desk, scoring.member(person), task, KIND, TEXT)
    with pytest.raises(Conflict, match="正等办公室决定"):
        declare_late_tie(scoring.desk, scoring.member(person), task, KIND, "再说一次")
    panel, _ = scoring.panel()
    with pytest.raises(Invalid, match="理由"):
        decide_late_tie(scoring.desk, office, case, panel.id, person, " ", recuse=False)
    with pytest.raises(NotAllowed):
        decide_late_tie(scoring.desk, scoring.member(person), case, panel.id, person, "没有关系", recuse=False)
    decide_late_tie(scoring.desk, office, case, panel.id, person, "一次讲座，不影响", recuse=False)
    assert list_late_ties(scoring.desk, office, case) == {}
    with pytest.raises(Conflict, match="没有待决定的申明"):
        decide_late_tie(scoring.desk, office, case, panel.id, person, "再决定", recuse=True)
    with pytest.raises(Conflict, match="已经决定过"):
        declare_late_tie(scoring.desk, scoring.member(person), task, KIND, TEXT)
    complete_task(scoring.desk, scoring.member(person), task, None, sheet(scoring, 60))
    assert person in scoring.active()


def test_only_who_scores_declares_it_and_says_what_it_is(scoring: ReviewBench) -> None:
    first, second = scoring.active()[:2]
    task = sheet_of(scoring, first)
    with pytest.raises(NotAllowed):
        declare_late_tie(scoring.desk, scoring.member(second), task, KIND, TEXT)
    with pytest.raises(Invalid, match="什么关系"):
        declare_late_tie(scoring.desk, scoring.member(first), task, KIND, "  ")
    with pytest.raises(Invalid, match="种类"):
        declare_late_tie(scoring.desk, scoring.member(first), task, "neighbour", TEXT)
    with pytest.raises(NotAllowed):
        list_late_ties(scoring.desk, scoring.member(first), scoring.case())


def test_programs_declare_it_and_decide(scoring: ReviewBench) -> None:
    person = scoring.active()[0]
    expert, office = browsing(scoring, "expert", person), browsing(scoring, "office")
    task, case = sheet_of(scoring, person), scoring.case()
    said = expert.send("POST", f"/api/v1/tasks/{task}/tie", {"kind": KIND, "text": TEXT})
    assert said.status_code == 204
    (tie,) = office.get(f"/api/v1/cases/{case}/declared-ties").json["ties"]
    assert (tie["person_id"], tie["tie"]["zh"]) == (person, f"有偿服务（{TEXT}）")
    panel, _ = scoring.panel()
    body = {"panel_id": panel.id, "recuse": False, "reason": "一次讲座"}
    assert office.send("POST", f"/api/v1/cases/{case}/declared-ties/{person}", body).status_code == 200
    (own,) = expert.get("/api/v1/declared-ties").json["ties"]
    assert own["led_to"] == "kept"
