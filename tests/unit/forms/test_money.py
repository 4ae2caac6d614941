"""An amount of money is known by its unit, in its suffix or at the end of its label: pages show it in the other unit too."""

from __future__ import annotations

import re

import pytest

from service.domain.forms import compile_form
from service.web.forms import FormUrls, render_form
from tests.support.bundled import bundled

from .conftest import TODAY

URLS = FormUrls("/refresh", "/upload", "/files/{id}")


@pytest.mark.parametrize(
    ("field", "unit"),
    [
        ({"type": "number", "label": "奖金（元）"}, "元"),
        ({"type": "number", "label": "年营业收入（万元）"}, "万元"),
        ({"type": "number", "label": "年营业收入", "appearance": {"suffixAdorner": "万元"}}, "万元"),
        ({"type": "number", "label": "人数（人）"}, None),
        ({"type": "textfield", "label": "奖金（元）"}, None),
    ],
)
def test_an_amount_is_known_by_its_unit(field: dict[str, object], unit: str | None) -> None:
    form = compile_form({"id": "f", "components": [{"id": "x", "key": "k", **field}]})
    page = str(render_form(form, {"k": "1234567"}, today=TODAY, urls=URLS, reveal=True))
    found = re.search(r'data-money="([^"]+)"', page)
    assert (found and found[1]) == unit


def test_the_forms_of_every_city_say_in_what_unit_money_is_typed() -> None:
    form = compile_form(bundled().package("qingyuan/quality_award").form("prize_use"))
    page = str(render_form(form, {}, today=TODAY, urls=URLS, reveal=True))
    assert page.count('data-money="元"') == 3
