""""""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date

from service.domain.forms import Form, compile_form

from .conftest import TODAY


def errors(form: Form, submission: dict, **more: object) -> dict[str, str]:
    return {error.path: error.text.zh for error in form.check(submission, today=TODAY, **more).errors}


def test_a_good_submission_is_kept_with_everything_recomputed(form: Form, good: dict) -> None:
    result = form.check(good, today=TODAY)
    assert result.errors == []
    assert result.values["revenue_total"] == 3000
    assert [row["margin"] for row in result.values["finance"]] == [12.34, 12.34]
    assert result.values["finance"][0]["profit"] == 123.45
    assert result.values["org"]["founded"] == "2001-05-06"


def test_every_broken_rule_has_its_own_sentence(form: Form, good: dict) -> None:
    bad = deepcopy(good)
    bad["org"].update(
        email="abc", kind="zzz", previous="短", credit_code="1", name=" ", phone="12", founded="2030-01-01"
    )
    bad["finance"][0]["revenue"] = -1
    bad["finance"][1]["profit"] = 1.234
    bad["promise"] = False
    found = errors(form, bad)
    assert found["org.email"].startswith("请填写有效的电子邮箱")
    assert found["org.kind"].startswith("所选内容不在选项中")
    assert found["org.previous"] == "至少 5 个字，现有 1 个。"
    assert found["org.credit_code"] == "请输入 18 位统一社会信用代码"
    assert found["org.name"] == "请填写“组织名称”。"
    assert found["org.phone"].startswith("请填写有效的电话号码")
    assert found["org"] == "成立日期须早于今天。"
    assert found["finance.0.revenue"] == "不能小于 0。"
    assert found["finance.1.profit"] == "最多保留 2 位小数。"
    of_promise = [e.text.zh for e in form.check(bad, today=TODAY).errors if e.path == "promise"]
    assert of_promise[0].startswith("请勾选")
    assert of_promise[1] == "曾申报的组织须先作出承诺。"


def test_unknown_keys_are_errors_wherever_they_stand(form: Form, good: dict) -> None:
    good["x"] = 1
    good["org"]["hack"] = 1
    good["finance"][0]["hack"] = 1
    assert {"x", "org.hack", "finance.0.hack"} <= set(errors(form, good))


def test_a_hidden_field_is_dropped_and_not_required(form: Form, good: dict) -> None:
    good["org"].update(applied_before="no", previous="x")
    result = form.check(good, today=TODAY)
    assert result.errors == []
    assert "previous" not in result.values["org"]


def test_rows_are_counted_compared_and_capped(form: Form, good: dict) -> None:
    good["finance"][1]["year"] = 2023
    assert errors(form, good)["finance.1.year"].startswith("第 2 行与第 1 行重复")
    good["finance"][1]["year"] = 2010
    assert errors(form, good)["finance"] == "各年度相差不能超过五年。"
    assert errors(form, {**good, "finance": []})["finance"] == "至少 1 行，现有 0 行。"
    many = [{"year": 2000 + n, "revenue": 1, "profit": 1} for n in range(100_000)]
    said = [error.text.zh for error in form.check({**good, "finance": many}, today=TODAY).errors]
    assert "最多 5 行。" in said


def test_only_what_is_not_there_is_called_missing(form: Form, good: dict) -> None:
    """Programs tell by the code whether to add something or to change what they sent."""

    def codes(values: dict) -> dict[str, str]:
        return {error.path: error.code for error in form.check(values, today=TODAY).errors}

    assert codes({**good, "finance": []})["finance"] == "missing"
    good["finance"][1]["year"] = 2023
    assert codes(good)["finance.1.year"] == "wrong"
    good["finance"][1]["year"] = 2010
    assert codes(good)["finance"] == "rule"


def test_wrong_shapes_are_errors_not_crashes(form: Form, good: dict) -> None:
    for key, value in (("org", "x"), ("org", [1]), ("finance", {"0": 1}), ("finance", ["x"]), ("licence", "x")):
        assert errors(form, {**good, key: value})
    for value in ([], {}, True, "NaN", "1e9999999", "９" * 50, "\x00"):
        good["finance"][0]["revenue"] = value
        assert "finance.0.revenue" in errors(form, good)


def test_withheld_fields_keep_what_is_stored(form: Form, good: dict) -> None:
    submission = deepcopy(good)
    submission["org"]["phone"] = "138****0000"
    result = form.check(submission, today=TODAY, stored=good, withheld=["org.phone"])
    assert result.errors == []
    assert result.values["org"]["phone"] == "13800000000"


def test_rows_with_withheld_fields_keep_their_number(form: Form, good: dict) -> None:
    submission = deepcopy(good)
    del submission["finance"][0]
    found = errors(form, submission, stored=good, withheld=["finance[].profit"])
    assert "不能增删行" in found["finance"]


def test_readonly_values_come_from_what_is_stored() -> None:
    form = compile_form(
        {
            "id": "f",
            "components": [
                {"id": "a", "type": "textfield", "key": "a", "readonly": True},
                {"id": "b", "type": "textfield", "key": "b", "disabled": '=c = "locked"'},
                {"id": "c", "type": "textfield", "key": "c"},
                {"id": "d", "type": "expression", "key": "d", "expression": "=a + b"},
            ],
        }
    )
    stored = {"a": "old", "b": "kept"}
    locked = form.check({"a": "hack", "b": "hack", "c": "locked"}, today=TODAY, stored=stored)
    assert locked.values == {"a": "old", "b": "kept", "c": "locked", "d": "oldkept"}
    assert locked.state.unasked == [("a",), ("b",)]
    assert form.check({**stored, "c": "locked"}, today=TODAY, stored=stored).state.unasked == [], (
        "it comes back as it was"
    )
    open_ = form.check({"a": "hack", "b": "new", "c": ""}, today=TODAY, stored=stored)
    assert open_.values == {"a": "old", "b": "new", "c": None, "d": "oldnew"}


def test_fixed_rows_are_as_many_as_are_stored() -> None:
    question = {"id": "q", "type": "textfield", "key": "q", "readonly": True}
    answer = {"id": "a", "type": "textfield", "key": "a"}
    rows = {"id": "r", "type": "dynamiclist", "path": "r", "allowAddRemove": False, "defaultRepetitions": 0}
    form = compile_form({"id": "f", "components": [{**rows, "components": [question, answer]}]})
    stored = {"r": [{"q": "甲？"}, {"q": "乙？"}]}
    found = form.check({"r": [{"a": "1"}, {"a": "2", "q": "hack"}]}, today=TODAY, stored=stored)
    assert found.errors == []
    assert found.values["r"] == [{"q": "甲？", "a": "1"}, {"q": "乙？", "a": "2"}]
    assert errors(form, {"r": [{"a": "1"}]}, stored=stored) == {"r": "应为 2 行，现有 1 行。"}
    assert errors(form, {"r": [{"a": "1"}]}) == {"r": "应为 0 行，现有 1 行。"}


def test_what_was_entered_beside_rows_that_left_meanwhile_stands_beside_no_other_name() -> None:
    name = {"id": "n", "type": "textfield", "key": "name", "readonly": True}
    chosen = {"id": "c", "type": "checkbox", "key": "chosen"}
    rows = {"id": "r", "type": "dynamiclist", "path": "r", "allowAddRemove": False, "defaultRepetitions": 0}
    form = compile_form({"id": "f", "components": [{**rows, "components": [name, chosen]}]})
    seen = {"r": [{"chosen": False}, {"chosen": True}, {"chosen": False}]}  # 甲、乙、丙; 乙 leaves meanwhile
    stored = {"r": [{"name": "甲", "chosen": False}, {"name": "丙", "chosen": False}]}
    found = form.check(seen, today=TODAY, stored=stored)
    assert [(error.path, error.text.zh) for error in found.errors] == [
        ("r", "应为 2 行，现有 3 行：名单已有变动，请按现在的名单重新填写。")
    ]
    assert found.values["r"] == stored["r"], "what is drawn anew is the list as it is, and can be sent"
    assert errors(form, stored, stored=stored) == {}


def test_conditions_settle_through_chains_and_loops_are_said() -> None:
    def field(ident: str, hide: str) -> dict:
        return {"id": ident, "type": "textfield", "key": ident, "conditional": {"hide": hide}}

    chain = compile_form(
        {"id": "f", "components": [field("a", "=b = null"), field("b", "=c = null"), field("c", "=false")]}
    )
    assert chain.check({"a": "1", "b": "2"}, today=TODAY).values == {"c": None}
    assert chain.check({"a": "1", "b": "2", "c": "3"}, today=TODAY).values == {"a": "1", "b": "2", "c": "3"}
    for typed in ({}, {"a": "1"}, {"a": "1", "b": "2"}):  # nothing changes in the second round, or in the third
        state = chain.state(typed, today=TODAY)
        assert (state.hidden, state.values) == ({((), "a"), ((), "b")}, {"a": None, "b": None, "c": None})
        assert state.settled
    row = {"id": "l", "type": "dynamiclist", "path": "r", "components": [field("a", '=get value(this, "a") != null')]}
    loop = compile_form({"id": "f", "components": [row]})
    assert not loop.state({"r": [{"a": "1"}]}, today=TODAY).settled
    assert "互相依赖" in errors(loop, {"r": [{"a": "1"}]})[""]


def test_outside_values_are_read_where_declared() -> None:
    form = compile_form(
        {
            "id": "f",
            "properties": {"variables": "quota"},
            "components": [{"id": "n", "type": "number", "key": "n", "validate": {"max": "=quota"}}],
        }
    )
    assert errors(form, {"n": 4}, stored={"quota": 3}) == {"n": "不能大于 3。"}
    assert errors(form, {"n": 4}, stored={}) == {}


def _numbered(kind: str) -> Form:
    code = {"type": "textfield", "id": "field_code", "key": "code", "label": "号码", "properties": {"check": kind}}
    return compile_form({"type": "default", "id": "n", "schemaVersion": 19, "components": [code]})


def test_a_number_is_refused_when_its_check_sign_is_wrong() -> None:
    assert errors(_numbered("credit_code"), {"code": "91350100M000100Y43"}) == {}
    assert "校验位不对" in errors(_numbered("credit_code"), {"code": "91350100M000100Y44"})["code"]
    assert "这是公民身份号码" in errors(_numbered("credit_code"), {"code": "430407199312020025"})["code"]
    assert errors(_numbered("identity_number"), {"code": "11010519491231002X"}) == {}
    assert "校验位不对" in errors(_numbered("identity_number"), {"code": "110105194912310021"})["code"]


def test_a_field_is_asked_for_only_while_its_condition_holds() -> None:
    paper = {"type": "checkbox", "id": "field_paper", "key": "paper", "label": "纸质"}
    report = {"type": "textfield", "id": "field_report", "key": "report", "label": "自评报告"}
    report["properties"] = {"requiredIf": "paper != true"}
    form = compile_form({"type": "default", "id": "r", "schemaVersion": 19, "components": [paper, report]})
    assert errors(form, {"paper": False}) == {"report": "请填写“自评报告”。"}
    assert errors(form, {"paper": True}) == {}


def test_rows_repeat_one_another_whatever_the_width_of_brackets_and_letters() -> None:
    name = {"id": "n", "type": "textfield", "key": "name"}
    form = compile_form(
        {"id": "f", "components": [{"id": "l", "type": "dynamiclist", "path": "rows", "components": [name],
                                    "properties": {"unique": "name"}}]}
    )  # fmt: skip
    typed = {"rows": [{"name": "甲(集团)ABC公司"}, {"name": "甲（集团） Abc公司"}, {"name": "乙"}]}
    assert [*errors(form, typed)] == ["rows.1.name"]


THAT_DAY = date(2026, 6, 1)


def computed(key: str, formula: str, **more: object) -> dict[str, object]:
    return {"type": "expression", "id": key, "key": key, "expression": f"={formula}", **more}


def number(key: str) -> dict[str, object]:
    return {"type": "number", "id": key, "key": key, "label": key}


def kept(components: list[dict[str, object]], values: Mapping[str, object]) -> Mapping[str, object]:
    return compile_form({"id": "f", "components": components}).check(values, today=THAT_DAY).values


def test_what_is_computed_follows_what_it_uses_wherever_that_stands() -> None:
    form = [computed("third", "second + 1"), computed("second", "first * 10"), computed("first", "n + 1"), number("n")]
    assert kept(form, {"n": 2}) == {"n": 2, "first": 3, "second": 30, "third": 31}


def test_a_sum_follows_what_is_computed_in_the_rows() -> None:
    rows = {
        "type": "dynamiclist",
        "id": "rows",
        "path": "rows",
        "components": [number("n"), computed("twice", "n * 2"), computed("share", "twice / parent.all")],
    }
    form = [computed("all", "sum(rows.twice)"), rows]
    found = kept(form, {"rows": [{"n": 1}, {"n": 3}]})
    assert found["all"] == 8
    assert [row["share"] for row in found["rows"]] == [0.25, 0.75]  # type: ignore[attr-defined]


def test_what_is_hidden_by_something_computed_is_no_longer_counted() -> None:
    hidden = {**number("b"), "conditional": {"hide": "=large"}}
    form = [number("a"), hidden, computed("large", "a > 5"), computed("sum", "a + (if b = null then 0 else b)")]
    assert kept(form, {"a": 1, "b": 2})["sum"] == 3
    assert kept(form, {"a": 6, "b": 2})["sum"] == 6


def test_a_circle_ends() -> None:
    form = [number("n"), computed("a", "if b = null then n else b"), computed("b", "a")]
    assert kept(form, {"n": 7}) == {"n": 7, "a": 7, "b": 7}
