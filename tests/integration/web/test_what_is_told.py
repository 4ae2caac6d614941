"""Pages say before and after a step what it brings about: how many to choose, what is final, what came to nothing."""

import re
from collections.abc import Sequence

from service.casework.queries.cases.view_case import view_case
from service.casework.simulate import read_scenario
from service.casework.simulate.playing.play import Follower, play
from service.casework.simulate.scenarios.scenario import Move
from service.casework.simulate.stage.stage import PlayState
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.text import Text
from service.sdk import operations
from service.store import Store
from service.store.models import TaskRow
from tests.support.browsers import browser_of, words
from tests.support.bundled import bundled
from tests.support.half_seasons import PROJECT, season_until


def task_at(stage: PlayState, case: str, element: str) -> TaskRow:
    with stage.desk.store.read() as tx:
        return next(task for task in tx.tasks.open_of_case(stage.case(case)) if task.element == element)


def test_a_list_that_changed_meanwhile_is_told_as_not_submitted(sqlite_store: Store) -> None:
    stage = season_until("ganzhou/quality_award", "list_changed_before_sending", sqlite_store, "submit_list", "届")
    task, committee = task_at(stage, "届", "submit_list"), browser_of(stage, "committee")
    filled = {"signer": "王正清", "contact": "李文", "text": "拟授予区政府质量奖，请审批。", "do": "submit"}
    filled |= {"_count.rows": "1", "_count.held": "1"}
    sent = committee.post(f"/tasks/{task.id}", {**filled, "version": task.version}, page=f"/tasks/{task.id}")
    again = task_at(stage, "届", "submit_list")
    assert (sent.status_code, sent.location) == (302, f"/tasks/{again.id}"), words(sent.text)
    told = words(committee.get(sent.location).text)
    assert "“呈报政府审定”没有办成，须重新办理。没有发出任何文书。提交时名单有了变化" in told
    assert "”已提交" not in told
    with stage.desk.store.read() as tx:
        assert not tx.documents.select(case_id=stage.case("届"), template="government_submission")


def test_how_many_evaluators_to_choose_is_said_and_asked(sqlite_store: Store) -> None:
    stage = season_until("qingyuan/quality_award", "panel", sqlite_store, "choose_panel", "甲")
    task, office = task_at(stage, "甲", "choose_panel"), browser_of(stage, "office")
    page = f"/tasks/{task.id}"
    shown = office.get(page).text
    assert "请选3人以上" in words(shown)
    people = re.findall(r'name="experts" value="(\d+)"', shown)[:2]
    refused = office.post(page, {"experts": people, "version": task.version, "do": "submit"}, page=page)
    assert (refused.status_code, "须选几人写在本表开头" in refused.text) == (422, True)
    assert task_at(stage, "甲", "choose_panel").id == task.id


def test_who_declares_no_tie_reads_what_follows(sqlite_store: Store) -> None:
    stage = season_until("qingyuan/quality_award", "panel", sqlite_store, "declare_interest", "丙")
    task, expert = task_at(stage, "丙", "declare_interest"), browser_of(stage, "专家一")
    page = f"/tasks/{task.id}"
    declared = {"declared": "no", "truthful": "true", "undertaking": "true", "do": "submit", "version": task.version}
    sent = expert.post(page, declared, page=page)
    assert sent.status_code == 302, words(sent.text)
    assert "接下来与登记的情况比对" in words(expert.get(sent.location).text)


def test_an_office_reads_what_it_handed_out_and_until_when(sqlite_store: Store) -> None:
    stage = season_until("urumqi/quality_award", "disqualified_early", sqlite_store, "investigate", "异甲")
    home = words(browser_of(stage, "office").get("/home").text.partition("<main")[2])
    handed = home[home.index("已转出，等外单位办理") :]
    assert re.search(r"关于[^·]*的异议\S* 异议 · 核查异议 · 等审核推荐单位办理 还剩 \d+ 个工作日", handed), handed[:200]
    assert "组织申报" not in handed.partition("申报进展")[0], "how applications stand is told by the board"


def test_what_a_decision_leads_to_is_said_where_nothing_follows_at_once(sqlite_store: Store) -> None:
    stage = season_until("urumqi/quality_award", "false_at_acceptance", sqlite_store, "review_qualification", "甲")
    task, office = task_at(stage, "甲", "review_qualification"), browser_of(stage, "office")
    page, decided = f"/tasks/{task.id}", {"qualification_decision": "fail", "reason": "材料不齐全。"}
    marks = {"conditions": "met", "completeness": "incomplete", "procedure": "regular", "false_material": "none"}
    filled = {"no_interest": "true", "secrecy": "true", **marks, **decided, "do": "submit", "version": task.version}
    sent = office.post(page, filled, page=page)
    asked = re.findall(r'name="knowing" value="([^"]+)"', sent.text)
    if sent.status_code != 302:
        sent = office.post(page, {**filled, "knowing": asked, "reason_against": "已核实。"}, page=page)
    told = words(office.get(sent.location).text)
    assert re.search(r"“资格审查”已提交。[^“]*不合格的不列入受理名单[^“]*书面", told)
    case = words(office.get(f"/cases/{stage.case('甲')}").text)
    assert "现在没有能退回到这里的环节；需要更正的，写入 内部批注" in case, "nobody who handles it now may send it back"


def test_a_supervisor_finds_first_what_is_late_of_their_own_and_the_log_by_days(sqlite_store: Store) -> None:
    stage = season_until("qingyuan/quality_award", "supervision_group", sqlite_store, "order_measure", "一")
    supervisor = browser_of(stage, "supervisor")
    menu = supervisor.get("/cases?process=round").text
    assert re.search(r'href="/cases\?process=round" aria-current="page">届次', menu)
    assert '<a href="/cases?process=objection">异议</a>' in menu
    assert re.search(
        r'href="/cases\?process=objection" aria-current="page">异议', supervisor.get("/cases?process=objection").text
    )
    before = words(supervisor.get("/home").text.partition("<main")[2])
    assert "答复已经逾期" not in before
    assert before.index("需要您办理") < before.index("您发起的，等他人办理"), "what is not late stands below one's own"
    stage.clock.move_to(stage.clock.now().replace(month=5))
    supervisor = browser_of(stage, "supervisor")
    home = words(supervisor.get("/home").text.partition("<main")[2])
    late = home.index("您发起的，答复已经逾期")
    assert "收件没有登记" in home[late : late + 100]
    assert "需要您办理" in home[late:]
    assert "您发起的，等他人办理" not in home, "all of it is late"
    case = stage.case("一")
    verified = supervisor.post(f"/cases/{case}/verify", {}, page=f"/cases/{case}")
    assert verified.location == f"/cases/{case}", "the answer stands at the top of the page"
    assert supervisor.get("/log?since=2026-03-02&until=2026-03-02").text.count("day-row") == 1
    assert "没有符合条件的记录" in supervisor.get("/log?since=2026-04-01&until=2026-04-30").text


class _AtForwarding(Follower):
    """What the round waits for, by the cases named, each time an objection was forwarded."""

    def __init__(self) -> None:
        self.named: list[set[str]] = []

    def after(self, stage: PlayState, move: Move, messages: Sequence[Text]) -> None:
        if move.value == "forward_objection":
            view = view_case(stage.desk, stage.cast.actor("office"), stage.case("届"))
            nicks = {stage.case(nick): nick for nick in ("甲", "乙", "异甲", "异乙")}
            self.named.append({nicks[waited.id] for wait in view.waiting for waited in wait.cases})


def test_who_holds_a_list_is_named_where_it_waits_for_any_of_several(sqlite_store: Store) -> None:
    key, looks = "qingyuan/quality_award", _AtForwarding()
    file = PROJECT / "processes" / key / "scenarios" / "held_apart.yaml"
    season, calendars = read_scenario(file.read_bytes(), file.name), load_calendars(bundled_calendars())
    play(sqlite_store, bundled().package(key), season, calendars, operations(), follower=looks)
    assert looks.named == [{"甲", "乙", "异甲", "异乙"}] * 2


def test_what_a_department_found_stands_before_the_conditions_that_are_met(sqlite_store: Store) -> None:
    stage = season_until("urumqi/quality_award", "departments_silent", sqlite_store, "give_opinion", "丙")
    office = browser_of(stage, "office")
    found, other = (words(office.get(f"/cases/{stage.case(name)}").text) for name in ("乙", "丙"))
    assert re.search(
        "条件认定 [^。]*发现应予排除的情形 2025年发生一起较大生产安全事故。[^。]*部门意见以外已认定的", found
    )
    assert "条件全部符合" not in found
    assert re.search(r"条件认定 已认定的 \d+ 项条件全部符合", other)
