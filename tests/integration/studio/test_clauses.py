"""The clause workbench: text becomes clauses, clauses are changed, amended, cited elsewhere and removed."""

from __future__ import annotations

import io
import re

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_files import FileChange, save_files
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.register_clauses import register_clauses
from service.casework.studio.law.remove_clause import ClauseInUse, rebind_clause, remove_clause
from service.casework.studio.law.view_clauses import view_clauses
from service.casework.studio.work.jobs import Stopped
from service.catalog.coverage.matrix import ClauseStatus
from service.catalog.law_text.pieces import LawPiece
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from tests.support.browsers import Browse
from tests.support.lakeside import KEY, LAW, PARAMETERS, Lakeside

TEXT = "第八条 办公室每年公布名录。公布后接受监督。\n第九条 本办法自2026年1月1日起施行。"


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


def test_who_may_only_look_changes_nothing(browse: Browse, town: Lakeside, draft: int) -> None:
    assert browse("office").get(f"/studio/drafts/{draft}/clauses/add").status_code in (403, 404)
    assert browse("office").post(f"/studio/drafts/{draft}/clauses/LS-6/remove").status_code in (403, 404)


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
