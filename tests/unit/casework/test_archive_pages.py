"""What was filled in reads in an archive as on its form: groups and rows by their labels, not as a program keeps them."""

from __future__ import annotations

from service.casework.archives.first_page import case_page

AT = "2026-03-02T01:00:00+00:00"


def page(data: dict[str, object], labels: dict[str, str], choices: dict[str, dict[str, str]]) -> str:
    form = {"title": "申报表", "at": AT, "taken_back_at": None, "data": data, "labels": labels, "choices": choices}
    return case_page("甲公司", {"表单": [form], "会议": []}, [], []).decode()


def test_a_group_has_a_line_for_each_of_its_fields_and_rows_are_a_table() -> None:
    told = page(
        {
            "organisation": {"kind": "company", "founded": None},
            "staff": [{"name": "张三", "leads": "yes"}, {"name": "李四", "leads": "no"}],
            "experts": ["152", "x"],
            "faults": [],
            "proof": [{"id": "1", "name": "声明.pdf", "size": 12}],
        },
        {
            "organisation": "组织情况",
            "organisation.kind": "类型",
            "organisation.founded": "成立日期",
            "staff": "人员",
            "staff[].name": "姓名",
            "staff[].leads": "是否组长",
            "experts": "专家",
            "faults": "不符之处",
            "proof": "声明",
        },
        {
            "organisation.kind": {"company": "公司"},
            "staff[].leads": {"yes": "组长", "no": "组员"},
            "experts": {"x": "王五"},
        },
    )
    for said in (
        "<td>组织情况</td>",
        "<td>类型</td><td>公司</td>",
        "<td>成立日期</td><td>—</td>",
        "<th>姓名</th><th>是否组长</th>",
        "<td>张三</td><td>组长</td>",
        "<td>专家</td><td>152、王五</td>",
        "<td>不符之处</td><td>—</td>",
        "<td>声明</td><td>声明.pdf</td>",
    ):
        assert said in told
    assert "{" not in told.partition("</style>")[2]
