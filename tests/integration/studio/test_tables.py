"""Decision tables of a draft: opened, judged, saved, made anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.save_file import DraftConflict
from service.casework.studio.pieces.tables import OpenedTable, add_table, judge_table, save_table, view_table
from service.catalog.table_sheets.sheet import SheetColumn, TableSheet, TableSheetRow
from service.domain.errors import Conflict, Invalid
from tests.support.browsers import Browse
from tests.support.lakeside import KEY, Lakeside

TABLE = f"processes/{KEY}/eligibility.dmn"
GROUND = "founded_long_enough"


@pytest.fixture
def opened(town: Lakeside, draft: int) -> OpenedTable:
    return view_table(town.desk, town.designer, draft, TABLE)


def bands(*rows: tuple[str, str], policy: str = "UNIQUE") -> TableSheet:
    """Return a table by the years that are asked for; each row has a condition and a result."""
    return TableSheet(
        "bands", "档次", policy, "", (SheetColumn("years", "年限", "number", expression="param.min_years"),),
        (SheetColumn("band", "档次", "string", name="band"),),
        tuple(TableSheetRow(f"r{n}", f"r{n}", "", (test,), (result,)) for n, (test, result) in enumerate(rows, 1)),
    )  # fmt: skip


def test_a_table_says_who_names_its_rows_and_what_its_cells_may_hold(opened: OpenedTable) -> None:
    assert [path.rpartition("/")[2] for path in opened.uses[GROUND]] == ["accepted.yaml", "refused.yaml"]
    assert all(opened.called[path] not in ("", path.rpartition("/")[2]) for path in opened.uses[GROUND])
    assert [choice.value for choice in opened.choices["decided_by"]] == ["machine", "attested", "department"]
    assert "LS-3" in [choice.value for choice in opened.choices["clauses"]]


def test_a_changed_cell_is_saved_and_an_older_sheet_is_refused(town: Lakeside, draft: int, opened: OpenedTable) -> None:
    row = opened.sheet.rows[0]
    mine = replace(opened.sheet, rows=(replace(row, description="成立够久"),))
    theirs = replace(opened.sheet, rows=(row, replace(row, id="second", was="", description="另一条")))

    save_table(town.desk, town.designer, draft, TABLE, mine, opened.hash)
    for base in (opened.hash, "0" * 64):
        with pytest.raises(DraftConflict):
            save_table(town.desk, town.designer, draft, TABLE, theirs, base)

    found = view_table(town.desk, town.designer, draft, TABLE)
    assert [one.description for one in found.sheet.rows] == ["成立够久"]
    save_table(town.desk, town.designer, draft, TABLE, theirs, found.hash)
    assert len(view_table(town.desk, town.designer, draft, TABLE).sheet.rows) == 2


def test_a_row_that_others_name_goes_only_when_that_is_known(town: Lakeside, draft: int, opened: OpenedTable) -> None:
    without = replace(opened.sheet, rows=())

    with pytest.raises(Invalid) as refused:
        save_table(town.desk, town.designer, draft, TABLE, without, opened.hash)
    assert "accepted.yaml" in refused.value.message.zh
    save_table(town.desk, town.designer, draft, TABLE, without, opened.hash, removed=[GROUND])
    assert view_table(town.desk, town.designer, draft, TABLE).sheet.rows == ()


def test_overlaps_gaps_and_rows_that_are_never_reached_are_told(town: Lakeside, draft: int) -> None:
    def said(sheet: TableSheet) -> list[str]:
        return [fault.message.zh for fault in judge_table(town.desk, town.designer, draft, TABLE, sheet)]

    assert said(bands(("< 3", '"a"'), (">= 3", '"b"'))) == []
    assert any("重叠" in words for words in said(bands(("< 5", '"a"'), (">= 3", '"b"'))))
    assert any("有空缺" in words for words in said(bands(("< 3", '"a"'), ("> 3", '"b"'))))
    assert said(bands(("< 3", '"a"'), ("-", "null"), policy="FIRST")) == []
    assert any("永远轮不到" in words for words in said(bands(("-", '"a"'), ("> 3", '"b"'), policy="FIRST")))


def test_a_new_table_is_made_once(town: Lakeside, draft: int) -> None:
    saved = add_table(town.desk, town.designer, draft, "prize_band", "奖金档次")

    assert view_table(town.desk, town.designer, draft, saved.path).sheet.name == "奖金档次"
    with pytest.raises(Conflict):
        add_table(town.desk, town.designer, draft, "prize_band", "又一张")
    for ident, name in (("Prize", "名"), ("ok", " "), ("ok", "长" * 101)):
        with pytest.raises(Invalid):
            add_table(town.desk, town.designer, draft, ident, name)


@pytest.mark.parametrize(("years", "status"), [(2, 422), (4, 200)])
def test_a_cell_says_no_number_beyond_the_law(browse: Browse, draft: int, years: int, status: int) -> None:
    designer, api = browse("designer"), f"/api/v1/drafts/{draft}/table"
    found = designer.get(f"{api}?path={TABLE}").get_json()
    table = found["table"]
    place = [column["name"] for column in table["outputs"]].index("met")
    table["rows"][0]["outputs"][place] = f'date(apply.founded) + duration("P{years}Y") <= today()'
    sent = {"path": TABLE, "table": table, "base": found["hash"]}
    answer = designer.send("PUT", api, sent)
    assert answer.status_code == status, answer.text
    if status == 422:
        said = answer.get_json()["message"]
        assert [word for word in ("第 1 行", "第三条", "不得少于3", "没有保存") if word not in said] == []
    assert designer.get(f"{api}?path={TABLE}").get_json()["revision"] == (status == 200)
