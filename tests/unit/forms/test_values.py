"""Every kind of field and every rule that form-js can set on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.domain.forms import FormCheck

One = Callable[..., FormCheck]
YES_NO = [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}]


@pytest.mark.parametrize(
    ("component", "entered", "kept"),
    [
        ({"type": "textfield"}, "  甲\n", "甲"),
        ({"type": "textfield"}, "甲\x0b公司", "甲公司"),
        ({"type": "textfield", "validate": {"validationType": "phone"}}, "（0991）1234567", "0991-1234567"),
        ({"type": "textarea"}, "a\r\nb", "a\nb"),
        ({"type": "textfield"}, "   ", None),
        ({"type": "textfield"}, "\u3164\u2800\uffa0", None),  # signs that look like nothing
        ({"type": "number"}, 12, 12),
        ({"type": "number"}, "12.50", 12.5),
        ({"type": "number"}, 0.1, 0.1),
        ({"type": "number"}, 0, 0),
        ({"type": "number", "serializeToString": True}, 12, "12"),
        ({"type": "checkbox"}, False, False),
        ({"type": "checkbox"}, None, None),
        ({"type": "checkbox", "properties": {"unticked": "false"}}, None, False),
        ({"type": "checkbox", "properties": {"unticked": "false"}}, True, True),
        ({"type": "checkbox", "properties": {"unticked": "false"}, "readonly": True}, True, None),
        ({"type": "checkbox"}, "true", True),
        ({"type": "radio", "values": YES_NO}, "yes", "yes"),
        ({"type": "select", "values": YES_NO}, "", None),
        ({"type": "checklist", "values": YES_NO}, ["yes", "no"], ["yes", "no"]),
        ({"type": "taglist", "values": YES_NO}, [], None),
        ({"type": "select", "valuesExpression": '=["a", {"label": "乙", "value": "b"}]'}, "b", "b"),
        ({"type": "datetime", "subtype": "date"}, "2026-05-26", "2026-05-26"),
        ({"type": "datetime", "subtype": "time"}, "09:30+08:00", "09:30+08:00"),
        ({"type": "datetime", "subtype": "datetime"}, "2026-05-26T09:30+08:00", "2026-05-26T09:30+08:00"),
        (
            {"type": "datetime", "subtype": "datetime", "timeSerializingFormat": "utc_normalized"},
            "2026-05-26T09:30+08:00",
            "2026-05-26T01:30Z",
        ),
        (
            {"type": "datetime", "subtype": "datetime", "timeSerializingFormat": "no_timezone"},
            "2026-05-26T09:30",
            "2026-05-26T09:30",
        ),
        ({"type": "upload"}, [{"id": "a", "name": "b.pdf", "size": "3"}], [{"id": "a", "name": "b.pdf", "size": 3}]),
        ({"type": "textfield", "validate": {"pattern": "^[\\u4e00-\\u9fa5]+$"}}, "质量奖", "质量奖"),
        ({"type": "textfield", "validate": {"pattern": "\\$$"}}, "a$", "a$"),
        ({"type": "textfield", "validate": {"pattern": "^(a+)+$"}}, "a" * 1500, "a" * 1500),
    ],
)
def test_a_good_value_is_kept(one: One, component: dict, entered: object, kept: object) -> None:
    result = one(component, entered)
    assert result.errors == []
    assert result.values == {"k": kept}


CODE = {"type": "textfield", "properties": {"check": "credit_code"}}
IDENTITY = {"type": "textfield", "properties": {"check": "identity_number"}}


@pytest.mark.parametrize(
    ("component", "entered", "stored"),
    [
        ({"type": "textfield", "validate": {"pattern": "^\\d{3}$"}}, "１２３\u200b", "123"),
        ({"type": "textfield", "validate": {"pattern": "^[A-Z]\\d{3}$"}}, "ａ 123", "A123"),
        ({"type": "textfield"}, "（甲）\u200b有限公司\ufeff", "（甲）有限公司"),
        ({"type": "textarea"}, "一\x0b二\u2028三", "一\n二\n三"),
        ({"type": "textfield", "validate": {"validationType": "email"}}, "　ａ@b.cn\u200b", "a@b.cn"),
        ({"type": "textfield", "validate": {"validationType": "phone"}}, "１３８ 0000 0000", "13800000000"),
        ({"type": "textfield", "validate": {"validationType": "phone"}}, "010－12345678", "010-12345678"),
        (CODE, " 91350100m000100y43", "91350100M000100Y43"),
        (CODE, "９１３５０１００Ｍ０００１００Ｙ４３", "91350100M000100Y43"),
        (CODE, "9135 0100 M000\u200b 100Y43", "91350100M000100Y43"),
        (IDENTITY, "11010519491231002x", "11010519491231002X"),
        (IDENTITY, "11010519491231002Ｘ", "11010519491231002X"),
    ],
)
def test_signs_are_brought_to_plain_ones_before_they_are_judged(
    one: One, component: dict, entered: str, stored: str
) -> None:
    found = one(component, entered)
    assert (list(found.errors), found.values) == ([], {"k": stored})


@pytest.mark.parametrize(
    ("component", "entered", "says"),
    [
        ({"type": "textfield", "validate": {"required": True}}, "   ", "请填写“甲”。"),
        ({"type": "select", "values": YES_NO, "validate": {"required": True}}, None, "请选择“甲”。"),
        ({"type": "upload", "validate": {"required": True}}, [], "请上传“甲”。"),
        ({"type": "checkbox", "validate": {"required": True}}, False, "请勾选“甲”。"),
        ({"type": "textfield"}, 5, "应为文字。"),
        ({"type": "textfield"}, "a\x00b", "含有无法显示的字符"),
        ({"type": "textfield"}, "字" * 3000, "超过 2000 个字"),
        ({"type": "textfield", "validate": {"minLength": 3}}, "ab", "至少 3 个字"),
        ({"type": "textfield", "validate": {"maxLength": "=1+1"}}, "abc", "最多 2 个字"),
        ({"type": "textfield", "validate": {"pattern": "^\\d{3}$"}}, "1234", "格式不符合要求"),
        ({"type": "textfield", "validate": {"pattern": ".*.*.*.*x"}}, "a" * 900, "格式不符合要求"),
        ({"type": "textfield", "validate": {"validationType": "email"}}, "a@b", "电子邮箱"),
        ({"type": "textfield", "validate": {"validationType": "phone"}}, "1234", "电话号码"),
        ({"type": "number"}, "abc", "请填写数字"),
        ({"type": "number"}, True, "请填写数字"),
        ({"type": "number", "validate": {"min": 1}}, 0, "不能小于 1。"),
        ({"type": "number", "validate": {"max": "9.5"}}, 10, "不能大于 9.5。"),
        ({"type": "number", "increment": 5}, 12, "应为 5 的倍数。"),
        ({"type": "number", "decimalDigits": 0}, 1.5, "请填写整数。"),
        ({"type": "radio", "values": YES_NO}, "maybe", "不在选项中"),
        ({"type": "checklist", "values": YES_NO}, ["yes", "yes"], "不在选项中"),
        ({"type": "checklist", "values": YES_NO}, "yes", "请从选项中选择"),
        ({"type": "datetime", "subtype": "date"}, "2026-02-30", "存在的日期"),
        ({"type": "datetime", "subtype": "date"}, "0026-02-03", "1900 至 2200"),
        ({"type": "datetime", "subtype": "date", "disallowPassedDates": True}, "2026-05-31", "不能早于今天"),
        ({"type": "datetime", "subtype": "time"}, "25:00", "请填写时间"),
        ({"type": "datetime", "subtype": "datetime"}, "2026-05-26T09:30", "日期和时间"),
        ({"type": "upload"}, [{"id": "a"}], "附件信息不完整"),
        (
            {"type": "upload", "properties": {"maxCount": "1"}},
            [{"id": "a", "name": "a", "size": 1}, {"id": "b", "name": "b", "size": 1}],
            "最多 1 个文件。",
        ),
    ],
)
def test_a_bad_value_gets_a_sentence(one: One, component: dict, entered: object, says: str) -> None:
    found = one(component, entered).errors
    assert [error.path for error in found] == ["k"]
    assert says in found[0].text.zh
