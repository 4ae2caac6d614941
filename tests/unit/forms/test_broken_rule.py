"""A rule of a whole form leads to the field that somebody has to change."""

from __future__ import annotations

import json

import pytest

from service.domain.forms import Form, compile_form
from service.web.forms import render_form
from tests.support.tree import project_tree

from .conftest import TODAY

TREE = project_tree()
ONE = {"case": 1, "name": "甲"}
OTHER = {"case": 2, "name": "乙"}
BOTH = {"rows": [ONE, OTHER]}


def _bundled(path: str) -> Form:
    return compile_form(json.loads(TREE[f"forms/{path}.json"]))


@pytest.mark.parametrize(
    ("path", "typed", "stored", "said", "leads_to"),
    [
        (
            "urumqi/stage_list",
            {"rows": [{**ONE, "go_on": True}, {**OTHER, "go_on": False}]},
            BOTH,
            "未进入下一环节的组织须写明理由。",
            "rows.1.reason",
        ),
        ("urumqi/suggested_list", {"rows": []}, {"rows": []}, "名单为空的须说明空缺原因。", "vacancy_reason"),
        (
            "yining/qualification_confirmation",
            {"rows": [{**ONE, "confirmed": False}]},
            {"rows": [ONE]},
            "有不予确认的，须写明理由。",
            "reason",
        ),
        (
            "shared/government_decision",
            {"decision": "approve", "rows": [{**ONE, "approved": True}, {**OTHER, "approved": False}]},
            BOTH,
            "全部批准时不能取消勾选；要划去个别组织请选“批准，并划去个别组织”。",
            "rows.1.approved",
        ),
        (
            "shared/government_decision",
            {"decision": "approve", "decided_on": "2026-03-01", "rows": []},
            {"rows": [], "notices_over": "2026-03-05"},
            "决定日期不能早于公示期满：公示期满后方可审定。",
            "decided_on",
        ),
        (
            "urumqi/qualification_review",
            {"qualification_decision": "pass", "conditions": "met", "completeness": "incomplete"},
            {},
            "三项均合格才能推送有关部门。",
            "procedure",
        ),
        (
            "urumqi/misuse_start",
            {"kind": "product_label", "found_on": "2026-06-02", "facts": "产品标签使用标识"},
            {},
            "发现日期不能晚于今日。",
            "found_on",
        ),
        (
            "kizilsu/misuse_report",
            {"misuse_types": ["sale_or_rental"], "found_on": "2026-06-02", "facts": "将奖牌出租给门店。"},
            {},
            "发现日期不能晚于今日。",
            "found_on",
        ),
    ],
)
def test_a_broken_rule_leads_to_a_field_that_is_on_the_page(
    path: str, typed: dict[str, object], stored: dict[str, object], said: str, leads_to: str
) -> None:
    form = _bundled(path)
    found = form.check(typed, today=TODAY, stored=stored).errors
    assert leads_to in [error.path for error in found if error.text.zh == said]
    page = render_form(form, typed, found, today=TODAY, stored=stored)
    ident = f"f-{leads_to.replace('.', '-')}"
    assert f'href="#{ident}"' in page
    assert f'id="{ident}"' in page


def _errors(form: Form, typed: dict[str, object]) -> dict[str, str]:
    return {error.path: error.text.zh for error in form.check(typed, today=TODAY).errors}


FIELDS = [
    {"type": "textfield", "id": "f_a", "key": "a", "label": "甲项"},
    {"type": "textfield", "id": "f_b", "key": "b", "label": "乙项", "conditional": {"hide": '=a = "关"'}},
    {"type": "textfield", "id": "f_c", "key": "c", "label": "丙项", "readonly": True},
]


def _of(rule: str, **group: object) -> Form:
    inner = {"type": "group", "id": "g", "label": "一", "components": FIELDS, **group}
    ruled = {"rule": rule, "ruleMessage": "不行。"}
    if group:
        return compile_form({"id": "f", "components": [{**inner, "properties": ruled}]})
    return compile_form({"id": "f", "components": [inner], "properties": ruled})


@pytest.mark.parametrize(
    ("rule", "typed", "leads_to"),
    [
        ("a = b", {"a": "1", "b": "2"}, "b"),
        ("a != null and b != null", {"b": "2"}, "a"),
        ("a != \"关\" or b != null", {"a": "关"}, "a"),
        ("c != null", {}, ""),
    ],
)  # fmt: skip
def test_neither_hidden_nor_shut_fields_are_led_to(rule: str, typed: dict[str, object], leads_to: str) -> None:
    assert _errors(_of(rule), typed) == {leads_to: "不行。"}


def test_a_rule_of_a_group_leads_to_its_field() -> None:
    assert _errors(_of("a = b", showOutline=True), {"a": "1", "b": "2"}) == {"b": "不行。"}
