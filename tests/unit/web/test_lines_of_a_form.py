"""A text of several lines that the program wrote into a form is a list on its page."""

from __future__ import annotations

from datetime import date

from lxml import html

from service.domain.forms import compile_form
from service.web.forms import render_form

FORM = compile_form(
    {
        "type": "default",
        "id": "review",
        "schemaVersion": 19,
        "components": [
            {"type": "textarea", "id": "grounds", "key": "grounds", "label": "逐项认定", "readonly": True},
            {"type": "textarea", "id": "words", "key": "words", "label": "意见"},
        ],
    }
)
STORED = {"grounds": "不符合1项；\n在本市依法设立：不符合（系统查得，第九条）；\n正常运营：符合（审核认定，第九条）"}


def drawn(stored: dict[str, str], mode: str = "edit", **look: object) -> html.HtmlElement:
    return html.fromstring(render_form(FORM, stored, today=date(2026, 3, 2), stored=stored, mode=mode, **look))


def test_each_line_is_an_item_in_the_language_of_its_reader() -> None:
    for mode in ("edit", "read"):
        items = drawn(STORED, mode).xpath("//ul[@id='f-grounds']/li/text()")
        assert items == [
            "不符合1项",
            "在本市依法设立：不符合（系统查得，第九条）",
            "正常运营：符合（审核认定，第九条）",
        ]
    assert drawn(STORED, line=lambda line: f"[{line}]").xpath("//ul[@id='f-grounds']/li[1]/text()") == ["[不符合1项]"]


def test_one_line_and_what_a_person_types_stay_as_they_are() -> None:
    assert drawn({"grounds": "没有"}).xpath("//span[@id='f-grounds']/text()") == ["没有"]
    typed = {"words": "第一行\n第二行"}
    assert drawn(typed).xpath("//textarea[@name='words']/text()")[0].split() == ["第一行", "第二行"]
    assert drawn(typed, "read").xpath("//ul[@id='f-words']") == []
