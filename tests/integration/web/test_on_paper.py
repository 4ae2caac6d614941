"""What comes on paper, an application or a department's reply, is entered by the office."""

import io
import re
from datetime import datetime

import pytest
from stdnum.cn import uscc

from service.casework.access.actor import acting
from service.casework.access.case_access import TaskOver, may_view_case
from service.casework.cases.start import start_case
from service.casework.public.lodge import PUBLIC_ACTOR
from service.casework.public.registrations import Registration, accept_registration, register_organisation
from service.casework.simulate.playing.play import play_move
from service.casework.step.submission import FormInvalid
from service.casework.tasks.claim import claim_task
from service.casework.tasks.complete import complete_task
from service.domain.calendar import CHINA
from service.store import Store
from tests.support.browsers import browser_of, words
from tests.support.half_seasons import season, season_until

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_a_reply_in_time_counts_for_its_department_and_a_late_one_is_noted(sqlite_store: Store) -> None:
    stage = season_until("urumqi/quality_award", "correction_succeeds", sqlite_store, "give_opinion", "甲")
    case = stage.case("甲")
    move = next(move for move in stage.scenario.moves if move.value == "give_opinion")
    stage.pass_time(move)
    office, other = (browser_of(stage, who) for who in ("office", "department@ecology"))
    asked = re.findall(r'href="(/tasks/\d+/paper)">([^<：]+)：提出审核意见', office.get(f"/cases/{case}").text)
    assert len(asked) == 4
    (path, body), (late, silent) = asked[:2]
    assert other.get(path).status_code == 403
    answer = {"received_on": "2026-04-07", "opinion": "pass", "handler": "经办人"}
    assert re.search(r"盖章的复函.*?必填", office.get(path).text, re.DOTALL)
    refused = office.post(path, {"received_on": "2026-04-01"})
    marked = {re.sub(r"^f-", "", name) for name in re.findall(r'id="(f-\w+)-error"', refused.text)}
    assert (refused.status_code, marked) == (422, {"received_on", "opinion", "handler", "reply"})
    early = office.post(path, {**answer, "received_on": "2026-04-01", "reply": (io.BytesIO(PDF), "复函.pdf")})
    assert "收到日期应在2026年4月3日" in early.text
    assert office.post(path, {**answer, "reply": (io.BytesIO(PDF), "复函.pdf")}).status_code == 302
    with stage.desk.store.read() as tx:
        row = tx.forms.of_case(case, "department_opinion")[-1]
        assert row.body_id is not None
        assert (tx.bodies.get(row.body_id).name, row.data["opinion"]) == (body, "pass")
    page = words(office.get(f"/cases/{case}").text)
    assert f"（代{body}） 录入书面答复：2026年4月7日收到" in page
    assert "不能取回" not in page
    assert "已经答复" in office.get(path).text
    stage.advance(datetime(2026, 5, 8, 9, tzinfo=CHINA))
    office = browser_of(stage, "office")
    assert f'href="{late}">{silent}' in office.get(f"/cases/{case}").text
    lapsed = office.get(late.removesuffix("/paper")).text
    assert (
        "答复期限（2026年4月20日）已过，流程已按没有答复继续，现在等办公室办理“代为核查”。这里不再收取意见；仍有意见的，"
        in lapsed
    )
    assert "请把盖章的复函送办公室，登记为逾期答复，不改变已经办理的环节。" in lapsed
    missed = browser_of(stage, "department@ecology").get("/tasks/done").text
    assert "没有按期办理，期限已过" in missed
    with stage.desk.store.read() as tx:
        told = [row for row in tx.mail.select(case_id=case) if row.subject.startswith("没有按期办理")]
    assert {f"{row.queued_at:%m-%d}" for row in told} == {"04-21"}
    assert ["现在等办公室办理“代为核查”" in row.text for row in told] == [True], "who was silent and has anybody there"
    note = {"received_on": "2026-05-07", "words": "未发现违法情形", "scan": (io.BytesIO(PDF), "复函.pdf")}
    refused = office.post(late, {**note, "words": "", "received_on": "5月"})
    assert [refused.text.count(f'id="f-{name}-error"') for name in ("received_on", "words", "scan")] == [1, 1, 0]
    (scan,) = re.findall(r'name="scan_id" value="([^"]+)"', refused.text)
    assert (
        office.post(late, {"received_on": note["received_on"], "words": note["words"], "scan_id": scan}).status_code
        == 302
    )
    page = words(office.get(f"/cases/{case}").text)
    assert re.search(silent + r"对“[^”]+”的书面答复：2026年5月7日收到，期限为2026年4月20日，逾期10个工作日", page)
    with stage.desk.store.read() as tx:
        assert len(tx.forms.of_case(case, "department_opinion")) == 1, "what is late does not count"


def test_a_department_that_looks_into_an_objection_may_report_on_paper(sqlite_store: Store) -> None:
    stage = season_until(
        "ganzhou/quality_award", "objection_after_submission", sqlite_store, "investigate_elsewhere", "异甲"
    )
    office = browser_of(stage, "office")
    ((path, body),) = re.findall(
        r'href="(/tasks/\d+/paper)">([^<：]+)：', office.get(f"/cases/{stage.case('异甲')}").text
    )
    day = stage.clock.now().date().isoformat()
    report = {"received_on": day, "facts": "未发现事故。", "opinion": "untrue", "reasons": "查无记录。"}
    assert office.post(path, {**report, "report": (io.BytesIO(PDF), "核查报告.pdf")}).status_code == 302
    assert f"（代{body}） 录入书面答复" in words(office.get(f"/cases/{stage.case('异甲')}").text)


@pytest.mark.parametrize(
    ("city", "name", "step"),
    [
        ("yining", "correction", "submit_correction"),
        ("yining", "correction", "explain_correction"),
        ("yining", "unknown_supplied", "supply_facts"),
        ("urumqi", "unknown_supplied", "supply_facts"),
        ("kizilsu", "unknown_supplied", "supply_facts"),
    ],
)
def test_what_an_applicant_supplements_may_come_on_paper(sqlite_store: Store, city: str, name: str, step: str) -> None:
    stage = season_until(f"{city}/quality_award", name, sqlite_store, step, "甲")
    office = browser_of(stage, "office")
    (path,) = re.findall(r'href="(/tasks/\d+/paper)">', office.get(f"/cases/{stage.case('甲')}").text)
    assert "收到日期" in office.get(path).text
    if step == "explain_correction":
        (waiting,) = stage.open_tasks("甲")
        applicant = stage.cast.actor("甲")
        claim_task(stage.desk, applicant, waiting.id)  # and leaves it: what came on paper counts all the same
        assert path in office.get(f"/cases/{stage.case('甲')}").text
        day = stage.clock.now().date().isoformat()
        reply = {"received_on": day, "explanation": "已按通知逐项补正。", "supplement": (io.BytesIO(PDF), "说明.pdf")}
        assert office.post(path, reply).status_code == 302
        with pytest.raises(TaskOver):
            complete_task(stage.desk, applicant, waiting.id, None, {"explanation": "网上另写的说明。"})


def test_a_defence_that_came_in_time_is_heard_though_it_is_entered_late(sqlite_store: Store) -> None:
    stage = season_until("urumqi/quality_award", "heard_on_paper", sqlite_store, "answer", "甲")
    case = stage.case("甲")
    (path,) = re.findall(r'href="(/tasks/\d+/paper)">', browser_of(stage, "office").get(f"/cases/{case}").text)
    stage.advance(datetime(2026, 3, 27, 9, tzinfo=CHINA))
    office = browser_of(stage, "office")
    assert "现在补录，作出决定时一并考虑" in office.get(path).text
    late = {"received_on": "2026-03-27", "words": "过期的意见", "scan": (io.BytesIO(PDF), "意见.pdf")}
    assert office.post(path, late).status_code == 302
    for state, words_of_paper in (("done", "作出决定以后才录入"), ("open", "检验机构更名。")):
        with stage.desk.store.write() as tx:
            (deciding,) = tx.tasks.select(case_id=case, element="decide_ban")
            tx.tasks.change(deciding.id, state=state)
        in_time = {"received_on": "2026-03-26", "words": words_of_paper, "scan": (io.BytesIO(PDF), "申辩书.pdf")}
        assert office.post(path, in_time).status_code == 302
    with stage.desk.store.read() as tx:
        assert [row.data["statement"] for row in tx.forms.of_case(case, "statement_of_defence")] == ["检验机构更名。"]
    page = words(office.get(f"/cases/{case}").text)
    assert "2026年3月26日收到，在期限内，作出决定时一并考虑" in page
    assert "期限为2026年3月26日，逾期1个工作日，不改变已经办理的环节" in page
    (decide,) = [move for move in stage.scenario.moves if move.value == "decide_ban"]
    assert play_move(stage, decide) == []
    with stage.desk.store.read() as tx:
        (decision,) = tx.documents.select(case_id=case, template="ban_decision")
    assert "陈述申辩意见已经听取并予以考虑" in str(decision.content)


CODE = "91620702MA7790000" + uscc.calc_check_digit("91620702MA7790000")


def test_who_is_not_registered_is_entered_by_the_office_alone(sqlite_store: Store) -> None:
    stage = season("ganzhou/quality_award", "clean", sqlite_store, 2)
    actor = stage.cast.actor("office")
    office = browser_of(stage, "office")
    start = f"/start/ganzhou/quality_award/candidacy?parent={stage.case('届')}"
    assert re.search(r'name="channel"\s+value="paper"[^>]*checked', office.get(start).text)
    day = stage.clock.now().date().isoformat()
    own = {"channel": "paper", "received_on": day, "voluntary": True}
    with pytest.raises(FormInvalid) as refused:  # nobody says of their own application that it came on paper
        start_case(stage.desk, stage.cast.actor("乙"), "ganzhou/quality_award", "candidacy", stage.case("届"), own)
    assert [error.path for error in refused.value.errors] == ["channel"]
    papers = {"channel": "paper", "received_on": day, "voluntary": "true", "do": "submit"}

    def enter(**who: str) -> str:
        scan = {"counter_receipt": (io.BytesIO(PDF), "收件凭据.pdf")}
        return words(office.post(start, {**papers, **scan, **who}, page=start, follow_redirects=True).text)

    assert "列表中没有的，填写名称和代码" in enter()
    assert "位数或校验位不对" in enter(applicant_name="甘州新来食品有限公司", applicant_code=CODE[:-1])
    for no_day in ("", "2026-02-31"):  # no code: every fault at once, each at its field
        short = {"applicant_name": "甘州新来食品有限公司", "voluntary": "", "received_on": no_day}
        wrong = office.post(start, {**papers, **short}, page=start).text
        marked = re.findall(r'id="f-(\w+)-error"', wrong)
        assert "没有登记过的申报者按代码登记，请填写" in wrong
        assert (marked[0], "received_on" in marked) == ("applicant_code", True)
        assert wrong.count('class="error-summary"') == 1
        summary, _, below = wrong.partition('class="error-summary"')[2].partition("</div>")
        assert re.findall(r'href="#f-(\w+)"', summary)[0] == "applicant_code"
        assert "代为登记" in below, "what is wrong stands above the first card"
    page = enter(applicant_name="甘州新来食品有限公司", applicant_code=CODE.lower())
    assert "甘州新来食品有限公司：录入纸质申报材料" in page
    assert "已登记为“甘州新来食品有限公司”，请核对名称" in enter(applicant_name="别的公司", applicant_code=CODE)
    with stage.desk.store.read() as tx:
        body = tx.bodies.find(jurisdiction="*", key=CODE)
        assert body is not None
        (case,) = tx.cases.select(subject_id=body.id)
    seat = actor.seats[0].body_id
    asked = Registration("ganzhou", seat, body.name, CODE, "周平", "0936-1234567", "zhou@example.cn", acknowledged=True)
    register_organisation(stage.desk, PUBLIC_ACTOR, asked, "o")
    login = accept_registration(stage.desk, actor, 1, "https://laurel.example.cn").login
    with stage.desk.store.read() as tx:
        person = tx.people.find(login=login)
        assert person is not None
        assert may_view_case(acting(tx, person.id, stage.clock.now()), case, tx)
