"""What is to be corrected stands on top, is marked and alone open; the answer shows what was changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest
from lxml import html

from service.casework.queries.tasks.task_form import view_task_form
from service.casework.queries.tasks.view_task import view_task
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.casework.tasks.complete import complete_filled, complete_task
from service.store import Store
from tests.support.browsers import Browser, browser_of
from tests.support.half_seasons import season

ITEM = {"part": "申报表", "field": "organisation.address", "defect": "地址与营业执照不一致", "wanted": "按营业执照填写"}


FAULT = {"material": "认证证书及年度监督审核材料", "fault": "unverified", "basis": "发证机构网站查无此证"}


@dataclass
class Asked:
    """A season in which the auditor is about to ask for a correction."""

    stage: PlayState

    def task(self, element: str):
        with self.stage.desk.store.read() as tx:
            return next(t for t in tx.tasks.open_of_case(self.stage.case("甲")) if t.element == element)

    def ask(self, *items: dict[str, str], **more: Any) -> None:
        data = {"items": list(items), "note": None, "open_all": False, **more}
        actor = self.stage.cast.actor("audit_unit@tianshan")
        complete_filled(self.stage.desk, actor, self.task("request_correction").id, lambda _first: data)
        self.stage.drain()

    def answer(self, **organisation: str) -> None:
        def fill(first):
            shown = {k: v for k, v in first.items() if k != "correctable"}
            return {**shown, "organisation": {**shown["organisation"], **organisation}}

        complete_filled(self.stage.desk, self.applicant, self.task("submit_correction").id, fill)
        self.stage.drain()

    @property
    def applicant(self):
        return self.stage.cast.actor("甲")

    def browser(self, who: str) -> Browser:
        return browser_of(self.stage, who)

    def sent(self) -> dict[str, Any]:
        with self.stage.desk.store.read() as tx:
            return dict(tx.forms.of_case(self.stage.case("甲"), "application")[-1].data["organisation"])


@pytest.fixture
def asked(sqlite_store: Store) -> Asked:
    stage = season("urumqi/quality_award", "correction_succeeds", sqlite_store, 0)
    for each in stage.scenario.moves:
        move = each
        if move.value == "request_correction":
            break
        if move.value == "audit":
            found = {**move.keys["with"], "truthfulness": "correct", "material_faults": [FAULT]}
            move = replace(move, keys={**move.keys, "with": found})
        if move.value == "fill_application":
            evidence = {**move.keys["with"]["evidence"], "credit_report": None, "gaps_known": True}
            move = replace(move, keys={**move.keys, "with": {**move.keys["with"], "evidence": evidence}})
        stage.pass_time(move)
        if move.verb in DOERS:
            DOERS[move.verb](stage, move, stage.cast.actor(move.who or "office"))
            stage.drain()
    return Asked(stage)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_what_was_found_wrong_and_files_that_are_missing_are_the_first_items_of_the_request(asked: Asked) -> None:
    auditor, request = asked.stage.cast.actor("audit_unit@tianshan"), asked.task("request_correction")
    items = view_task_form(asked.stage.desk, auditor, request.id).values["items"]
    assert [tuple(item.values()) for item in items] == [
        (FAULT["material"], "evidence.certificates", "向出具单位核验不到：发证机构网站查无此证", None),
        ("信用报告", "evidence.credit_report", "没有提交", "补交信用报告"),
        ("合法性审核", None, "需补正（第十一条第（二）项第一段）", None),
        (
            "六、声明",
            "statements",
            "真实性（证书、报告是否属实）：需补正（第十一条第（二）项第一段、第十八条第一款）",
            None,
        ),
        ("准确性", None, "需补正（第十一条第（二）项第一段）", None),
    ]
    page = asked.browser("audit_unit@tianshan").get(f"/tasks/{request.id}").text
    assert "向出具单位核验不到：发证机构网站查无此证</textarea>" in page


def test_the_letter_is_read_before_it_is_sent(asked: Asked) -> None:
    task, auditor = asked.task("request_correction"), asked.browser("audit_unit@tianshan")
    sent = {f"items.0.{key}": value for key, value in ITEM.items()}
    sent |= {"_count.items": "1", "version": str(task.version), "do": "submit"}
    seen = auditor.post(f"/tasks/{task.id}", sent, page=f"/tasks/{task.id}")
    shown = plain(seen.text)
    assert seen.status_code == 200
    assert "发出前请看一遍" in shown
    assert "补正通知书天山机械制造股份有限公司：" in shown
    assert "1 申报表 地址与营业执照不一致 按营业执照填写请在5个工作日内" in shown
    assert "确认发出" in shown
    assert asked.task("request_correction").id == task.id
    known = re.findall(r'name="knowing" value="([^"]+)"', seen.text)
    other = auditor.post(
        f"/tasks/{task.id}", {**sent, "items.0.wanted": "另附说明", "knowing": known}, page=f"/tasks/{task.id}"
    )
    assert "地址与营业执照不一致 另附说明请在5个工作日内" in plain(other.text), "another letter is shown anew"
    done = auditor.post(f"/tasks/{task.id}", {**sent, "knowing": known}, page=f"/tasks/{task.id}")
    assert done.status_code == 302, plain(done.text)
    assert asked.task("submit_correction")


def test_items_stand_on_top_marked_and_linked_and_nothing_else_is_open(asked: Asked) -> None:
    before = asked.sent()
    asked.ask(ITEM)
    task = asked.task("submit_correction")
    page = asked.browser("甲").get(f"/tasks/{task.id}").text
    shown = plain(page)
    assert re.search("随本事项送来的文书.{,40}补正通知书", shown)
    assert page.index('id="task-fields"') < page.index('id="came-with"'), "the question first, the letter beside it"
    assert page.index("需要补正的内容") < page.index("只有标出“须补正”的项目可以修改") < page.index('id="task-fields"')
    assert "地址与营业执照不一致" in shown
    case = asked.stage.case("甲")
    with asked.stage.desk.store.read() as tx:
        request = tx.forms.of_case(case, "correction_request")[-1]
    read = plain(asked.browser("audit_unit@tianshan").get(f"/cases/{case}/forms/{request.id}").text)
    assert re.search("对应的填报项目.{,40}注册地址", read)
    assert ITEM["field"] not in read
    assert '<a href="#f-organisation-address-field">' in page
    assert 'id="f-organisation-address-field"' in page
    assert page.count("须补正</span>") == 1
    assert 'name="organisation.address"' in page
    assert 'name="organisation.staff"' not in page
    asked.answer(address="乌鲁木齐市天山区新址9号", name="改了名字")
    assert asked.sent() == {**before, "address": "乌鲁木齐市天山区新址9号"}


def test_corrected_material_counts_without_the_explanation(asked: Asked) -> None:
    asked.ask(ITEM)
    task, applicant = asked.task("submit_correction"), asked.browser("甲")
    assert "全部提交之后才算完成" not in plain(applicant.get(f"/tasks/{task.id}").text)
    given = {"do": "submit", "version": task.version, "organisation.address": "乌鲁木齐市天山区新址9号"}
    sent = applicant.post(f"/tasks/{task.id}", given, page=f"/tasks/{task.id}")
    assert sent.headers["Location"] == f"/tasks/{asked.task('explain_correction').id}"
    page = plain(applicant.get(f"/tasks/{asked.task('explain_correction').id}").text)
    assert "”已提交。" in page
    assert "补正材料已收到，请说明补正情况" in page
    assert "到期没有说明的，按已报送的材料审查" in page


PAPERS = {"part": "证书", "field": "evidence.certificates", "defect": "查无此证", "wanted": "重新上传"}


def filled(page: str) -> dict[str, list[str]]:
    """Return what a browser would send of the form of a task as it stands."""
    form = html.fromstring(page).get_element_by_id("task-form")
    return {name: [str(v) for n, v in form.form_values() if n == name] for name, _ in form.form_values()}


def test_who_submits_a_correction_that_changes_nothing_is_asked_first(asked: Asked) -> None:
    before = asked.sent()
    asked.ask(ITEM, PAPERS)
    task, applicant = asked.task("submit_correction"), asked.browser("甲")
    page = f"/tasks/{task.id}"
    sent = {**filled(applicant.get(page).text), "do": "submit"}
    held = applicant.post(page, sent, page=page)
    assert held.status_code == 422
    assert "须补正的内容一处都没有改动" in plain(held.text)
    assert re.search(
        'role="alert">.*<a href="#f-organisation-address-field">[^<]*</a>：地址与营业执照不一致', held.text
    )
    assert re.search('<a href="#f-evidence-certificates[^"]*">[^<]*</a>：查无此证', held.text)
    assert "仍然提交" in held.text
    moved = {**sent, "organisation.address": "乌鲁木齐市天山区新址9号"}
    half = applicant.post(page, moved, page=page)  # the file that was asked for is still the old one
    assert half.status_code == 422
    assert "须补正的 2 项中有 1 项没有改动" in plain(half.text)
    assert asked.sent() == before
    done = applicant.post(page, {**filled(half.text), "do": "submit"}, page=page)
    assert done.status_code == 302
    assert asked.sent() == {**before, "address": "乌鲁木齐市天山区新址9号"}


def test_an_item_without_a_part_or_the_office_s_word_opens_everything(asked: Asked) -> None:
    asked.ask(ITEM, open_all=True)
    view = view_task(asked.stage.desk, asked.applicant, asked.task("submit_correction").id)
    assert view.correction is not None
    assert (view.correction.shut, [i.field for i in view.correction.items]) == (frozenset(), ["organisation.address"])
    page = asked.browser("甲").get(f"/tasks/{view.id}").text
    assert 'name="organisation.staff"' in page
    assert "全部项目都可以修改" in page


def test_the_auditor_sees_what_was_changed(asked: Asked) -> None:
    asked.ask(ITEM)
    asked.answer(address="乌鲁木齐市天山区新址9号")
    reply = {"explanation": "已按营业执照更正地址。", "supplement": None}
    complete_filled(asked.stage.desk, asked.applicant, asked.task("explain_correction").id, lambda _first: reply)
    asked.stage.drain()
    with asked.stage.desk.store.read() as tx:
        (task,) = tx.tasks.open_of_case(asked.stage.case("甲"))
    auditor = asked.browser("audit_unit@tianshan")
    shown = plain(auditor.get(f"/tasks/{task.id}").text)
    assert "补正后的改动（1处）" in shown
    side = auditor.get(f"/tasks/{task.id}?beside=0").text
    assert re.findall("申报表（(补正[前后])，(?:[0-9]+年)?[0-9]+月[0-9]+日）", plain(side)) == ["补正后", "补正前"]
    opened = re.search(rf'href="(/tasks/{task.id}\?beside=f[^"]+)" hx-get', side)
    assert opened is not None  # a file in the application opens beside the form, and is named among the files
    assert re.search('aria-current="true">附件 [0-9]+/[0-9]+：', auditor.get(opened[1]).text)
    assert "乌鲁木齐市天山区新址9号" in shown


def test_the_next_audit_decides_anew(asked: Asked) -> None:
    asked.ask(ITEM)
    asked.answer(address="乌鲁木齐市天山区新址9号")
    reply = {"explanation": "已按营业执照更正地址。", "supplement": None}
    complete_filled(asked.stage.desk, asked.applicant, asked.task("explain_correction").id, lambda _first: reply)
    asked.stage.drain()
    auditor, task = asked.browser("audit_unit@tianshan"), asked.task("audit")
    page = auditor.get(f"/tasks/{task.id}").text
    fields = html.fromstring(page)
    assert fields.xpath("//*[@id='task-fields']//input[@type='radio' or @type='checkbox'][@checked]") == []
    grounds = fields.xpath("//textarea[@name='summary']")[0]
    assert not grounds.text_content().strip()  # they were of the verdict of last time, and are to be stated again
    assert "上次填写：" in plain(html.tostring(grounds.getparent(), encoding="unicode"))
    stands = plain(html.tostring(fields.xpath("//fieldset[@id='f-conclusion']")[0], encoding="unicode"))
    assert "上次填写：需补正（" in stands
    assert "这一步重新办理" in plain(page)
    assert "上次填写的全文" in page
    waiting = plain(asked.browser("甲").get(f"/cases/{asked.stage.case('甲')}").text)
    assert "暂时不用您做什么" in waiting
    assert "接下来：资格审查" in waiting
    told = auditor.get(f"/api/v1/tasks/{task.id}").json
    assert told["former"]["values"]["conclusion"]
    assert "conclusion" not in told["values"]
    refused = auditor.post(f"/tasks/{task.id}", {"do": "submit", "version": task.version}, page=f"/tasks/{task.id}")
    assert refused.status_code == 422
    given = {"truthfulness": "correct", "_add": "material_faults"}
    grown = html.fromstring(auditor.post(f"/tasks/{task.id}/form", given, page=f"/tasks/{task.id}").text)
    papers = grown.xpath("//select[@name='material_faults.0.material']/option/@value")
    assert "认证证书及年度监督审核材料" in papers
    kept = {**last_audit(asked), "truthfulness": "correct", "conclusion": "correct", "material_faults": [FAULT]}
    complete_task(asked.stage.desk, asked.stage.cast.actor("audit_unit@tianshan"), task.id, None, kept)
    with asked.stage.desk.store.read() as tx:
        assert tx.forms.of_case(asked.stage.case("甲"), "audit_opinion")[-1].data["material_faults"] == [FAULT]


def last_audit(asked: Asked) -> dict[str, Any]:
    """Return what the last audit said, as its next form takes it."""
    with asked.stage.desk.store.read() as tx:
        row = tx.forms.of_case(asked.stage.case("甲"), "audit_opinion")[-1]
    return dict(row.data)
