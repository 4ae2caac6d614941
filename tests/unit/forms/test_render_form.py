"""What people see and what assistive technology hears, read from the pages themselves."""

from __future__ import annotations

from copy import deepcopy

import pytest
from lxml import html
from werkzeug.datastructures import MultiDict

from service.domain.forms import Form, ReadableForm, compile_form
from service.web.forms import FormUrls, render_form, render_readable

from .conftest import TODAY

URLS = FormUrls("/refresh", "/upload", "/files/{id}")


def page(form: Form, values: dict, errors: list | tuple = (), **more: object) -> html.HtmlElement:
    return html.fromstring(str(render_form(form, values, errors, today=TODAY, urls=URLS, **more)))


def read_page(form: Form, values: dict, *, revealed: bool = False, printing: bool = False) -> html.HtmlElement:
    read = ReadableForm(form, values, TODAY, {}, revealed=revealed)
    return html.fromstring(str(render_readable(read, urls=URLS, printing=printing)))


def one(element: html.HtmlElement, path: str) -> html.HtmlElement:
    found = element.xpath(path)
    assert len(found) == 1, (path, len(found))
    return found[0]


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def posted(element: html.HtmlElement) -> MultiDict:
    """Return what a browser would post when the form of the page is submitted."""
    form = html.fragment_fromstring("<form></form>")
    form.append(element)
    return MultiDict([(name, value) for name, value in form.form_values() if value is not None])


def test_every_field_has_a_label_and_is_described_by_what_is_there(form: Form, good: dict) -> None:
    root = page(form, good)
    for control in root.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        named = (
            control.get("aria-label")
            or root.xpath(f"//label[@for='{control.get('id')}']")
            or control.xpath("ancestor::label")
        )
        assert named, html.tostring(control)
        for target in (control.get("aria-describedby") or "").split():
            one(root, f"//*[@id='{target}']")
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("zone", ["utc_offset", "utc_normalized"])
@pytest.mark.parametrize("kept", ["2026-05-26T17:30Z", "2026-05-26T17:30:00+00:00", "2026-05-27T01:30+08:00"])
def test_a_moment_is_shown_in_china_and_comes_back_as_it_was(zone: str, kept: str) -> None:
    moment = {"id": "a", "type": "datetime", "key": "a", "label": "甲", "subtype": "datetime"}
    form = compile_form({"id": "f", "components": [{**moment, "timeSerializingFormat": zone}]})
    drawn = page(form, {"a": kept})
    assert one(drawn, "//input[@name='a']").get("value") == "2026-05-27 01:30"
    again = form.check(form.from_html(posted(drawn)), today=TODAY).values["a"]
    assert again == {"utc_offset": "2026-05-27T01:30+08:00", "utc_normalized": "2026-05-26T17:30Z"}[zone]
    assert "01:30" in words(read_page(form, {"a": kept}))


def test_whoever_fills_in_personal_data_reads_what_for() -> None:
    said = {"personal": "true", "purpose": "送达通知", "purpose_en": "to deliver notices", "help": "常用的邮箱。"}
    asked = compile_form(
        {"id": "reach", "components": [{"type": "textfield", "key": "mail", "label": "邮箱", "properties": said}]}
    )
    root = page(asked, {})
    control = one(root, "//input[@name='mail']")
    described = [words(one(root, f"//*[@id='{each}']")) for each in control.get("aria-describedby").split()]
    assert "常用的邮箱。 用途：送达通知" in described
    assert "Purpose: to deliver notices" in words(page(asked, {}, language="en"))


def test_errors_stand_beside_the_field_and_in_a_summary_that_leads_there(form: Form, good: dict) -> None:
    bad = deepcopy(good)
    bad["org"]["name"] = ""
    bad["finance"][1]["revenue"] = "很多"
    root = page(form, bad, form.check(bad, today=TODAY).errors)
    summary = one(root, "//*[@class='error-summary' and @role='alert']")
    links = {link.get("href"): words(link) for link in summary.xpath(".//a")}
    assert links["#f-org-name"] == "请填写“组织名称”。"
    assert links["#f-finance-1-revenue"] == "二、近三年财务数据（万元） 第 2 行 营业收入：请填写数字，如 1234.5。"
    wrong = one(root, "//input[@id='f-finance-1-revenue']")
    assert wrong.get("aria-invalid") == "true"
    assert wrong.get("value") == "很多"
    assert wrong.get("aria-describedby") == "f-finance-1-revenue-error"
    for href in links:
        one(root, f"//*[@id='{href[1:]}']")


def test_a_hidden_field_is_not_drawn_but_what_was_typed_is_kept(form: Form, good: dict) -> None:
    good["org"]["applied_before"] = "no"
    root = page(form, good)
    assert not root.xpath("//textarea")
    region = one(root, "//*[@id='r-org-f_prev']")
    assert region.get("hidden") is not None
    assert one(region, ".//input").get("value") == "曾于去年申报未获奖"
    good["org"]["applied_before"] = "yes"
    assert one(page(form, good), "//textarea").text == "曾于去年申报未获奖"


def test_an_added_row_takes_the_focus(form: Form, good: dict) -> None:
    good["finance"].append({})
    assert one(page(form, good, focus="finance.2"), "//*[@autofocus]").get("name") == "finance.2.year"


@pytest.mark.parametrize(("kind", "marked"), [("a", ""), ("b", "必填")])
def test_what_a_row_asks_for_only_sometimes_is_marked_there_and_keeps_its_column(kind: str, marked: str) -> None:
    column = {"type": "textfield", "validate": {"required": True}}
    columns = [{**column, "id": key, "key": key, "label": label} for key, label in zip("kde", "种日情", strict=True)]
    columns[1]["conditional"] = {"hide": '=this.k != "b"'}
    rows = {"type": "dynamiclist", "id": "ties", "path": "ties", "label": "关系", "components": columns}
    form, values = compile_form({"id": "f", "components": [rows]}), {"ties": [{"k": kind, "d": "一", "e": "二"}]}
    root = page(form, values)
    assert [words(head) for head in root.xpath("//th")] == ["种 必填", "日", "情 必填"]
    assert root.xpath("//td/@data-label") == ["种（必填）", "日", "情（必填）"]
    assert words(one(root, "//td[@data-label='日']")) == marked
    cells = [words(cell) for cell in read_page(form, values).xpath("//td")]
    assert cells == [kind, "一" if marked else "", "二"]


def test_enter_presses_nothing_that_changes_the_form(form: Form, good: dict) -> None:
    first = page(form, good).xpath("//button[not(@type='button')]")[0]
    assert first.get("name") == "_refresh"


def test_reading_shows_words_and_masks_what_is_personal(form: Form, good: dict) -> None:
    values = form.check(good, today=TODAY).values
    root = read_page(form, values)
    said = words(root)
    assert not root.xpath("//input | //select | //textarea | //button")
    assert "138****0000" in said
    assert "13800000000" not in html.tostring(root, encoding="unicode")
    assert "服务业" in said
    assert "2001年5月6日（周日）" in said
    assert "三年营业收入合计：3000 万元" in said
    assert one(root, "//a[@class='file-name']").get("href") == "/files/a1"


def test_a_value_that_is_told_beside_the_form_is_not_masked_in_it(form: Form, good: dict) -> None:
    read = ReadableForm(form, form.check(good, today=TODAY).values, TODAY, {})
    told = read.read_beside("请致电13800000000")
    assert len(read.masked_paths - told.masked_paths) == 1
    assert "13800000000" in words(html.fromstring(str(render_readable(told, urls=URLS))))


def test_a_trade_secret_cannot_be_worked_out_from_what_is_computed(form: Form, good: dict) -> None:
    values = form.check(good, today=TODAY).values
    shut = words(read_page(form, values))
    assert "123.45" not in shut
    assert "12.34" not in shut
    assert "12.34 %" in words(read_page(form, values, revealed=True, printing=True))


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}"])
def test_nothing_entered_becomes_markup(payload: str) -> None:
    form = compile_form(
        {
            "id": "f",
            "components": [
                {"id": "a", "type": "textfield", "key": "a", "label": payload},
                {"id": "b", "type": "textarea", "key": "b"},
                {"id": "t", "type": "text", "text": "**{{a}}** [x](javascript:alert(1))"},
                {
                    "id": "g",
                    "type": "dynamiclist",
                    "path": "g",
                    "components": [{"id": "c", "type": "textfield", "key": "c"}],
                },
            ],
        }
    )
    values = {"a": payload, "b": payload, "g": [{"c": payload}]}
    for root in (page(form, values), read_page(form, values, revealed=True)):
        assert not root.xpath("//script | //img | //*[@onerror] | //a[starts-with(@href, 'javascript')]")
        assert payload in root.text_content()


def test_a_choice_that_offers_what_another_field_chose_is_made_with_it() -> None:
    places = [{"value": one, "label": one} for one in ("north", "south", "outside")]
    units = '=for u in ["north", "south", "zone"] return if u = place or u = "zone" then {label: u, value: u} else null'
    components = [
        {"id": "p", "type": "select", "key": "place", "label": "地", "values": places},
        {"id": "u", "type": "select", "key": "unit", "label": "单位", "valuesExpression": units},
    ]
    form = compile_form({"id": "f", "components": components})

    def unit(**values: str) -> object:
        return form.with_alike(values, today=TODAY)["unit"]

    assert unit(place="north", unit="") == "north"
    assert unit(place="south", unit="north") == "south", "what was chosen before is offered no more"
    assert unit(place="south", unit="zone") == "zone", "who chose stays with it"
    assert unit(place="outside", unit="") == "", "nothing offers that"


def test_what_was_chosen_from_a_register_is_read_as_it_was_called() -> None:
    expert = {"type": "select", "key": "expert", "label": "专家", "valuesExpression": "=candidates"}
    pairs = {"type": "dynamiclist", "id": "r", "path": "pairs", "label": "搭档", "components": [{**expert, "id": "x"}]}
    components = [{**expert, "id": "e"}, pairs]
    form = compile_form({"id": "f", "properties": {"variables": "candidates"}, "components": components})
    register = [{"value": str(number), "label": name} for number, name in enumerate("甲乙丙", start=117)]
    values = {"expert": "117", "pairs": [{"expert": "118"}, {"expert": "117"}]}
    assert "117" in words(read_page(form, values))
    chosen = form.list_chosen_words(form.state(values, today=TODAY, stored={"candidates": register}))
    assert {path: [word["label"] for word in each] for path, each in chosen.items()} == {
        "expert": ["甲"],
        "pairs[].expert": ["乙", "甲"],
    }
    shown = words(read_page(form.with_chosen(chosen), values))
    assert (shown.count("甲"), shown.count("乙"), "11" in shown) == (2, 1, False)
