"""Everything that is wrong with what was typed of a new city is told at once: in a list with links, and beside each field."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.integration.studio.test_lawyers_city import FIRST, LAW, THIRD
from tests.support.browsers import Browser
from tests.support.new_place import passages_sent


def told(page: str) -> tuple[list[str], list[str]]:
    """Return where the links of the list lead, and the fields beside which something is said."""
    listed = page.partition('class="error-summary"')[2].partition("</div>")[0]
    return re.findall(r'href="([^"]*)"', listed), re.findall(r'class="field-error" id="(\w+)-error"', page)


def test_every_field_in_error_of_the_first_page_is_named(browse: Callable[..., Browser]) -> None:
    wrong = {"name": "", "office": " ", "since": "明年", "tiers": "市长质量奖"}
    page = browse("designer").post("/studio/new/law", {**FIRST, **wrong, "text": LAW})
    assert page.status_code == 422
    listed, beside = told(page.text)
    assert {link.removeprefix("#") for link in listed} - {"id"} == set(wrong)
    assert set(beside) == set(wrong)
    assert "市长质量奖</textarea>" in page.text, "what was typed is kept"


def test_every_field_in_error_of_the_third_page_is_named(browse: Callable[..., Browser]) -> None:
    wrong = {
        "acceptance_days": "400", "window_days": "400", "vote_base": "", "vote_days": "x", "vote_threshold": "多数",
        "vote_quorum": "9/2", "objection_reply_days": "三十", "objection_from": "tomorrow", "call_by": "13-01",
    }  # fmt: skip
    page = browse("designer").post("/studio/new", {**THIRD, **FIRST, **passages_sent(LAW), **wrong})
    assert page.status_code == 422
    listed, beside = told(page.text)
    assert {link.removeprefix("#") for link in listed} == set(wrong)
    assert set(beside) == set(wrong)
    assert 'value="400"' in page.text, "what was typed is kept"
