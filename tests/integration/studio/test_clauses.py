"""The clause workbench: text becomes clauses, clauses are changed, amended, cited elsewhere and removed."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.save_file import FileChange, save_file, save_files
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.clauses import (
    ClauseInUse,
    change_clause,
    confirm_amendment,
    propose_amendment,
    rebind_clause,
    register_clauses,
    remove_clause,
    view_clauses,
)
from service.casework.studio.pieces.documents import list_documents, preview_document
from service.casework.studio.scenarios.edit_scenario import scenario_rows
from service.catalog.check import check_package
from service.catalog.law_text.compare_texts import ClauseAct
from service.catalog.law_text.pieces import LawPiece
from service.domain.errors import Conflict, Invalid
from tests.support.amended_text import law_as_text
from tests.support.browsers import Browse
from tests.support.lakeside import DIAGRAM, KEY, LAW, Lakeside


def law(town: Lakeside, draft: int) -> str:
    return open_file(town.desk, town.designer, draft, LAW).content.decode()


def test_confirmed_passages_become_clauses_and_every_other_line_stays(town: Lakeside, draft: int) -> None:
    before = law(town, draft)
    pieces = [LawPiece("第八条", (8,), "每年公布名录。"), LawPiece("第八条", (8,), "公布后接受监督。")]
    made = register_clauses(town.desk, town.designer, draft, "LS", pieces)
    assert [clause.id for clause in made] == ["LS-8-1", "LS-8-2"]
    assert law(town, draft).startswith(before)
    assert view_clauses(town.desk, town.designer, draft, status=None).status == "OPEN"
    bench = view_clauses(town.desk, town.designer, draft, status="UNCOVERED")
    assert [line.clause.id for article in bench.articles for line in article.lines] == ["LS-8-1", "LS-8-2"]
    with pytest.raises(Invalid, match="“每年公布名录。”没有写出处"):
        register_clauses(town.desk, town.designer, draft, "LS", [LawPiece(" ", (8,), "每年公布名录。")])
    with pytest.raises(Invalid, match="没有选中"):
        register_clauses(town.desk, town.designer, draft, "LS", [])


def test_what_the_register_says_of_a_clause_is_changed(town: Lakeside, draft: int) -> None:
    change_clause(town.desk, town.designer, draft, "LS-7", {"article": "第七条", "summary": "经费", "outside": " "})
    clause = package_of(town.desk, draft).law.clause("LS-7")
    assert (clause.summary, clause.outside) == ("经费", None)
    change_clause(town.desk, town.designer, draft, "LS-6", {"terms": "理由、申诉"})
    package = package_of(town.desk, draft)
    assert package.law.clause("LS-6").terms == ("理由", "申诉")
    assert [p.word for p in check_package(package) if p.rule == "term_missing"] == ["申诉"]
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


def test_a_file_without_text_is_refused_and_what_was_pasted_stays(browse: Browse, draft: int) -> None:
    designer = browse("designer")
    sent = {"text": "第八条 甲。", "file": (io.BytesIO(b"\xd0\xcf\x11\xe0"), "办法.doc")}
    answer = designer.post(f"/studio/drafts/{draft}/clauses/add", sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "另存为 .docx" in answer.text
    assert "第八条 甲。" in answer.text


def test_an_element_chosen_on_the_page_of_a_clause_cites_it(browse: Browse, town: Lakeside, draft: int) -> None:
    [clause] = register_clauses(town.desk, town.designer, draft, "LS", [LawPiece("第八条", (8,), "30日内公布名录。")])
    here, designer = f"/studio/drafts/{draft}/clauses", browse("designer")
    page = designer.get(f"{here}?clause={clause.id}").text
    assert "还没有环节、表格行、字段、参数或文书引用它：" in page
    assert f'value="{DIAGRAM}#decide"' in page
    assert designer.post(f"{here}/{clause.id}", {"do": "cite", "element": f"{DIAGRAM}#decide"}).status_code == 302
    assert clause.id in package_of(town.desk, draft).element("lakeside_application", "decide").clauses
    assert f'value="{DIAGRAM}#decide"' not in designer.get(f"{here}?clause={clause.id}").text, (
        "it cites the clause already"
    )
    gone = designer.post(f"{here}/{clause.id}", {"do": "cite", "element": f"{DIAGRAM}#nowhere"})
    assert (gone.status_code, "请从流程图中选一处" in gone.text) == (422, True)


def test_a_parameter_is_written_from_the_page_of_a_clause_and_rests_on_it(
    browse: Browse, town: Lakeside, draft: int
) -> None:
    [clause] = register_clauses(town.desk, town.designer, draft, "LS", [LawPiece("第八条", (8,), "30日内公布名录。")])
    here, designer = f"/studio/drafts/{draft}", browse("designer")
    led = designer.get(f"{here}/parameters?clause={clause.id}&parameter=new").headers["Location"]
    assert led == f"{here}/parameters/new?clause={clause.id}"
    asked = designer.get(led).text
    assert f'value="{clause.id}"' in asked
    assert "30日内公布名录" in asked
    typed = {
        "name": "公布名录的期限", "unit": "calendar_days", "value": "30", "maximum": "30", "clauses": clause.id,
        "source": "stated", "clause": clause.id, "confirm": "yes",
    }  # fmt: skip
    assert designer.post(f"{here}/parameters/new", typed).headers["Location"] == f"{here}/clauses?clause={clause.id}"
    [made] = [one for one in package_of(town.desk, draft).award.parameters.values() if one.name == "公布名录的期限"]
    assert (made.clauses, made.maximum, made.values[-1].value) == ((clause.id,), 30, 30)
    other = next(one for one in package_of(town.desk, draft).award.parameters.values() if one.id != made.id)
    led = designer.get(f"{here}/parameters?clause={clause.id}&parameter={other.id}").headers["Location"]
    assert f'value="{" ".join((*other.clauses, clause.id))}"' in designer.get(led).text


def test_an_expectation_of_a_scenario_is_chosen_to_prove_a_clause(browse: Browse, town: Lakeside, draft: int) -> None:
    path, here = f"processes/{KEY}/scenarios/accepted.yaml", f"/studio/drafts/{draft}"
    designer = browse("designer")
    assert f'value="{path}"' in designer.get(f"{here}/clauses?clause=LS-6").text
    asked = designer.get(f"{here}/scenarios/edit?path={path}&clause=LS-6").text
    assert "证明第六条的期望" in asked
    base = re.search(r'name="base" value="(\w+)"', asked)
    assert base is not None
    sent = {"path": path, "base": base[1], "clause": "LS-6", "do": "tick"}
    refused = designer.post(f"{here}/scenarios/edit", sent)
    assert (refused.status_code, "请勾选证明这一条的期望" in refused.text) == (422, True)
    assert "证明第六条的期望" in refused.text, "the clause is still asked for"
    chosen = designer.post(f"{here}/scenarios/edit", {**sent, "expect": "row-0"})
    assert chosen.headers["Location"] == f"{here}/clauses?clause=LS-6"
    first = scenario_rows(town.desk, town.designer, draft, path, "expect")[0]
    assert "LS-6" in first["proves"]


def test_who_may_only_look_changes_nothing(browse: Browse, town: Lakeside, draft: int) -> None:
    assert browse("office").get(f"/studio/drafts/{draft}/clauses/add").status_code in (403, 404)
    assert browse("office").post(f"/studio/drafts/{draft}/clauses/LS-6", {"do": "remove"}).status_code in (403, 404)


def amended(town: Lakeside, draft: int) -> str:
    """Seven days instead of ten, an article gone, an article more."""
    text = law_as_text(package_of(town.desk, draft).law, without="第六条").replace("10个工作日", "7个工作日")
    assert "7个工作日" in text
    return text + "\n第八条 每届至多5个。"


def test_changes_are_proposed_with_what_cites_their_clauses_and_written_where_confirmed(
    town: Lakeside, draft: int
) -> None:
    assert (
        propose_amendment(town.desk, town.designer, draft, law_as_text(package_of(town.desk, draft).law)).changes == ()
    )
    text = amended(town, draft)
    proposed = propose_amendment(town.desk, town.designer, draft, text).changes
    acts = {p.change.act: p for p in proposed}
    assert [p.change.act for p in proposed] == [ClauseAct.CHANGE, ClauseAct.ADD, ClauseAct.REMOVE]
    assert acts[ClauseAct.REMOVE].uses
    with pytest.raises(ClauseInUse):
        confirm_amendment(town.desk, town.designer, draft, text, {1, 3})
    assert confirm_amendment(town.desk, town.designer, draft, text, {1, 2}) == 2
    clauses = package_of(town.desk, draft).law.clauses
    assert "7个工作日" in clauses["LS-4"].summary
    assert clauses["LS-8-1"].summary == "每届至多5个。"
    with pytest.raises(Invalid, match="不是这部办法修改后的全文"):
        propose_amendment(town.desk, town.designer, draft, "今天天气好。")


def test_a_draft_that_changed_meanwhile_is_compared_again(town: Lakeside, draft: int) -> None:
    text = amended(town, draft)
    change_clause(town.desk, town.designer, draft, "LS-7", {"article": "第七条", "summary": "经费"})
    with pytest.raises(Conflict, match="没有写入"):
        confirm_amendment(town.desk, town.designer, draft, text, {1}, revision=0)


def test_a_letter_in_use_gives_way_to_the_shared_one_only_where_that_is_confirmed(
    browse: Browse, town: Lakeside, draft: int
) -> None:
    letter = next(line for line in list_documents(town.desk, town.designer, draft) if line.users and not line.shared)
    shared = f"processes/shared/documents/{letter.ident}.yaml"
    own = open_file(town.desk, town.designer, draft, letter.path)
    save_file(
        town.desk, town.designer, draft, shared, own.content.replace("告知书".encode(), "告知书（共用）".encode()), None
    )
    designer, here = browse("designer"), f"/studio/drafts/{draft}/documents"
    asked = {"path": letter.path, "base": own.hash}
    told = designer.post(f"/studio/drafts/{draft}/remove", asked, page=here)
    assert told.status_code == 409
    assert all(user.name in told.text for user in letter.users)
    assert "改用各地共用的同名一份，内容以共用的为准。" in told.text
    assert shared not in re.sub(r"<[^>]*>", "", told.text), "a reader is told no path of a file"
    href = re.search(r'<a href="([^"]+)">看看共用的这一份', told.text)
    assert href is not None
    assert shared in designer.get(unescape(href[1])).text
    preview = preview_document(
        town.desk, town.designer, draft, shared, open_file(town.desk, town.designer, draft, shared).content
    )
    assert "（共用）" in str(preview.content), "its pages are shown although the own letter stands before it"
    body = {**asked, "content": None}
    refused = designer.send("PUT", f"/api/v1/drafts/{draft}/file", body)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "piece_gives_way")
    assert open_file(town.desk, town.designer, draft, letter.path).hash == own.hash, "nothing was removed yet"
    assert designer.post(f"/studio/drafts/{draft}/remove", {**asked, "give_way": "yes"}, page=here).status_code == 302
    lines = {line.ident: line.path for line in list_documents(town.desk, town.designer, draft)}
    assert lines[letter.ident] == shared
