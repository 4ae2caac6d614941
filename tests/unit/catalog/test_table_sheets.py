"""A decision table as a sheet: read, written in place, compared, and as the lines of a spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service.catalog.source.formatting import format_file
from service.catalog.table_sheets.sheet import SheetColumn, TableSheet, TableSheetRow, read_sheet
from service.catalog.table_sheets.spreadsheet import headings, lines, taken_in
from service.catalog.table_sheets.write import write_sheet
from service.domain.errors import Invalid
from service.office.tables import read_rows
from service.office.workbooks import write_xlsx

ROOT = Path(__file__).parents[3]
TABLES = sorted([*ROOT.glob("processes/**/*.dmn"), *ROOT.glob("tests/data/*/processes/**/*.dmn")])
BAND = (ROOT / "tests/data/example_city/processes/example_city/quality_award/prize_band.dmn").read_bytes()
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><definitions>&c;</definitions>'


@pytest.fixture
def band() -> TableSheet:
    return read_sheet(BAND, "prize_band.dmn")


def workbook(sheet: TableSheet) -> list[list[str]]:
    """Return the lines of the exported workbook as they are read back."""
    return read_rows("table.xlsx", write_xlsx(sheet.name, headings(sheet), lines(sheet)))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: "/".join(path.parts[-3:]))
def test_an_unchanged_sheet_keeps_every_byte_out_and_back_through_a_spreadsheet_too(path: Path):
    content = path.read_bytes()
    sheet = read_sheet(content, path.name)

    assert write_sheet(content, path.name, sheet) == content
    assert write_sheet(content, path.name, taken_in(sheet, workbook(sheet))) == content


def test_one_changed_cell_is_one_changed_line(band: TableSheet):
    first = band.rows[0]
    changed = replace(band, rows=(replace(first, outputs=('"<新>"', *first.outputs[1:])), *band.rows[1:]))

    written = write_sheet(BAND, "t.dmn", changed)

    different = [pair for pair in zip(BAND.splitlines(), written.splitlines(), strict=True) if pair[0] != pair[1]]
    assert [new.strip().decode() for _, new in different] == ['<text>"&lt;新&gt;"</text>']
    assert read_sheet(written, "t.dmn") == changed


def test_comments_stay_with_their_row_when_rows_move(band: TableSheet):
    content = BAND.replace(b"<rule ", "<!-- 首行 -->\n      <rule ".encode(), 1)
    content = format_file("t.dmn", content)

    written = write_sheet(content, "t.dmn", replace(band, rows=band.rows[::-1])).decode()

    assert written.index("首行") < written.index(f'id="{band.rows[0].id}"')
    assert written.index(f'id="{band.rows[1].id}"') < written.index("首行")


def test_new_rows_and_columns_get_ids_of_their_own(band: TableSheet):
    cells = TableSheetRow("", "", "新的一行", tuple("-" for _ in band.inputs), tuple("null" for _ in band.outputs))
    wider = replace(
        band,
        inputs=(*band.inputs, SheetColumn("", "类别", "string", expression="case.tier")),
        rows=tuple(replace(row, inputs=(*row.inputs, "-")) for row in (*band.rows, cells, cells)),
    )

    again = read_sheet(write_sheet(BAND, "t.dmn", wider), "t.dmn")

    assert len({row.id for row in again.rows}) == len(wider.rows)
    assert again.inputs[-1].expression == "case.tier"
    assert all(again.inputs[-1].id not in (row.id, "") for row in again.rows)
    assert [row.inputs for row in again.rows] == [row.inputs for row in wider.rows]
    narrower = replace(
        again,
        inputs=again.inputs[:-1],
        rows=tuple(replace(r, inputs=r.inputs[:-1]) for r in again.rows[: len(band.rows)]),
    )
    assert write_sheet(write_sheet(BAND, "t.dmn", wider), "t.dmn", narrower) == BAND


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hit_policy": "LAST"}, "命中策略"),
        ({"outputs": ()}, "结果列"),
        ({"rows": (TableSheetRow("1 x", "", "", ("-",), ("1",)),)}, "格数"),
        ({"name": "a\x00b"}, "控制字符"),
    ],
)
def test_a_sheet_that_cannot_be_written_is_refused_with_a_sentence(
    band: TableSheet, change: dict[str, object], said: str
):
    with pytest.raises(Invalid) as refused:
        write_sheet(BAND, "t.dmn", replace(band, **change))  # type: ignore[arg-type]
    assert said in refused.value.message.zh


@pytest.mark.parametrize(
    "content",
    [b"", b"<x/>", b"no xml", BOMB, BAND.replace(b"</decision>", b"</decision><decision id='b' name='b'/>")],
    ids=["empty", "no DMN", "no XML", "bomb", "two decisions"],
)
def test_what_is_no_table_is_refused(content: bytes):
    with pytest.raises(Invalid) as refused:
        read_sheet(content, "t.dmn")
    assert refused.value.message.zh
    assert refused.value.message.en


def test_a_spreadsheet_changes_what_was_typed_there_and_nothing_else(band: TableSheet):
    rows = workbook(band)
    place = rows[0].index(next(c.title.zh for c in headings(band) if c.id == band.outputs[0].id))
    rows[1][place] = "99"
    rows.append(["", "新增", *("" for _ in band.inputs), *("1" for _ in band.outputs)])

    sheet = taken_in(band, rows)

    assert sheet.rows[0].outputs[0] == "99"
    assert sheet.rows[0].inputs == band.rows[0].inputs
    assert (sheet.rows[-1].was, sheet.rows[-1].inputs) == ("", tuple("-" for _ in band.inputs))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda rows: rows[0].append("附加列"), "没有这样的列：附加列"),
        (lambda rows: rows[0].__setitem__(0, ""), "缺少列：编号"),
        (lambda rows: rows[0].append(rows[0][0]), "列重复"),
        (lambda rows: rows.__delitem__(slice(1, None)), "没有数据行"),
        (lambda rows: rows[1].__setitem__(2, "1" * 10_001), "超过 10000 字"),
        (lambda rows: rows[2].__setitem__(0, "新的"), "第 3 行的编号“新的”"),
        (lambda rows: rows[1].__setitem__(2, "#REF!"), "公式错误 #REF!"),
        (lambda rows: rows[1].__setitem__(2, "#合并"), "合并"),
    ],
    ids=[
        "unknown column",
        "missing column",
        "double column",
        "no lines",
        "long cell",
        "odd id",
        "error cell",
        "merged cell",
    ],
)
def test_a_spreadsheet_that_does_not_fit_is_refused(band: TableSheet, spoil, said: str):  # type: ignore[no-untyped-def]
    rows = workbook(band)
    spoil(rows)
    with pytest.raises(Invalid) as refused:
        taken_in(band, rows)
    assert said in refused.value.message.zh


def test_a_command_in_a_cell_leaves_as_text(band: TableSheet):
    spiked = replace(band, rows=(replace(band.rows[0], description="=CMD|' /C calc'!A0"), *band.rows[1:]))

    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(write_xlsx("t", headings(spiked), lines(spiked))))
    cell = book.worksheets[0]["B2"]
    assert (cell.data_type, str(cell.value)[0]) == ("s", "'")
    assert taken_in(band, workbook(spiked)).rows[0].description == "=CMD|' /C calc'!A0"
