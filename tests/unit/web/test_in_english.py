"""What cases wait for, and how tasks are titled, is said in English for every diagram of the cities."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.domain.han_numerals import write_han
from service.domain.translation import Catalogue
from service.web.frame.english_words import RECORDS, STEPS

DRAWN = sorted(Path("processes").rglob("*.bpmn"))
WORDS = Catalogue({**{write_han(n): str(n) for n in range(1, 100)}, **RECORDS, **STEPS})
WAITS = re.compile(r'<bpmn:(?:boundaryEvent|intermediateCatchEvent|eventBasedGateway)\b[^>]*?\bname="([^"$]+)"')
TITLE = re.compile(r'name="title" value=(?:"([^"]*)"|\'([^\']*)\')')
HAN = re.compile("[\u4e00-\u9fff]")


def _waits() -> set[str]:
    return {name for file in DRAWN for name in WAITS.findall(file.read_text("utf-8"))}


def _titles() -> set[str]:
    """Return the titles with X in the place of what a case fills in."""
    found = {one or other for file in DRAWN for one, other in TITLE.findall(file.read_text("utf-8"))}
    return {re.sub(r"\{[^}]*\}", "X", title) for title in found if "$" not in title}


def test_no_wait_and_no_title_is_left_in_chinese() -> None:
    assert DRAWN
    left = [words for words in sorted(_waits() | _titles()) if not (said := WORDS.find(words)) or HAN.search(said)]
    assert left == []


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("等待期限届满：补正期满", "Waiting for a time limit: end of the time to correct the material"),
        ("甲公司：评分", "甲公司: Scoring"),
        ("补报2026年度质量报告（已逾期）", "Send the quality report of 2026 (overdue)"),
    ],
)
def test_parts_of_a_line_are_said_each_by_itself(kept: str, said: str) -> None:
    assert WORDS.find(kept) == said
