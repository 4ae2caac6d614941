"""What other forms say on an item: named on the field, read as an excerpt, masked as the form itself is."""

from __future__ import annotations

import pytest

from service.domain.forms import Form, compile_form
from service.web.forms import FormUrls, Look, Mode
from service.web.forms.on_paper import Excerpts

from .conftest import TODAY

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
    return Excerpts(application, told, Look(TODAY, Mode.READ, FormUrls(file="/uploads/{id}")))


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
