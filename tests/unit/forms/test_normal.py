"""What a field says where nothing is found, and filling in at once what nobody has answered."""

from __future__ import annotations

import json

import pytest
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from service.domain.forms import Form, FormRefused, compile_form
from service.web.forms import FormUrls, render_form
from tests.support.tree import project_tree

from .conftest import TODAY

LEVELS = [{"label": "符合", "value": "met"}, {"label": "不符合", "value": "not_met"}]


def _radio(key: str, normal: str = "met", **more: object) -> dict[str, object]:
    return {
        "type": "radio",
        "id": f"f_{key}",
        "key": key,
        "label": key,
        "values": LEVELS,
        "properties": {"normal": normal},
        **more,
    }


@pytest.fixture(scope="module")
def audit() -> Form:
    note = {"type": "textarea", "id": "f_note", "key": "note", "label": "意见", "properties": {"normal": "全部符合。"}}
    kept = {"type": "radio", "id": "f_site", "key": "site", "label": "实地", "values": LEVELS}
    hidden = _radio("rare", conditional={"hide": '=first = "met" or first = null'})
    second = {
        "type": "group",
        "id": "two",
        "label": "二",
        "path": "two",
        "components": [_radio("claim", '=if claimed = true then "met" else null'), _radio("shut", readonly=True)],
    }
    return compile_form({"id": "f", "properties": {"variables": "claimed"}, "components": [
        {"type": "group", "id": "one", "label": "一", "components": [_radio("first"), _radio("other"), kept, hidden]},
        second, note]})  # fmt: skip


def _pressed(form: Form, within: str, typed: dict[str, str], claimed: object = True) -> dict[str, object]:
    posted = MultiDict({**typed, "_normal": within})
    return form.with_normal(form.from_html(posted), posted, today=TODAY, stored={"claimed": claimed})


def test_all_in_order_fills_in_every_blank_finding_and_then_the_sentence(audit: Form) -> None:
    assert _pressed(audit, "*", {}) == {"first": "met", "other": "met", "two": {"claim": "met"}, "note": "全部符合。"}


def test_what_is_answered_stays_and_no_sentence_says_that_all_is_in_order(audit: Form) -> None:
    filled = _pressed(audit, "*", {"first": "not_met", "note": ""})
    assert (filled["first"], filled["rare"], filled["other"], filled["note"]) == ("not_met", "met", "met", "")


def test_one_part_alone_is_filled_in(audit: Form) -> None:
    assert _pressed(audit, "one", {}) == {"first": "met", "other": "met", "two": {}}


def test_a_formula_that_gives_nothing_leaves_the_field_to_the_person(audit: Form) -> None:
    filled = _pressed(audit, "*", {"note": "另有说明"}, claimed=None)
    assert (filled["two"], filled["note"]) == ({}, "另有说明")


def test_what_was_an_exception_in_the_round_before_is_left_to_the_person(audit: Form) -> None:
    former = {"first": "not_met", "other": "met", "two": {"claim": "not_met"}, "note": "有两项不符合"}
    posted = MultiDict({"_normal": "*"})
    filled = audit.with_normal(audit.from_html(posted), posted, today=TODAY, stored={"claimed": True}, former=former)
    assert filled == {"other": "met", "two": {}}


def test_what_something_speaks_against_is_left_to_the_person(audit: Form) -> None:
    posted = MultiDict({"_normal": "*", "other": "met"})
    against = {"first", "other", "two.claim"}
    filled = audit.with_normal(audit.from_html(posted), posted, today=TODAY, stored={"claimed": True}, against=against)
    assert filled == {"other": "met", "two": {}}, (
        "what was answered stays, the rest stays open, and no sentence says otherwise"
    )


def test_a_post_without_the_button_changes_nothing_and_with_it_is_no_submission(audit: Form) -> None:
    plain = MultiDict({"first": "met"})
    assert audit.with_normal({"first": "met"}, plain, today=TODAY, stored={}) == {"first": "met"}
    assert not audit.is_edit(plain)
    assert audit.is_edit(MultiDict({"_normal": "*"}))


def test_the_buttons_stand_only_where_the_page_fills_in(audit: Form) -> None:
    urls = FormUrls(refresh="/refresh")
    shown = render_form(audit, {}, today=TODAY, urls=urls, findings=True, stored={"claimed": True})
    assert [name for name in ("*", "one", "two") if f'name="_normal" value="{name}"' in shown] == ["*", "one", "two"]
    assert shown.count("data-normal") == 3  # neither what is hidden nor what is shut
    for other in (render_form(audit, {}, today=TODAY, urls=urls), render_form(audit, {}, today=TODAY, mode="read")):
        assert "_normal" not in other
        assert "data-normal" not in other


def test_a_normal_value_has_to_be_one_of_the_options() -> None:
    with pytest.raises(FormRefused, match="不是它的选项，可用：met、not_met"):
        compile_form({"id": "f", "components": [_radio("first", "fine")]})


def test_an_examination_of_qualification_is_filled_in_but_for_what_was_found_unmet() -> None:
    form = compile_form(json.loads(project_tree()["forms/urumqi/qualification_review.json"]))
    found = {key: value for key, value in _pressed(form, "*", {"conditions": "not_met"}).items() if value}
    assert found == {
        "conditions": "not_met",
        "completeness": "complete",
        "procedure": "regular",
        "false_material": "none",
    }
    page = render_form(form, {}, today=TODAY, urls=FormUrls(refresh="/refresh"), findings=True)
    assert ("以下全部符合" in page, page.count("data-normal")) == (True, 4)
    assert "还有" not in page


def test_what_is_still_open_after_that_is_named_and_led_to() -> None:
    form = compile_form(json.loads(project_tree()["forms/urumqi/qualification_review.json"]))
    filled = _pressed(form, "*", {})
    left = form.check(filled, today=TODAY).errors
    urls = FormUrls(refresh="/refresh")
    page = render_form(form, filled, today=TODAY, urls=urls, findings=True, left=left)
    assert f"还有 {len(left)} 处要您填写" in page
    assert all(f'href="#f-{error.path}"' in page for error in left)
    done = render_form(form, filled, today=TODAY, urls=urls, findings=True, left=())
    assert "各项都已填写" in done


def test_an_article_stands_beside_a_tick_not_in_its_label() -> None:
    tick = {"type": "checkbox", "id": "t", "key": "t", "label": "没有利害关系", "properties": {"clauses": "A-1"}}
    form = compile_form({"id": "f", "components": [tick]})
    page = render_form(form, {}, today=TODAY, cite=lambda clauses: Markup("<button>第一条</button>"))
    label = page[page.index("<label>") : page.index("</label>")]
    assert "没有利害关系" in label
    assert "<button>" not in label
    assert "<button>第一条</button>" in page


def test_the_sentence_that_all_is_in_order_is_refused_beside_a_finding_that_says_otherwise(audit: Form) -> None:
    filled = {**_pressed(audit, "*", {}), "site": "met"}
    stored = {"claimed": True}
    assert audit.check(filled, today=TODAY, stored=stored).errors == []
    [error] = audit.check({**filled, "other": "not_met"}, today=TODAY, stored=stored).errors
    assert (error.path, error.text.zh) == ("note", "这里还写着“全部符合。”，而“other”填的不是这样，请按实际情况改写。")
    rewritten = {**filled, "other": "not_met", "note": "第二项不符合。"}
    assert audit.check(rewritten, today=TODAY, stored=stored).errors == []
