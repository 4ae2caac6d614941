"""What a form holds before anybody types: answers from elsewhere, earlier submissions, what other forms say."""

from __future__ import annotations

import pytest

from service.domain.forms import Form, ReadableForm, compile_form, masked
from service.web.forms import FormUrls
from service.web.forms.on_paper import Excerpts
from tests.support.tables import rows

from .conftest import TODAY

# An earlier submission as first values of another round: what decides is blank again, what describes stays.


YES = [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}]


def _field(kind: str, key: str, **more: object) -> dict[str, object]:
    choices = {"values": YES} if kind in ("radio", "select", "checklist") else {}
    return {"type": kind, "id": f"f_{key}", "key": key, "label": key, **choices, **more}


FORM = compile_form({"id": "f", "components": [
    _field("textarea", "facts"),
    _field("radio", "verdict"),
    _field("radio", "found", readonly=True),
    _field("checkbox", "no_interest"),
    _field("select", "kind"),
    _field("select", "person"),
    _field("number", "share"),
    _field("number", "amount"),
    _field("textarea", "reason"),
    _field("textfield", "number"),
    _field("textarea", "sum", readonly=True),
    {"type": "group", "id": "g", "label": "g", "path": "items", "components": [_field("textarea", "why"), _field("radio", "first")]},
    {"type": "dynamiclist", "id": "l", "label": "l", "path": "rows",
     "components": [_field("textfield", "name"), _field("radio", "result"), _field("textarea", "ground")]},
]})  # fmt: skip
READ = {("kind",), ("share",)}
BEFORE = {
    "facts": "已现场核对", "verdict": "yes", "found": "no", "no_interest": True, "kind": "yes", "person": "no", "share": 3,
    "amount": 5, "reason": "材料齐全", "number": "3号", "sum": "共2项", "items": {"why": "缺页", "first": "no"},
    "rows": [{"name": "甲", "result": "yes", "ground": "达标"}, {"name": "乙", "result": None, "ground": "待查"}],
}  # fmt: skip


def test_what_decides_is_blank_and_what_describes_stays() -> None:
    kept, blank = FORM.undecided(BEFORE, READ.__contains__)
    assert kept == {
        "facts": "已现场核对", "found": "no", "person": "no", "amount": 5, "number": "3号", "sum": "共2项", "items": {},
        "rows": [{"name": "甲"}, {"name": "乙", "result": None, "ground": "待查"}],
    }  # fmt: skip
    assert blank == {"verdict", "no_interest", "kind", "share", "reason", "items.why", "items.first"}
    assert BEFORE["items"] == {"why": "缺页", "first": "no"}


def test_nothing_is_blank_where_nothing_was_decided() -> None:
    assert FORM.undecided({"reason": "补充", "verdict": None}, READ.__contains__) == (
        {"reason": "补充", "verdict": None},
        frozenset(),
    )


# What other forms say on an item: named on the field, read as an excerpt, masked as the form itself is.


FILE = {"id": "u1", "name": "证书.pdf", "size": 2048}


def _text(key: str, **properties: str) -> dict[str, object]:
    return {"type": "textfield", "id": f"f_{key}", "key": key, "label": key, "properties": properties}


@pytest.fixture(scope="module")
def application() -> Form:
    proof = {"type": "upload", "id": "f_proof", "key": "proof", "label": "证书"}
    secret = {
        "type": "upload",
        "id": "f_recipe",
        "key": "recipe",
        "label": "配方",
        "properties": {"secret": "trade_secret"},
    }
    rows = {
        "type": "dynamiclist", "id": "f_cases", "path": "cases", "label": "事故",
        "components": [_text("on"), _text("what")],
    }  # fmt: skip
    return compile_form({"id": "application", "components": [
        {"type": "group", "id": "g", "path": "org", "label": "组织", "components": [
            _text("merit"), _text("contact", personal="true"), proof, secret, rows]}]})  # fmt: skip


@pytest.fixture
def excerpts(application: Form) -> Excerpts:
    told = {
        "org": {
            "merit": "首创",
            "contact": "13912345678",
            "proof": [FILE],
            "recipe": [{"id": "u2", "name": "配方.pdf", "size": 9}],
            "cases": [{"on": "2025", "what": "停电"}, {"on": "2024", "what": ""}],
        }
    }
    return Excerpts(ReadableForm(application, told, TODAY, {}), FormUrls(file="/uploads/{id}"), "zh")


def test_a_field_a_file_and_a_list_are_read_by_their_places(excerpts: Excerpts) -> None:
    [merit], [proof], [cases] = (excerpts.at(f"org.{name}") for name in ("merit", "proof", "cases"))
    assert (merit.label, merit.value) == ("merit", "首创")
    assert [(file.name, file.href) for file in proof.files] == [("证书.pdf", "/uploads/u1")]
    assert cases.value == "2025、停电；2024"
    assert excerpts.at("org.nothing") == ()


def test_personal_data_and_trade_secrets_stay_masked_in_a_group_too(excerpts: Excerpts) -> None:
    said = excerpts.at("org")
    assert [one.label for one in said] == ["merit", "contact", "证书", "配方", "事故"]
    words = " ".join(one.value + "".join(file.name + file.href for file in one.files) for one in said)
    assert "13912345678" not in words
    assert "配方.pdf" not in words
    assert "u2" not in words


@pytest.mark.parametrize(("value", "shown"), rows("forms", "masked"))
def test_personal_values_are_masked(value: object, shown: str) -> None:
    assert masked(value) == shown
