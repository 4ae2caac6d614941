"""The form editor: what it is told of a form, previews without saving, forms added and removed."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.pieces.forms import list_forms, new_form, preview_form
from service.casework.studio.pieces.remove_piece import PieceInUse, remove_piece
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed, NotFound
from tests.support.browsers import Browse, Browser
from tests.support.lakeside import KEY, Lakeside

DECIDE = f"processes/{KEY}/forms/decide.json"


def schema(town: Lakeside, draft: int, path: str = DECIDE) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(open_file(town.desk, town.designer, draft, path).content)
    return found


def asked(draft: int, content: dict[str, Any], language: str = "zh") -> tuple[str, dict[str, Any]]:
    text = json.dumps(content, ensure_ascii=False)
    return f"/studio/drafts/{draft}/forms/preview", {"path": DECIDE, "content": text, "language": language}


def test_a_preview_is_the_page_of_the_task_and_saves_nothing(town: Lakeside, draft: int, browse: Browse) -> None:
    form = schema(town, draft)
    form["components"].append({"type": "textfield", "id": "field_seal", "key": "seal", "label": "印章编号"})
    form["components"][-1]["properties"] = {"label_en": "Number of the seal"}
    url, body = asked(draft, form)
    shown = browse("designer").send("POST", url, body).get_json()
    assert shown["problem"] is None
    assert "印章编号" in shown["html"]
    assert 'name="seal"' in shown["html"]
    assert "Number of the seal" in browse("designer").send("POST", *asked(draft, form, "en")).get_json()["html"]
    assert "seal" not in open_file(town.desk, town.designer, draft, DECIDE).content.decode()


def test_a_form_that_cannot_be_shown_names_the_component(town: Lakeside, draft: int, browse: Browse) -> None:
    form = schema(town, draft)
    form["components"].append(
        {"type": "number", "id": "field_bad", "key": "bad", "conditional": {"hide": "=no_such > 1"}}
    )
    shown = browse("designer").send("POST", *asked(draft, form)).get_json()
    assert shown["problem"]["component"] == "field_bad"
    assert "no_such" in shown["problem"]["message"]
    assert shown["html"] == ""
    opened = open_file(town.desk, town.designer, draft, DECIDE)
    save_file(town.desk, town.designer, draft, DECIDE, b'{"from_pattern": "no_such"}', opened.hash, "")
    for page in ("forms", f"forms/edit?path={DECIDE}"):
        assert "no_such" in browse("designer").get(f"/studio/drafts/{draft}/{page}").text
    shown = browse("designer").send("POST", *asked(draft, {"from_pattern": "no_such"})).get_json()
    assert "没有范本“no_such" in shown["problem"]["message"]
    broken = preview_form(town.desk, town.designer, draft, DECIDE, b"{")
    assert broken.form is None
    assert broken.flaw is not None


def test_a_form_in_use_stays_and_says_where(town: Lakeside, draft: int, browse: Browse) -> None:
    opened = open_file(town.desk, town.designer, draft, DECIDE)
    with pytest.raises(PieceInUse) as used:
        remove_piece(town.desk, town.designer, draft, DECIDE, opened.hash)
    assert "决定是否受理" in used.value.message.zh
    page = browse("designer").post(f"/studio/drafts/{draft}/remove", {"path": DECIDE, "base": opened.hash})
    assert page.status_code == 409
    assert "决定是否受理" in page.text
    assert schema(town, draft)


def test_a_form_is_added_and_removed(town: Lakeside, draft: int, browse: Browse) -> None:
    saved = new_form(town.desk, town.designer, draft, "site_check", "现场核查记录")
    assert saved.path == "forms/lakeside/site_check.json"
    line = next(line for line in list_forms(town.desk, town.designer, draft) if line.path == saved.path)
    assert (line.title, line.users, line.changed) == ("现场核查记录", (), True)
    copied = new_form(town.desk, town.designer, draft, "decide_again", "再次决定", DECIDE)
    assert "decision" in (copied.content or b"").decode()
    for ident, title, like, wrong in (
        ("site_check", "又一", "", Conflict), ("Bad Name", "名称", "", Invalid), ("x", " ", "", Invalid), ("y", "甲", "no.json", NotFound),
    ):  # fmt: skip
        with pytest.raises(wrong):
            new_form(town.desk, town.designer, draft, ident, title, like)
    remove_piece(town.desk, town.designer, draft, saved.path, saved.hash)
    with pytest.raises(LaurelError):
        open_file(town.desk, town.designer, draft, saved.path)
    page = browse("designer").post(f"/studio/drafts/{draft}/forms", {"ident": "Bad Name", "title": "留着的名称"})
    assert "留着的名称" in page.text
    with pytest.raises(NotAllowed):
        new_form(town.desk, town.office, draft, "other", "别人")


TABLE = f"processes/{KEY}/eligibility.dmn"


def place(draft: int, what: str, path: str = TABLE, element: str = "", field: str = "cell") -> str:
    return f"/api/v1/drafts/{draft}/{what}?{urlencode({'path': path, 'element': element, 'field': field})}"


def words(browser: Browser, draft: int, **where: str) -> dict[str, Any]:
    found: dict[str, Any] = browser.get(place(draft, "words", **where)).get_json()
    return found


def judged(browser: Browser, draft: int, text: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = browser.send("POST", place(draft, "formula"), {"text": text, **more}).get_json()
    return found


def test_the_words_of_a_place_come_with_type_and_label(browse: Browse, draft: int):
    found = words(browse("designer"), draft)

    names = {name["name"]: name for name in found["names"]}
    founded = next(entry for entry in names["apply"]["entries"] if entry["name"] == "founded")
    assert (founded["label"]["zh"], founded["kind"]["zh"]) == ("成立日期", "日期")
    assert any(function["name"] == "workdays" for function in found["functions"])


def test_what_is_wrong_is_told_with_its_place(browse: Browse, draft: int):
    designer = browse("designer")

    (fault,) = judged(designer, draft, "aply.founded")["problems"]
    assert (fault["start"], fault["end"], fault["suggestion"]) == (0, 12, "apply.founded")
    assert judged(designer, draft, "> 3", kind="tests", input="param.min_years")["problems"] == []
    assert judged(designer, draft, "if a")["problems"][0]["severity"] == "error"
    (idle,) = judged(designer, draft, "apply.founded != null", kind="tests", input='"all"')["problems"]
    assert "不变的值" in idle["message"]["zh"]


def test_what_is_huge_is_refused(browse: Browse, draft: int):
    designer = browse("designer")

    assert "10000" in judged(designer, draft, "1 + " * 4000 + "1")["problems"][0]["message"]["zh"]
    assert designer.send("POST", place(draft, "formula"), {"text": "1" * 50_000}).status_code == 422
