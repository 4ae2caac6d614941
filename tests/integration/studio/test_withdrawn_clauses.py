"""A clause that an amendment takes out: what rests on it alone goes with it, nothing ever cites another in its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.amend_law import AmendmentProposal, confirm_amendment, propose_amendment
from service.casework.studio.law.clauses import ClauseInUse
from service.casework.studio.parameters.change_parameter import TypedParameter, save_parameter
from service.catalog.coverage.matrix import SourceKind
from service.catalog.table_sheets.sheet import read_sheet
from service.catalog.table_sheets.write import write_sheet
from tests.support.amended_text import law_as_text
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import DIAGRAM, KEY, Lakeside
from tests.support.new_place import AWARD, OUTLINE


def text_without(town: Lakeside, draft: int, article: str) -> str:
    return law_as_text(package_of(town.desk, draft).law, without=article)


def proposed(town: Lakeside, draft: int, text: str) -> AmendmentProposal:
    found = propose_amendment(town.desk, town.designer, draft, text)
    assert found.withdrawal is not None
    return found


def change(town: Lakeside, draft: int, path: str, old: str, new: str) -> None:
    opened = open_file(town.desk, town.designer, draft, path)
    assert old in opened.content.decode()
    save_file(town.desk, town.designer, draft, path, opened.content.replace(old.encode(), new.encode()), opened.hash)


def test_what_rests_on_a_clause_alone_goes_with_it(town: Lakeside) -> None:
    articles = tuple(replace(clause, article=f"第{n}条") for clause, n in zip(OUTLINE.clauses, "一二", strict=True))
    draft = start_city(town.desk, town.designer, replace(OUTLINE, clauses=articles))
    before = package_of(town.desk, draft)
    bar = TypedParameter("", "获奖后不得申报的月数", "months", "LN-2", value="18")
    ident = save_parameter(town.desk, town.designer, draft, bar, new=True)
    path = f"{AWARD}/eligibility.dmn"
    opened = open_file(town.desk, town.designer, draft, path)
    sheet = read_sheet(opened.content, path)
    names = [column.name for column in sheet.outputs]
    first = sheet.rows[0]
    cells = dict(zip(names, first.outputs, strict=True)) | {"met": f"param.{ident} > 0", "clauses": '"LN-2"'}
    barred = replace(first, id="barred", description="获奖后不得申报", outputs=tuple(cells[name] for name in names))
    content = write_sheet(opened.content, path, replace(sheet, rows=(*sheet.rows, barred)))
    save_file(town.desk, town.designer, draft, path, content, opened.hash)
    text = text_without(town, draft, "第二条")
    found = proposed(town, draft, text).withdrawal
    assert found is not None
    assert {place.source_kind for place in found.gone} == {SourceKind.ROW, SourceKind.PARAMETER}
    assert (found.kept, found.left) == ((), ())
    page = Browser(make_app(town), town, "designer")
    shown = page.post(f"/studio/drafts/{draft}/clauses/amend", {"text": text}).text
    assert 'name="away"' in shown
    with pytest.raises(ClauseInUse):
        confirm_amendment(town.desk, town.designer, draft, text, {1})
    assert confirm_amendment(town.desk, town.designer, draft, text, {1}, away=True) == 1
    after = package_of(town.desk, draft)
    assert "LN-2" not in after.law.clauses
    assert [len(table.rows) for table in after.tables.values()] == [len(table.rows) for table in before.tables.values()]
    assert set(after.award.parameters) == set(before.award.parameters)
    assert [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"] == []


def test_an_element_goes_and_one_that_rests_on_another_clause_too_cites_that_alone(town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "修改")
    change(town, draft, DIAGRAM, 'name="clauses" value="LS-6"', 'name="clauses" value="LS-7"')
    change(town, draft, DIAGRAM, 'name="clauses" value="LS-4"', 'name="clauses" value="LS-4 LS-7"')
    change(
        town,
        draft,
        f"processes/{KEY.partition('/')[0]}/law.yaml",
        ", outside: 预算由财政部门另行安排，不属于评审流程。",
        "",
    )
    text = text_without(town, draft, "第七条")
    found = proposed(town, draft, text).withdrawal
    assert found is not None
    assert [place.element for place in found.gone] == ["explain"]
    assert [place.element for place in found.kept] == ["decide"]
    assert found.left == ()
    confirm_amendment(town.desk, town.designer, draft, text, [1], away=True)
    package = package_of(town.desk, draft)
    elements = package.diagrams[DIAGRAM].elements
    assert "explain" not in elements
    assert elements["decide"].clauses == ("LS-4",)
    assert "LS-7" not in package.law.clauses


def test_what_the_rest_needs_is_left_to_a_person_place_by_place(town: Lakeside) -> None:
    """A letter that rests on the clause stays until somebody says what becomes of it."""
    draft = open_draft(town.desk, town.designer, KEY, "修改")
    text = text_without(town, draft, "第六条")
    found = proposed(town, draft, text).withdrawal
    assert found is not None
    assert "refusal.yaml" in {use.path.rpartition("/")[2] for use in found.left}
    before = open_file(town.desk, town.designer, draft, DIAGRAM).content
    with pytest.raises(ClauseInUse) as refused:
        confirm_amendment(town.desk, town.designer, draft, text, {1}, away=True)
    assert "不予受理" in refused.value.message.zh
    assert open_file(town.desk, town.designer, draft, DIAGRAM).content == before, "nothing is written in part"
    shown = Browser(make_app(town), town, "designer").post(f"/studio/drafts/{draft}/clauses/amend", {"text": text})
    assert f"/studio/drafts/{draft}/documents/edit?path=" in shown.text
    assert 'name="away"' not in shown.text
