"""A decision table as a sheet: read, written in place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service.catalog.source.formatting import format_file
from service.catalog.table_sheets.sheet import SheetColumn, TableSheet, TableSheetRow, read_sheet
from service.catalog.table_sheets.write import write_sheet
from service.domain.errors import Invalid

ROOT = Path(__file__).parents[3]
TABLES = sorted([*ROOT.glob("processes/**/*.dmn"), *ROOT.glob("tests/data/*/processes/**/*.dmn")])
BAND = (ROOT / "tests/data/example_city/processes/example_city/quality_award/prize_band.dmn").read_bytes()
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><definitions>&c;</definitions>'


@pytest.fixture
def band() -> TableSheet:
    return read_sheet(BAND, "prize_band.dmn")


@pytest.mark.parametrize("path", TABLES, ids=lambda path: "/".join(path.parts[-3:]))
def test_an_unchanged_sheet_keeps_every_byte(path: Path):
    content = path.read_bytes()
    sheet = read_sheet(content, path.name)

    assert write_sheet(content, path.name, sheet) == content


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
