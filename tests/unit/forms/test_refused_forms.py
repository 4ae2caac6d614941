"""Forms that the server could not check fully are refused when they are saved."""

from __future__ import annotations

import pytest

from service.domain.forms import FormRefused, compile_form

FIELD = {"id": "x", "key": "k", "type": "textfield"}
LIST = {"id": "x", "type": "dynamiclist", "path": "rows"}


@pytest.mark.parametrize(
    ("component", "says"),
    [
        ({"type": "html"}, "不能由服务器检查"),
        ({"type": "iframe"}, "不能由服务器检查"),
        ({"type": "filepicker"}, "附件上传"),
        ({"type": "select", "valuesKey": "v"}, "valuesKey"),
        ({"type": "select", "values": []}, "没有选项"),
        ({"type": "radio", "values": [{"value": "a"}, {"value": "a"}]}, "重复"),
        ({"validate": {"nope": 1}}, "nope"),
        ({"validate": {"min": "abc"}}, "应为数字"),
        ({"validate": {"min": "1e999999999"}}, "应为数字"),
        ({"validate": {"minLength": "=nobody"}}, "没有字段“nobody”"),
        ({"validate": {"minLength": 5, "maxLength": 3}}, "没有一个答案能符合"),
        ({"type": "number", "validate": {"min": 10, "max": 9.5}}, "没有一个答案能符合"),
        ({"validate": {"validationType": "passport"}}, "passport"),
        ({"validate": {"pattern": "(?=.*a)b"}}, "前瞻"),
        ({"validate": {"pattern": "[[:alpha:]]"}}, "前瞻"),
        ({"validate": {"pattern": "\\Qa.b"}}, "前瞻"),
        ({"validate": {"pattern": "a{1001}"}}, "无法识别"),
        ({"validate": {"pattern": "(?<x>a)"}}, "具名分组"),
        ({"validate": {"pattern": "\\p{Han}"}}, "具名分组"),
        ({"validate": {"pattern": "(a"}}, "无法识别"),
        ({"conditional": {"hide": "=x["}}, "表达式"),
        ({"conditional": {"hide": "=nowhere.x"}}, "没有字段“nowhere”"),
        ({"conditional": {"hide": "=frobnicate(1)"}}, "frobnicate"),
        ({"conditional": {"hide": "=nowhere.x"}}, "“隐藏条件”中的表达式不可用"),
        (
            {"type": "group", "properties": {"rule_2": "=nobody", "ruleMessage_2": "不行。"}},
            "“核对规则 2”中的表达式不可用",
        ),
        ({"conditional": {"show": "=true"}}, "show"),
        ({"readonly": "=ghost"}, "没有字段“ghost”"),
        ({"properties": {"personnal": "true"}}, "personnal"),
        ({"properties": {"personal": "perhaps"}}, "true 或 false"),
        ({"type": "upload", "properties": {"secret": "trade"}}, "应为“trade_secret”"),
        ({"type": "checkbox", "properties": {"unticked": "no"}}, "只能写 false"),
        ({"properties": {"unticked": "false"}}, "unticked"),
        ({"key": "a.b"}, "不能用作字段名"),
        ({"key": "this"}, "不能用作字段名"),
        ({"type": "datetime", "subtype": "week"}, "week"),
        ({"type": "number", "increment": 0}, "大于 0"),
        ({"type": "upload", "accept": "image/*"}, "不是扩展名"),
        ({"type": "expression", "expression": ""}, "缺少 expression"),
        ({"type": "text", "text": "{{#if a}}"}, "#if"),
        ({"type": "image", "source": "https://elsewhere.example/x.png"}, "本站地址"),
        ({"type": "group", "components": "x"}, "组件列表"),
        ({"type": "group", "properties": {"rule": "=true"}}, "“核对规则”没有提示（ruleMessage）"),
        ({**LIST, "properties": {"unique": "a"}}, "不存在的列"),
        ({**LIST, "isRepeating": False}, "必须可重复"),
        ({**LIST, "properties": {"minRows": "3", "maxRows": "2"}}, "互相矛盾"),
        ({**LIST, "components": [{"id": "r", "type": "textfield", "key": "r", "readonly": True}]}, "只读字段"),
    ],
)
def test_the_refusal_names_component_reason_and_remedy(component: dict, says: str) -> None:
    with pytest.raises(FormRefused) as refusal:
        compile_form({"id": "f", "components": [{**FIELD, **component}]})
    assert refusal.value.component in ("x", "r")
    assert says in refusal.value.message.zh
    assert refusal.value.remedy.zh
    assert refusal.value.message.en


def test_endless_nesting_is_refused() -> None:
    inner: dict = dict(FIELD)
    for depth in range(20):
        inner = {"id": f"g{depth}", "type": "group", "components": [inner]}
    with pytest.raises(FormRefused, match="嵌套"):
        compile_form({"id": "f", "components": [inner]})
