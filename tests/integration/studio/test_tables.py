"""Decision tables of a draft: opened, tried, saved, made anew, exported and compared with what comes back."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import DraftConflict
from service.casework.studio.pieces.tables import OpenedTable, TriedTable, add_table, save_table, try_table, view_table
from service.catalog.table_sheets.sheet import SheetColumn, TableSheet, TableSheetRow
from service.domain.errors import Conflict, Invalid
from tests.support.browsers import Browser
from tests.support.lakeside import KEY, Lakeside

Browse = Callable[..., Browser]
TABLE = f"processes/{KEY}/eligibility.dmn"
GROUND = "founded_long_enough"


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "条件")


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


def tried(town: Lakeside, draft: int, sheet: TableSheet, **facts: str) -> TriedTable:
    return try_table(town.desk, town.designer, draft, TABLE, sheet, {k.replace("__", "."): v for k, v in facts.items()})


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


def test_rows_are_tried_on_facts_and_what_is_missing_is_named(town: Lakeside, draft: int, opened: OpenedTable) -> None:
    def met(founded: str) -> tuple[str, tuple[str, ...]]:
        (row,) = tried(town, draft, opened.sheet, apply__founded=founded).rows
        assert row.matched is True
        return row.outputs["met"], row.unknown

    assert met('"2020-05-01"') == ("true", ())
    assert met('"2026-01-01"') == ("false", ())
    assert met("null") == ("null", ("apply.founded",))
    assert [(one.path, one.type) for one in tried(town, draft, opened.sheet).facts] == [("apply.founded", "date")]


def test_overlaps_gaps_and_rows_that_are_never_reached_are_told(town: Lakeside, draft: int) -> None:
    def said(sheet: TableSheet) -> list[str]:
        return [fault.message.zh for fault in tried(town, draft, sheet).faults]

    assert said(bands(("< 3", '"a"'), (">= 3", '"b"'))) == []
    assert any("重叠" in words for words in said(bands(("< 5", '"a"'), (">= 3", '"b"'))))
    assert any("有空缺" in words for words in said(bands(("< 3", '"a"'), ("> 3", '"b"'))))
    assert said(bands(("< 3", '"a"'), ("-", "null"), policy="FIRST")) == []
    assert any("永远轮不到" in words for words in said(bands(("-", '"a"'), ("> 3", '"b"'), policy="FIRST")))


def test_cells_that_are_bearable_alone_are_stopped_when_they_are_too_many(town: Lakeside, draft: int) -> None:
    heavy = "sum(for a in 1..9000 return a)"

    assert tried(town, draft, bands(("= 99", heavy))).refused is None
    assert tried(town, draft, bands(*[("= 99", heavy)] * 60)).refused is not None


def test_a_new_table_is_made_once(town: Lakeside, draft: int) -> None:
    saved = add_table(town.desk, town.designer, draft, "prize_band", "奖金档次")

    assert view_table(town.desk, town.designer, draft, saved.path).sheet.name == "奖金档次"
    with pytest.raises(Conflict):
        add_table(town.desk, town.designer, draft, "prize_band", "又一张")
    for ident, name in (("Prize", "名"), ("ok", " "), ("ok", "长" * 101)):
        with pytest.raises(Invalid):
            add_table(town.desk, town.designer, draft, ident, name)


def test_a_spreadsheet_goes_out_and_comes_back(browse: Browse, draft: int) -> None:
    designer, api = browse("designer"), f"/api/v1/drafts/{draft}/table/spreadsheet"
    file = designer.get(f"/studio/drafts/{draft}/tables/export?path={TABLE}")

    def back(content: bytes, name: str = "t.xlsx") -> Any:
        return designer.send("POST", api, {"path": TABLE, "name": name, "content": base64.b64encode(content).decode()})

    assert back(file.data).get_json()["difference"] is None
    heads = "编号,说明,条件：适用于,结果：是否符合,结果：符合时,结果：不符合时,结果：依据,结果：由谁判断,结果：由谁补充,结果：佐证"
    lines = f"{heads}\n新,,,=CMD|' /C calc'!A0,,,,,,\n"
    spiked = back(lines.encode(), "t.csv")
    assert spiked.status_code == 422
    assert "第 2 行的编号“新”" in spiked.get_json()["message"]
    odd = back(lines.replace("新,", "odd,").encode(), "t.csv").get_json()
    assert list(odd["uses"]) == [GROUND]
    assert [(row["id"], row["left"], row["right"]) for row in odd["difference"]["rows"]] == [
        (GROUND, True, False),
        ("odd", False, True),
    ]
    assert odd["faults"][0]["row"] == "odd"
    assert back(b"no workbook").status_code == 422
    assert designer.send("POST", api, {"path": TABLE, "name": "t.xlsx", "content": "***"}).status_code == 422


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
