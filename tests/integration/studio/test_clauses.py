"""The clause workbench: text becomes clauses, clauses are changed, amended, cited elsewhere and removed."""

from __future__ import annotations

import io
import re

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import FileChange, save_files
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.clauses import (
    ClauseInUse,
    change_clause,
    rebind_clause,
    register_clauses,
    remove_clause,
    view_clauses,
)
from service.casework.studio.scenarios.edit_scenario import scenario_rows
from service.catalog.law_text.pieces import LawPiece
from service.domain.errors import Conflict, Invalid
from tests.support.browsers import Browse
from tests.support.lakeside import DIAGRAM, KEY, LAW, Lakeside

TEXT = "第八条 办公室每年公布名录。公布后接受监督。\n第九条 本办法自2026年1月1日起施行。"


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "条款")


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
    shown = designer.post(f"{here}/add", {"text": TEXT})
    assert shown.status_code == 200
    assert "第八条" in shown.text
    assert "条号不连续" not in shown.text
    skipped = designer.post(f"{here}/add", {"text": "第八条　甲。\n第十条　丙。\n"})
    assert "“第八条”之后是“第十条”" in skipped.text
    form = {
        "prefix": "LS", "row": ["1", "2"], "keep-1": "on", "place-1": "第八条", "numbers-1": "8",
        "text-1": "办公室每年公布名录。\n公布后接受监督。",
        "place-2": "第九条", "numbers-2": "9", "text-2": "施行",
    }  # fmt: skip
    done = designer.post(f"{here}/add", {"do": "register", **form})
    assert done.status_code == 302
    assert [c for c in package_of(town.desk, draft).law.clauses if c.startswith("LS-8")] == ["LS-8-1", "LS-8-2"]
    refused = designer.post(f"{here}/add", {"do": "register", **form, "prefix": "小写"})
    assert refused.status_code == 422
    assert "公布后接受监督" in refused.text


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
