"""Spreadsheet files: what is written can be read back and never runs; what is no table is refused with a sentence."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from service.domain.errors import Invalid
from service.domain.spreadsheets.import_report import lines_of
from service.domain.spreadsheets.lists import CellKind, Column, read_lines
from service.domain.spreadsheets.spreadsheet_cells import CELL_FAULTS, SHORTENED_NUMBER, neutralise_cell
from service.domain.text import Text
from service.office.sheets import WorkbookSheet
from service.office.tables import MAX_BYTES, MAX_ROWS, MAX_UNPACKED, read_rows
from service.office.workbooks import write_sheets, write_xlsx

COLUMNS = (
    Column("name", Text("名称", "Name"), needed=True, hint=Text("全称", "in full")),
    Column("day", Text("日期", "Day"), kind=CellKind.DAY),
    Column("tier", Text("类别", "Tier"), kind=CellKind.CHOICE, choices=(("a", "甲类"), ("b", "乙类"))),
    Column("count", Text("人数", "Number"), kind=CellKind.NUMBER),
    Column("fit", Text("符合", "Fits"), kind=CellKind.YES),
    Column("words", Text("行业", "Sectors"), kind=CellKind.WORDS),
    Column("note", Text("说明", "Note"), given=True),
)
EVIL = ["＝1+1", "＋1", "－1", "＠SUM(A1)", "=HYPERLINK(\"http://x\")", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"]  # fmt: skip


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_formulas_merged_cells_and_long_numbers_say_so() -> None:
    book = Workbook()
    sheet = book.active
    for row in (["名称", "类别", "人数", "说明"], ["甲", "甲类", "=1+1", 650103199003073921], ["乙", None, 0.5, 1.5]):
        sheet.append(row)
    sheet["A4"] = "合并两列"
    sheet.merge_cells("B2:B3")
    sheet.merge_cells("A4:B4")
    sheet["C3"].number_format = "0%"
    assert read_rows("a.xlsx", saved(book)) == [
        ["名称", "类别", "人数", "说明"],
        ["甲", "甲类", "#无结果", "#数字过长"],
        ["乙", "甲类", "50%", "1.5"],
        ["合并两列", "#合并", "", ""],
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [(rb'<row r="2".*?</row>', rb'<row r="3".*?</row>'), (rb'<c r="A2".*?</c>', rb'<c r="B2".*?</c>')],
)
def test_lines_and_cells_out_of_their_order_are_refused_before_any_is_lost(first: bytes, second: bytes) -> None:
    buffer = io.BytesIO()
    content = workbook([["名称", "人数"], ["甲", 5], ["乙", 6]])
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            turned = re.sub(b"(%b)(%b)" % (first, second), rb"\2\1", old.read(name), flags=re.DOTALL)
            new.writestr(name, turned)
    assert read_rows("甲.xlsx", content)[2] == ["乙", "6"]
    with pytest.raises(Invalid, match="没有按次序存放"):
        read_rows("甲.xlsx", buffer.getvalue())


@pytest.mark.parametrize("squeezed", [b'ht="0"', b'hidden="1"'])
def test_a_line_without_height_is_hidden(squeezed: bytes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["名称"], ["甲"]]))) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<row r="2"', b'<row r="2" customHeight="1" ' + squeezed))
    with pytest.raises(Invalid, match="第2行"):
        read_rows("a.xlsx", buffer.getvalue())


@pytest.mark.parametrize(
    ("value", "shown_as", "read"),
    [
        (True, "General", "TRUE"),
        (7, "000000", "000007"),
        (30, '0"万元"', "30万元"),
        (300000, '0!.0,"万"', "300000"),
        (300000, '#,##0"元"', "300000（显示为300000元）"),
        (3, '"第"0"届"', "3（显示为第3届）"),
        (3, '[DBNum1]"第"0"届"', "3（显示为第三届）"),
        (12, "[DBNum1][$-804]General", "12（显示为十二）"),
        (5, "000-0000", "5（显示为000-0005）"),
        (9911234567, "(000) 000-0000", "9911234567（显示为(991) 123-4567）"),
        (7, '"NO."000000', "7（显示为NO.000007）"),
        (7, 'General"号"', "7（显示为7号）"),
        (7, "\\A0000", "7（显示为A0007）"),
        (12345, "0.00E+00", "12345"),
        (1234, '_ "¥"* #,##0.00_ ', "1234"),
        (1234, '_ "¥"* #,##0_ ', "1234"),
        (1234, "#,##0_);[Red](#,##0)", "1234"),
        (1, '[=1]"男";[=2]"女"', "#不显示"),
        (500, '[>=10000]0!.0,"万";0', "500"),
        (0.5, "0%", "50%"),
        (date(2020, 5, 1), 'yyyy"年"m"月"d"日"', "2020-05-01"),
        (date(2020, 1, 2), 'm"月"d"日"', "2020-01-02（部分）"),
        (date(2020, 1, 1), 'yyyy"年"', "2020-01-01（部分）"),
        (date(2020, 5, 1), "mm/yyyy", "2020-05-01（部分）"),
        ("甲_x0007_公司", "General", "甲\x07公司"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(value: object, shown_as: str, read: str) -> None:
    book = Workbook()
    cell = book.active.cell(1, 1, value)  # type: ignore[union-attr]
    cell.number_format = shown_as
    assert read_rows("a.xlsx", saved(book)) == [[read]]


@pytest.mark.parametrize(("hide", "place"), [("row", "第2行"), ("column", "A列")])
def test_hidden_lines_and_columns_are_refused_with_their_place(hide: str, place: str) -> None:
    book = Workbook()
    book.active.append(["名称"])
    book.active.append(["甲"])
    (book.active.row_dimensions[2] if hide == "row" else book.active.column_dimensions["A"]).hidden = True
    with pytest.raises(Invalid, match=place):
        read_rows("a.xlsx", saved(book))


def test_the_one_filled_sheet_is_read_and_several_are_refused_by_name() -> None:
    book = Workbook()
    book.active.title = "说明"
    book.create_sheet("名单").append(["名称"])
    book.create_sheet("底稿").append(["旧"])
    book["底稿"].sheet_state = "hidden"
    assert read_rows("a.xlsx", saved(book)) == [["名称"]]
    book["说明"]["A1"] = "填写说明"
    with pytest.raises(Invalid, match="说明、名单"):
        read_rows("a.xlsx", saved(book))


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("名称;人数\n甲;1,5".encode("utf-8-sig"), [["名称", "人数"], ["甲", "1,5"]]),
        ("名称\t人数\r\n甲\t12".encode("utf-16"), [["名称", "人数"], ["甲", "12"]]),
        ("名称,人数\n甲\u200b, 12 \n".encode("gb18030"), [["名称", "人数"], ["甲", "12"]]),
        ("sep=;\r\n名称;人数\r\n甲;1,5".encode(), [["名称", "人数"], ["甲", "1,5"]]),
        ('名称,编号\n甲,="007"'.encode(), [["名称", "编号"], ["甲", "007"]]),
    ],
)
def test_lists_of_other_programs_are_split_where_they_are_meant(content: bytes, rows: list[list[str]]) -> None:
    assert read_rows("a.csv", content) == rows


def test_an_old_workbook_is_told_what_to_do() -> None:
    with pytest.raises(Invalid, match=r"另存为 \.xlsx"):
        read_rows("a.xls", b"\xd0\xcf\x11\xe0")


def test_what_is_written_is_read_back() -> None:
    row = ["甲厂", date(2026, 3, 1), "乙类", 12, True, ["机械", "化工"], "只看"]
    [line] = read_lines(read_rows("a.xlsx", write_xlsx("名单", COLUMNS, [row])), COLUMNS)
    assert (line.number, line.mistakes) == (2, ())
    assert {k: line.values[k] for k in ("name", "day", "tier", "count", "fit", "words")} == {
        "name": "甲厂", "day": date(2026, 3, 1), "tier": "b", "count": 12, "fit": True, "words": ("机械", "化工"),
    }  # fmt: skip


def test_a_column_is_as_wide_as_what_stands_in_it() -> None:
    rows = [["甲" * 16, date(2026, 3, 1)], ["乙" * 300, None]]
    sheet = load_workbook(io.BytesIO(write_xlsx("名单", COLUMNS, rows[:1]))).active
    assert sheet.column_dimensions["A"].width == 34, "a Chinese character takes two"
    assert sheet.column_dimensions["B"].width == 13
    widest = load_workbook(io.BytesIO(write_xlsx("名单", COLUMNS, rows))).active
    assert (widest.column_dimensions["A"].width, widest.max_row) == (48, 3), "long texts do not push the rest out"


def test_a_long_heading_goes_on_in_a_further_line() -> None:
    asked = Column("asked", Text("本组织近三年没有发生重大质量安全环境污染公共卫生事故", "asked"))
    sheet = load_workbook(io.BytesIO(write_xlsx("名单", (asked,), [["是"]]))).active
    assert (sheet.column_dimensions["A"].width, sheet["A1"].alignment.wrap_text) == (24, True)


def test_the_same_rows_give_the_same_bytes() -> None:
    assert write_xlsx("名单", COLUMNS, [["甲"]]) == write_xlsx("名单", COLUMNS, [["甲"]])


@pytest.mark.parametrize(
    "content", [write_xlsx("名单", COLUMNS, [["甲"]]), write_sheets(WorkbookSheet("条款", [["条"], ["一"]], [9]))]
)
def test_nothing_in_a_workbook_tells_when_it_was_made(content: bytes) -> None:
    """Who asks again with the mark of what was fetched is told that nothing changed (304), also a minute later."""
    properties = load_workbook(io.BytesIO(content)).properties
    with zipfile.ZipFile(io.BytesIO(content)) as members:
        times = {member.date_time[:3] for member in members.infolist()}
    assert (len(times), properties.created.year, properties.modified.year) == (1, 2020, 2020)
    assert times != {date.today().timetuple()[:3]}


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_runs_as_a_formula(text: str) -> None:
    assert neutralise_cell(text) == f"'{text}"
    content = write_xlsx("名单", COLUMNS, [[text]])
    cell = load_workbook(io.BytesIO(content)).active["A2"]
    assert (cell.data_type, cell.value[0]) == ("s", "'")
    assert read_rows("a.xlsx", content)[1][0].strip() == text.strip()


def test_every_wrong_cell_is_named() -> None:
    rows = [[c.title.zh for c in COLUMNS], ["", "很久以前", "丙类", "一打", "也许", "x", ""], ["甲"]]
    wrong, right = read_lines(rows, COLUMNS)
    assert [m.field.zh for m in wrong.mistakes] == ["名称", "日期", "类别", "人数", "符合"]
    assert "2026-03-01" in wrong.mistakes[1].reason.zh
    assert "2026-03-01" in wrong.mistakes[1].reason.en
    assert right.values == {"name": "甲"}


@pytest.mark.parametrize("cell", ["nan", "N/A", "／", "同上"])
def test_what_stands_for_nothing_is_no_name(cell: str) -> None:
    (line,) = read_lines([["名称", "说明"], [cell, cell]], COLUMNS)
    assert ([m.field.zh for m in line.mistakes], "name" in line.values) == (["名称"], False)


def test_quotes_after_a_blank_are_no_part_of_a_cell() -> None:
    assert read_rows("a.csv", '名称, "单位"\n甲, "乙,丙"\n'.encode()) == [["名称", "单位"], ["甲", "乙,丙"]]


@pytest.mark.parametrize(
    "cell",
    [
        "4.687E+11",
        "4,687E+11",
        "1.0000000000001E13",
        "9.165e17",
        "1E5",
        "1E+05",
        "12E+10",
        "-4.6E-5",
        "１.３８Ｅ＋１０",
    ],
)
def test_a_long_number_in_powers_of_ten_is_told_in_any_spelling(cell: str) -> None:
    [line] = read_lines([["名称"], [cell]], COLUMNS)
    assert [m.reason for m in line.mistakes] == [SHORTENED_NUMBER]


@pytest.mark.parametrize("code", ["2020E001", "3E-301", "E5", "1E500号", "12E3", "#", "#1", "### 甲"])
def test_a_code_that_only_looks_like_a_fault_is_taken(code: str) -> None:
    [line] = read_lines([["名称"], [code]], COLUMNS)
    assert (line.values, line.mistakes) == ({"name": code}, ())


def test_a_text_is_what_a_cell_shows_and_a_number_what_it_holds() -> None:
    cell = "3（显示为第3届）"
    [line] = read_lines([["名称", "人数"], [cell, cell]], COLUMNS)
    assert (line.values, line.mistakes) == ({"name": "第3届", "count": 3}, ())


def test_a_column_that_was_too_narrow_to_be_saved_is_told() -> None:
    [line] = read_lines(read_rows("a.csv", "名称,人数\n########,3\n".encode()), COLUMNS)
    assert ["####" in m.reason.zh for m in line.mistakes] == [True]


def block(text: str, **font: object) -> TextBlock:
    return TextBlock(InlineFont(**font), text)


def with_shared_texts(content: bytes) -> bytes:
    """Return a workbook with its inline texts in the table of shared ones, as Excel writes them."""
    texts: list[bytes] = []

    def share(match: re.Match[bytes]) -> bytes:
        texts.append(b"<si>" + match[1] + b"</si>")
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    buffer = io.BytesIO()
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            member = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                member = re.sub(rb't="inlineStr"><is>(.*?)</is>', share, member)
            if name == "[Content_Types].xml":
                more = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
                member = member.replace(b"</Types>", more.encode())
            if name == "xl/_rels/workbook.xml.rels":
                more = f'<Relationship Id="shared" Type="{relation}" Target="sharedStrings.xml"/></Relationships>'
                member = member.replace(b"</Relationships>", more.encode())
            new.writestr(name, member)
        space = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        new.writestr("xl/sharedStrings.xml", space + b"".join(texts) + b"</sst>")
    assert texts
    return buffer.getvalue()


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(
    ("parts", "read"),
    [
        (["甲公司", block("1", vertAlign="superscript")], "#上下标"),
        (["10", block("2", vertAlign="superscript")], "#上下标"),
        (["10", block("2", vertAlign="subscript")], "#上下标"),
        ([block("5", strike=True), "7"], "#删除线"),
        ([block("旧名", strike=True), block("新名", b=True)], "#删除线"),
        ([block("甲", b=True), block(" ", strike=True), block("乙", vertAlign="baseline")], "甲 乙"),
    ],
)
def test_parts_of_a_cell_that_are_struck_or_raised_are_told(
    parts: list[str | TextBlock], read: str, shared: bool
) -> None:
    content = workbook([["名称"], [CellRichText(*parts)]])
    assert read_rows("a.xlsx", with_shared_texts(content) if shared else content) == [["名称"], [read]]


@pytest.mark.parametrize(
    ("value", "font", "read"),
    [
        ("甲", Font(strike=True), "#删除线"),
        (4, Font(strike=True), "#删除线"),
        (date(2026, 3, 1), Font(strike=True), "#删除线"),
        (CellRichText("甲", block("乙", b=True)), Font(strike=True), "#删除线"),
        ("1", Font(vertAlign="superscript"), "#上下标"),
        ("", Font(strike=True), ""),
        ("甲", Font(bold=True), "甲"),
    ],
)
def test_a_cell_that_is_struck_or_raised_as_a_whole_is_told(value: object, font: Font, read: str) -> None:
    book = Workbook()
    book.active.append(["名称", "人数"])
    book.active.append([value, 1])
    book.active["A2"].font = font
    assert read_rows("a.xlsx", saved(book)) == [["名称", "人数"], [read, "1"]]


def test_a_cell_whose_font_is_not_there_is_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["名称"], ["甲"]]))) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/styles.xml":
                content, changes = re.subn(rb'(?<=<cellXfs)(.*?fontId=)"0"', rb'\1"9"', content, flags=re.DOTALL)
                assert changes == 1
            new.writestr(name, content)
    assert read_rows("a.xlsx", buffer.getvalue()) == [["名称"], ["甲"]]


def test_a_comma_that_makes_two_cells_of_a_number_is_told() -> None:
    moved, right = read_lines(read_rows("a.csv", "名称,人数\n甲,1,000\n乙,7,\n".encode()), COLUMNS)
    assert [m.field.zh for m in moved.mistakes] == ["行"]
    assert (right.values, right.mistakes) == ({"name": "乙", "count": 7}, ())


def test_headings_may_stand_in_any_order_in_either_language() -> None:
    [line] = read_lines([["Tier", "多余", " 名称＊ "], ["甲类", "?", "甲"]], COLUMNS)
    assert line.values == {"tier": "a", "name": "甲"}


def test_files_that_are_no_table_are_refused_with_a_sentence() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (MAX_UNPACKED + 1))
    macros = io.BytesIO(workbook([["名称"]]))
    with zipfile.ZipFile(macros, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    good = workbook([["名称"], ["甲"]])
    bad = (b"", b"PK\x03\x04", b"%PDF-1.7", bomb.getvalue(), macros.getvalue(), good[:-200], good[:300] + b"x" * 500)
    for content in bad:
        with pytest.raises(Invalid, match="xlsx"):
            read_rows("a.xlsx", content)
    with pytest.raises(Invalid, match="10兆"):
        read_rows("a.xlsx", b"x" * (MAX_BYTES + 1))
    with pytest.raises(Invalid, match=r"xlsx 或 \.csv"):
        read_rows("a.exe", good)
    for quotes in ('名称,人数\n"甲"公司",1\n', '名称,人数\n"甲,1\n乙,2\n'):
        with pytest.raises(Invalid, match="引号"):
            read_rows("a.csv", quotes.encode())
    for wide, content in (("a.xlsx", workbook([["名称"], ["甲", *[None] * 250, "x"]])), ("a.csv", b"," * 250 + b"x\n")):
        with pytest.raises(Invalid, match="200列"):
            read_rows(wide, content)
    with pytest.raises(Invalid, match="编码"):
        read_rows("a.csv", b"\xff\xfe\x00\xd8\x81")
    with pytest.raises(Invalid, match=str(MAX_ROWS)):
        read_rows("a.csv", b"x\n" * (MAX_ROWS + 2))


def test_wrong_or_doubled_headings_and_empty_lists_are_refused_with_a_sentence() -> None:
    for rows in ([["姓名"], ["甲"]], [["名称", "名称"], ["甲", "乙"]], [["名称"]], []):
        with pytest.raises(Invalid, match=r"模板|数据行"):
            lines_of(rows, COLUMNS)


def test_empty_lines_and_columns_that_programs_leave_behind_are_not_read() -> None:
    rows = read_rows("a.xlsx", workbook([["名称", None, None], ["甲", None, None], *[[None] * 3] * 20]))
    assert rows == [["名称"], ["甲"]]


@pytest.mark.parametrize(
    ("value", "shown_as", "read"),
    [
        (5, ";;;", "#不显示"),
        ("机密", ";;;", "#不显示"),
        ("甲", ";;;@", "甲"),
        (5, ";;;@", "#不显示"),
        (-5, "0;;;@", "#不显示"),
        (0, "0;-0;;@", "#不显示"),
        (0, '0;-0;"-";@', "0"),
        (5, '"已核实"', "#不显示"),
        (date(2026, 3, 1), ";;;", "#不显示"),
        (date(2026, 3, 1), "yyyy-mm-dd;@", "2026-03-01"),
        (5, "[Red]0;[Blue]-0", "5"),
        (5, "G/通用格式", "5"),
        ("甲", "General", "甲"),
        (timedelta(hours=25), "[h]:mm", "25:00"),
        (timedelta(seconds=-90), "[h]:mm", "-0:01:30"),
        (timedelta(days=2, seconds=30), "[h]:mm:ss", "48:00:30"),
        (5, '0.00" day"', "5"),
    ],
)
def test_what_a_cell_does_not_show_is_named(value: object, shown_as: str, read: str) -> None:
    book = Workbook()
    book.active.append(["名称"])
    book.active["A2"], book.active["A2"].number_format = value, shown_as
    assert read_rows("a.xlsx", saved(book)) == [["名称"], [read]]
    assert (read in CELL_FAULTS) == read.startswith("#")
