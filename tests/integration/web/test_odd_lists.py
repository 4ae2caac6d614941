"""Lists with odd cells through the page that looks at them: each line says what is wrong, the others go on."""

from __future__ import annotations

import io
from collections.abc import Callable

from openpyxl import Workbook

from service.casework.spreadsheets.people import export_people
from tests.support.browsers import Browser
from tests.support.desks import Bench

HEAD = ["登录名", "姓\n名", "辖区", "角色", "单位", "邮箱", "电话", "备注"]


def test_an_odd_cell_refuses_its_line_with_column_and_remedy_and_the_others_go_on(
    browse: Callable[..., Browser], bench: Bench
) -> None:
    _, _, lines = export_people(bench.desk, bench.admin, "office")
    office = lines[0][2:5]
    book = Workbook()
    for row in (
        HEAD,
        ["ｗang.odd", "王\u200b奇", *office, "w＠example.cn", 13800138000, "内部"],
        ["li.odd", "#N/A", *office, "", "", ""],
        ["zhao.odd", "赵一\n赵二", *office, "", "", ""],
        ["qian.odd", "=B2", *office, "", "", ""],
        ["sun.odd", "孙奇", *office, "", "1.38E+10", ""],
    ):
        book.active.append(row)  # type: ignore[union-attr]
    buffer = io.BytesIO()
    book.save(buffer)
    sent = {"file": (io.BytesIO(buffer.getvalue()), "people.xlsx")}
    page = browse("admin").post("/lists/people", sent, content_type="multipart/form-data")
    assert page.status_code == 200
    for words in ("没有用到的列：备注", "公式错误 #N/A", "写成一行", "公式没有结果", "科学记数", "导入或更新 1 行"):
        assert words in page.text
