"""The clause workbench: text becomes clauses, clauses are changed, amended, cited elsewhere and removed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.save_files import FileChange, save_files
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.amend_law import confirm_amendment, propose_amendment
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.register_clauses import register_clauses
from service.casework.studio.law.remove_clause import ClauseInUse, rebind_clause, remove_clause
from service.casework.studio.law.view_clauses import view_clauses
from service.casework.studio.serving.restart_job import restart_job
from service.casework.studio.work.jobs import Stopped
from service.catalog.coverage.matrix import ClauseStatus
from service.catalog.law_text.amend import ClauseAct
from service.catalog.law_text.pieces import LawPiece
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text
from tests.support.browsers import Browser
from tests.support.lakeside import DIAGRAM, KEY, LAW, PARAMETERS, Lakeside
from tests.support.written_amendment import over

PLACE = "processes/lakeside/jurisdiction.yaml"
Browse = Callable[..., Browser]
TEXT = "第八条 办公室每年公布名录。公布后接受监督。\n第九条 本办法自2026年1月1日起施行。"
DECISION = """一、将第四条中的“10个”修改为“7个”。
二、删去第六条。
三、增加一条，作为第八条：“第八条 每届至多5个。”"""


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "条款")


def law(town: Lakeside, draft: int) -> str:
    return open_file(town.desk, town.designer, draft, LAW).content.decode()


def test_confirmed_passages_become_clauses_and_every_other_line_stays(town: Lakeside, draft: int) -> None:
    before = law(town, draft)
    pieces = [LawPiece("第八条", (8,), "每年公布名录。"), LawPiece("第八条", (8,), "公布后接受监督。", "duty")]
    made = register_clauses(town.desk, town.designer, draft, "LS", pieces)
    assert [(clause.id, clause.kind) for clause in made] == [("LS-8-1", "notice"), ("LS-8-2", "duty")]
    assert law(town, draft).startswith(before)
    bench = view_clauses(town.desk, town.designer, draft, status="UNCOVERED")
    assert [line.clause.id for article in bench.articles for line in article.lines] == ["LS-8-1", "LS-8-2"]
    with pytest.raises(Invalid, match="“每年公布名录。”没有写出处"):
        register_clauses(town.desk, town.designer, draft, "LS", [LawPiece(" ", (8,), "每年公布名录。")])
    with pytest.raises(Invalid, match="没有选中"):
        register_clauses(town.desk, town.designer, draft, "LS", [])


def test_a_clause_that_is_left_for_later_does_not_hold_up_the_others(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    [made] = register_clauses(town.desk, town.designer, draft, "LS", [LawPiece("第八条", (8,), "每年公布名录。")])
    here = f"/studio/drafts/{draft}/clauses"
    designer = browse("designer")
    kept = {"article": "第八条", "kind": "notice", "summary": "每年公布名录。"}
    refused = designer.post(f"{here}/{made.id}", {**kept, "later": "下一版再建", "outside": "别处办理"}, page=here)
    assert (refused.status_code, "只能写一个理由" in refused.text) == (422, True)
    assert designer.post(f"{here}/{made.id}", {**kept, "later": "下一版再建"}, page=here).status_code == 302
    bench = view_clauses(town.desk, town.designer, draft, made.id)
    assert bench.chosen is not None
    assert bench.chosen.status is ClauseStatus.LATER
    assert 'value="下一版再建"' in designer.get(f"{here}?clause={made.id}").text
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity == "error"]
    designer.post(f"{here}/{made.id}", {**kept, "later": ""}, page=here)
    assert "not_modelled_yet" not in law(town, draft)


def test_a_clause_that_only_introduces_a_list_is_settled_with_its_items(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    """While an item is open its lead-in only names it; once none is, one click settles the lead-in as well."""
    pieces = [
        LawPiece("第八条", (8,), "申报组织应当具备下列条件："),
        LawPiece("第八条第（一）项", (8, 1), "（一）依法注册；"),
        LawPiece("第八条第（二）项", (8, 2), "（二）没有不良记录。"),
    ]
    head, *items = (one.id for one in register_clauses(town.desk, town.designer, draft, "LS", pieces))
    here, designer = f"/studio/drafts/{draft}/clauses", browse("designer")
    for item in items:
        bench = view_clauses(town.desk, town.designer, draft, head)
        assert ([line.clause.id for line in bench.items], bench.items_settled) == (items, False)
        assert "只引出各项" not in designer.get(f"{here}?clause={head}").text
        settled = {"clause": item, "answer": "outside", "reason": "由登记机关办理"}
        assert designer.post(here, settled, page=here).status_code == 302
    assert "只引出各项" in designer.get(f"{here}/{head}/condition").text
    offered = designer.get(f"{here}?clause={head}").text.partition('id="introduced"')[2].partition("</form>")[0]
    sent = dict(re.findall(r'name="(clause|answer|reason)" value="([^"]*)"', offered))
    assert designer.post(here, sent, page=here).status_code == 302
    bench = view_clauses(town.desk, town.designer, draft, head)
    assert bench.chosen is not None
    assert (bench.chosen.status, bench.items) == (ClauseStatus.INFORMATIVE, ())
    assert bench.chosen.reason == "只引出第八条第（一）项、第八条第（二）项，各项分别落实。"


def test_the_workbench_says_what_carries_a_clause_out_and_which_lines_name_it(town: Lakeside, draft: int) -> None:
    bench = view_clauses(town.desk, town.designer, draft, "LS-4")
    assert bench.chosen is not None
    assert bench.chosen.status is ClauseStatus.UNPLAYED
    assert {place.element for place in bench.chosen.places} >= {"decide", "parameters.decision_working_days"}
    assert any(use.path.endswith("parameters.yaml") and "LS-4" in use.text for use in bench.uses)
    by_element = view_clauses(town.desk, town.designer, draft, element="explain")
    assert [line.clause.id for article in by_element.articles for line in article.lines] == ["LS-6"]
    with pytest.raises(NotFound):
        view_clauses(town.desk, town.designer, draft, "LS-99")


def test_what_the_register_says_of_a_clause_is_changed(town: Lakeside, draft: int) -> None:
    change_clause(town.desk, town.designer, draft, "LS-7", {"article": "第七条", "summary": "经费", "outside": " "})
    clause = package_of(town.desk, draft).law.clause("LS-7")
    assert (clause.summary, clause.outside) == ("经费", None)
    with pytest.raises(Invalid, match="不能为空"):
        change_clause(town.desk, town.designer, draft, "LS-7", {"article": "第七条", "summary": " "})
    with pytest.raises(Invalid, match="一个理由"):
        change_clause(town.desk, town.designer, draft, "LS-7", {"informative": "甲", "outside": "乙"})


def test_a_cited_clause_is_removed_only_after_everything_cites_another(town: Lakeside, draft: int) -> None:
    with pytest.raises(ClauseInUse) as refused:
        remove_clause(town.desk, town.designer, draft, "LS-6")
    assert {use.path.rpartition("/")[2] for use in refused.value.uses} >= {"application.bpmn", "refusal.yaml"}
    with pytest.raises(Invalid):
        rebind_clause(town.desk, town.designer, draft, "LS-6", "LS-99")
    assert rebind_clause(town.desk, town.designer, draft, "LS-6", "LS-4") >= 2
    remove_clause(town.desk, town.designer, draft, "LS-6")
    package = package_of(town.desk, draft)
    assert "LS-6" not in package.law.clauses
    assert "LS-4" in package.element("lakeside_application", "explain").clauses


def test_a_decision_is_proposed_with_what_cites_its_clauses_and_written_where_confirmed(
    town: Lakeside, draft: int
) -> None:
    proposed = propose_amendment(town.desk, town.designer, draft, DECISION).changes
    assert [p.change.act for p in proposed] == [ClauseAct.CHANGE, ClauseAct.REMOVE, ClauseAct.ADD]
    assert proposed[1].uses
    with pytest.raises(ClauseInUse):
        confirm_amendment(town.desk, town.designer, draft, DECISION, {1, 2})
    assert confirm_amendment(town.desk, town.designer, draft, DECISION, {1, 3}) == 2
    clauses = package_of(town.desk, draft).law.clauses
    assert "7个工作日" in clauses["LS-4"].summary
    assert clauses["LS-8-1"].summary == "每届至多5个。"
    with pytest.raises(Invalid, match="没有读出"):
        propose_amendment(town.desk, town.designer, draft, "今天天气好。")


def test_a_parameter_of_an_amended_clause_is_proposed_with_its_bounds(town: Lakeside, draft: int) -> None:
    """What becomes of running cases is asked beside it; a value that is not chosen stays."""
    town.start()
    proposed = propose_amendment(town.desk, town.designer, draft, DECISION)
    [value] = [value for change in proposed.changes for value in change.values]
    assert (value.amended.parameter.id, value.amended.old, value.amended.new) == ("decision_working_days", 10, 7)
    assert (proposed.running, value.key, value.amended.bounds) == (1, "decision_working_days:10:7", ("maximum",))
    with pytest.raises(Conflict, match="对不上"):
        confirm_amendment(town.desk, town.designer, draft, DECISION, {1}, {"decision_working_days:9:7"})
    assert confirm_amendment(town.desk, town.designer, draft, DECISION, {1}, {value.key}) == 2
    package = package_of(town.desk, draft)
    limit = package.award.parameters["decision_working_days"]
    assert (limit.values[-1].value, limit.maximum) == (7, 7)
    assert "7个工作日" in package.law.clauses["LS-4"].summary


def test_words_that_change_throughout_are_shown_in_forms_letters_and_diagrams_too(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    """What is ticked says them anew with the clauses; words that only go are left to a person, scenarios as they were."""
    decision = "一、将本办法中的“办公室”统一修改为“秘书处”。"
    here, api = f"/studio/drafts/{draft}/clauses/amend", f"/api/v1/drafts/{draft}/amendment"
    program = browse("designer")
    told = program.send("POST", api, {"text": decision}).get_json()
    files = {one["path"]: one for one in told["worded"]}
    assert {DIAGRAM, PLACE} <= set(files)
    assert not [path for path in files if "/scenarios/" in path or path.endswith("law.yaml")]
    assert files[DIAGRAM]["clear"]
    assert (files[DIAGRAM]["lines"][0]["old"], files[DIAGRAM]["lines"][0]["new"]) == ("办公室", "秘书处")
    page = program.post(here, {"decision": decision}).text
    assert f'name="reword" value="{DIAGRAM}" checked' in page
    gone = program.send("POST", api, {"text": "一、本办法中的“办公室”一律删去。"}).get_json()
    assert {one["clear"] for one in gone["worded"]} == {False}
    take = [str(change["number"]) for change in told["changes"]]
    done = program.post(here, {"decision": decision, "take": take, "reword": [DIAGRAM], "confirm": "yes"})
    assert done.status_code == 302
    assert over(town, draft).count
    package = package_of(town.desk, draft)
    assert "秘书处" in package.law.clauses["LS-4"].summary
    assert "秘书处" in {lane.name for lane in package.diagrams[DIAGRAM].lanes}
    assert package.jurisdiction.roles["office"].text.zh == "办公室", "it was not ticked"
    left = program.send("POST", api, {"text": decision}).get_json()["worded"]
    assert [one["path"] for one in left] == [path for path in files if path != DIAGRAM]
    assert program.send("PUT", api, {"text": decision, "chosen": []}).status_code == 422
    assert program.send("PUT", api, {"text": decision, "chosen": [], "reword": [PLACE]}).status_code == 200
    assert package_of(town.desk, draft).jurisdiction.roles["office"].text.zh == "秘书处", "the clauses say it already"


def test_an_amended_value_begins_on_the_day_of_the_decision_and_the_one_before_stays_lawful(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    """What begins before that day keeps the value before, which today's bounds do not judge."""
    opened = open_file(town.desk, town.designer, draft, PARAMETERS)
    bounded = opened.content.replace(b"maximum: 10", b"minimum: 10\n    maximum: 10")
    assert bounded != opened.content
    save_file(town.desk, town.designer, draft, PARAMETERS, bounded, opened.hash)
    decision = f"{DECISION}\n本决定自2027年1月1日起施行。"
    page = browse("designer").post(f"/studio/drafts/{draft}/clauses/amend", {"decision": decision}).text
    assert 'value="2027-01-01"' in page
    assert "请核对" not in page, "the day is read"
    told = browse("designer").send("POST", f"/api/v1/drafts/{draft}/amendment", {"text": decision}).get_json()
    assert told["since"] == "2027-01-01"
    [key] = [value["key"] for change in told["changes"] for value in change["values"]]
    sent = {"decision": decision, "take": ["1"], "value": [key], "confirm": "yes"}
    wrong = browse("designer").post(f"/studio/drafts/{draft}/clauses/amend", {**sent, "since": "明年"})
    assert (wrong.status_code, "不是日期" in wrong.text) == (422, True)
    assert f'value="{key}" checked' in wrong.text
    less = browse("designer").post(f"/studio/drafts/{draft}/clauses/amend", {**sent, "value": [], "since": "明年"})
    assert f'value="{key}">' in less.text, "what was not ticked is not ticked by a refusal"
    done = browse("designer").post(f"/studio/drafts/{draft}/clauses/amend", {**sent, "since": "2027-01-01"})
    assert done.status_code == 302
    assert over(town, draft).count == 2
    page = browse("designer").get(done.headers["Location"]).text
    assert "已按修改决定改了2处" in page
    assert "读取修改内容" not in page
    limit = package_of(town.desk, draft).award.parameters["decision_working_days"]
    assert [(limit.value_on(day)) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [10, 7]
    assert (limit.minimum, limit.maximum, [one.former for one in limit.values]) == (7, 7, [True, False])
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity == "error"]
    early = {
        **sent,
        "decision": decision.replace("“10个”修改为“7个”", "“7个”修改为“6个”"),
        "value": ["decision_working_days:7:6"],
    }
    refused = browse("designer").post(f"/studio/drafts/{draft}/clauses/amend", {**early, "since": "2027-01-01"})
    assert (refused.status_code, "起始日期应晚于" in refused.text) == (422, True)


def test_a_decision_is_written_once_and_what_was_ticked_stays_where_it_is_not(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    designer, here = browse("designer"), f"/studio/drafts/{draft}/clauses/amend"
    assert designer.get(f"{here}?writing=yes").status_code == 404, "none was written yet"
    shown = designer.post(here, {"decision": DECISION}).text
    [revision] = re.findall(r'name="revision" value="(\d+)"', shown)
    sent = {"decision": DECISION, "take": ["1"], "confirm": "yes", "revision": revision}
    assert designer.post(here, sent).status_code == 302
    assert over(town, draft).count == 1
    job = over(town, draft).job
    before = law(town, draft)
    again = designer.post(here, sent)
    assert (again.status_code, "读取修改决定以后，草稿又改过" in again.text) == (409, True)
    with pytest.raises(Conflict, match="没有写入"):
        restart_job(town.desk, town.designer, draft, job.id)
    assert law(town, draft) == before
    with town.desk.store.write() as tx:
        tx.studio_jobs.end(job.id, {"state": "stopped", "result": None, "ended_at": town.desk.clock.now()})
    stopped = designer.get(f"{here}?writing=yes").text
    assert "已停止，什么也没有写入" in stopped
    assert "那以后草稿又改过" in stopped
    assert 'name="take" value="3">' in stopped, "what was not ticked is not ticked now"


def test_work_that_writes_files_tells_of_each_and_writes_nothing_where_it_is_stopped(
    town: Lakeside, draft: int
) -> None:
    told: list[tuple[int, int, str]] = []

    def beat(done: int, total: int, doing: Text) -> None:
        told.append((done, total, doing.zh))
        if done == 1:
            raise Stopped

    changes = [
        FileChange(path, text, f"{text}# 核对过\n")
        for path in (LAW, PARAMETERS)
        if (text := open_file(town.desk, town.designer, draft, path).content.decode())
    ]
    with pytest.raises(Stopped):
        save_files(town.desk, town.designer, draft, changes, "改名", beat)
    assert [(done, total) for done, total, _ in told] == [(0, len(changes)), (1, len(changes))]
    assert not any(LAW in words for _, _, words in told), "a file is told by its title"
    assert open_file(town.desk, town.designer, draft, LAW).content.decode() == changes[0].before


def test_a_parameter_is_not_made_two_numbers_by_one_decision(town: Lakeside, draft: int) -> None:
    change_clause(town.desk, town.designer, draft, "LS-6", {"summary": "10个工作日内书面说明理由。"})
    opened = open_file(town.desk, town.designer, draft, PARAMETERS)
    both = opened.content.replace(b"clauses: [LS-4]", b"clauses: [LS-4, LS-6]")
    assert both != opened.content
    save_file(town.desk, town.designer, draft, PARAMETERS, both, opened.hash)
    decision = DECISION.replace("删去第六条。", "将第六条中的“10个”修改为“8个”。")
    keys = [v.key for p in propose_amendment(town.desk, town.designer, draft, decision).changes for v in p.values]
    assert keys == ["decision_working_days:10:7", "decision_working_days:10:8"]
    with pytest.raises(Invalid, match="不能同时改为7和8"):
        confirm_amendment(town.desk, town.designer, draft, decision, {1, 2}, keys)


def test_what_was_shown_is_not_written_over_what_came_meanwhile(town: Lakeside, draft: int) -> None:
    before = law(town, draft)
    change_clause(town.desk, town.designer, draft, "LS-7", {"summary": "别人改的"})
    with pytest.raises(Conflict, match="重新预览"):
        save_files(town.desk, town.designer, draft, [FileChange(LAW, before, before + "# 我的\n")])


def test_pasted_text_is_confirmed_on_the_page_and_registered(browse: Browse, town: Lakeside, draft: int) -> None:
    designer = browse("designer")
    here = f"/studio/drafts/{draft}/clauses"
    assert "湖滨县工匠之星奖管理办法" in designer.get(here).text
    shown = designer.post(f"{here}/split", {"text": TEXT})
    assert shown.status_code == 200
    assert "第八条" in shown.text
    form = {
        "prefix": "LS", "row": ["1", "2"], "keep-1": "on", "place-1": "第八条", "numbers-1": "8",
        "text-1": "办公室每年公布名录。\n公布后接受监督。", "kind-1": "notice",
        "place-2": "第九条", "numbers-2": "9", "text-2": "施行", "kind-2": "validity",
    }  # fmt: skip
    done = designer.post(f"{here}/register", form)
    assert done.status_code == 302
    assert [c for c in package_of(town.desk, draft).law.clauses if c.startswith("LS-8")] == ["LS-8-1", "LS-8-2"]
    refused = designer.post(f"{here}/register", {**form, "prefix": "小写"})
    assert refused.status_code == 422
    assert "公布后接受监督" in refused.text


def test_a_file_without_text_is_refused_and_what_was_pasted_stays(browse: Browse, draft: int) -> None:
    designer = browse("designer")
    sent = {"text": "第八条 甲。", "file": (io.BytesIO(b"\xd0\xcf\x11\xe0"), "办法.doc")}
    answer = designer.post(f"/studio/drafts/{draft}/clauses/split", sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "另存为 .docx" in answer.text
    assert "第八条 甲。" in answer.text


def test_a_refusal_is_said_on_the_page_of_the_clause(browse: Browse, draft: int) -> None:
    designer = browse("designer")
    answer = designer.post(f"/studio/drafts/{draft}/clauses/LS-6/remove")
    assert answer.status_code == 409
    assert "正被引用" in answer.text
    assert '<span class="mute">文书</span> <a href=' in answer.text
    proposed = designer.post(f"/studio/drafts/{draft}/clauses/amend", {"decision": DECISION})
    assert "每届至多5个" in proposed.text
    assert "参数“受理决定期限”由10改为7" in proposed.text
    assert "没有正在办理的办件" in proposed.text
    assert "写明在办办件怎么办" in proposed.text
    assert designer.post(f"/studio/drafts/{draft}/clauses/amend", {"decision": "无"}).status_code == 422
    for taken in ("²", "9" * 5000):
        sent = {"decision": DECISION, "take": taken, "confirm": "yes"}
        assert designer.post(f"/studio/drafts/{draft}/clauses/amend", sent).status_code == 422, "nothing is ticked"


def test_who_may_only_look_changes_nothing(browse: Browse, town: Lakeside, draft: int) -> None:
    assert browse("office").get(f"/studio/drafts/{draft}/clauses/add").status_code in (403, 404)
    assert browse("office").post(f"/studio/drafts/{draft}/clauses/LS-6/remove").status_code in (403, 404)


def test_several_open_clauses_are_settled_with_one_reason(town: Lakeside, browse: Browse, draft: int) -> None:
    pieces = [LawPiece("第八条", (8,), "每年公布名录。"), LawPiece("第八条", (8,), "公布后接受监督。")]
    register_clauses(town.desk, town.designer, draft, "LS", pieces)
    here, designer = f"/studio/drafts/{draft}/clauses", browse("designer")
    both, listed = ["LS-8-1", "LS-8-2"], f"{here}?status=OPEN"
    for sent, said in (
        ({"clause": both, "answer": "outside", "reason": " "}, "请写明理由"),
        ({"answer": "outside", "reason": "甲"}, "没有勾选条款"),
        ({"clause": both, "answer": "words_only", "reason": "甲"}, "LS-8-1、LS-8-2 还没有任何地方引用"),
        ({"clause": ["LS-6", "LS-8-1"], "answer": "outside", "reason": "甲"}, "LS-6 已有地方引用"),
    ):
        refused = designer.post(listed, sent, page=listed)
        assert (refused.status_code, said in refused.text) == (422, True), said
    assert 'value="LS-8-1" checked' in refused.text
    designer.post(listed, {"clause": both, "answer": "later", "reason": "下一版"}, page=listed)
    held = package_of(town.desk, draft).law
    assert (set(both) <= held.not_modelled_yet, held.not_modelled_reason) == (True, "下一版")
    done = designer.post(listed, {"clause": both, "answer": "outside", "reason": "由档案馆办理"}, page=listed)
    assert done.headers["Location"].endswith("/clauses?status=OPEN&q=&element=")
    held = package_of(town.desk, draft).law
    assert {held.clauses[one].outside for one in both} == {"由档案馆办理"}
    assert not held.not_modelled_yet
    browse("designer").send("PATCH", f"/api/v1/drafts/{draft}/clauses", {"clauses": both, "answer": "open"})
    assert {package_of(town.desk, draft).law.clauses[one].outside for one in both} == {None}
