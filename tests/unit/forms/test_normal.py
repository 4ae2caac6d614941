"""What a field says where nothing is found, and filling in at once what nobody has answered."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from service.domain.forms import Form, compile_form

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


def test_the_sentence_that_all_is_in_order_is_refused_beside_a_finding_that_says_otherwise(audit: Form) -> None:
    filled = {**_pressed(audit, "*", {}), "site": "met"}
    stored = {"claimed": True}
    assert audit.check(filled, today=TODAY, stored=stored).errors == []
    [error] = audit.check({**filled, "other": "not_met"}, today=TODAY, stored=stored).errors
    assert (error.path, error.text.zh) == ("note", "这里还写着“全部符合。”，而“other”填的不是这样，请按实际情况改写。")
    rewritten = {**filled, "other": "not_met", "note": "第二项不符合。"}
    assert audit.check(rewritten, today=TODAY, stored=stored).errors == []


def test_a_program_is_told_what_may_be_chosen_and_when_a_field_is_not_asked(audit: Form) -> None:
    told = {field.path: field for field in audit.fields_of({"claimed": True}, TODAY)}
    assert [option.value for option in told["rare"].options] == ["met", "not_met"]
    assert told["rare"].hidden_when == ('first = "met" or first = null',)
    assert (told["first"].hidden_when, told["note"].options) == ((), ())
