"""Whatever packages of the cities show to people under a Chinese name is said in English too."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from service.catalog.english import bundled_english, english_words
from service.catalog.source.yaml import parse_yaml, plain
from service.domain.han_numerals import write_han
from service.domain.translation import Catalogue
from service.web.frame.english_words import RECORDS, STEPS

DRAWN = sorted(Path("processes").rglob("*.bpmn"))
WORDS = Catalogue({**{write_han(n): str(n) for n in range(1, 100)}, **english_words(), **RECORDS, **STEPS})
SHOWN = "[A-Za-z]+(?:Task|Event|Gateway|Activity)|process|lane|participant|sequenceFlow"
NAMED = re.compile(rf'<bpmn:(?:{SHOWN})\b[^>]*?\bname="([^"$]+)"')
FOLLOWS = re.compile(r'name="consequence" value=(?:"([^"]*)"|\'([^\']*)\')')
HOLE = re.compile(r"\{(?:[^{}\"]|\"[^\"]*\")*\}")
LAWS = sorted(Path("processes").glob("*/law.yaml"))
TITLE = re.compile(r'name="title" value=(?:"([^"]*)"|\'([^\']*)\')')
HAN = re.compile("[\u4e00-\u9fff]")


def _names() -> set[str]:
    return {unescape(name) for file in DRAWN for name in NAMED.findall(file.read_text("utf-8")) if HAN.search(name)}


def _consequences() -> set[str]:
    """Return what follows from steps, with X in the place of what a case fills in."""
    found = {unescape(one or other) for file in DRAWN for one, other in FOLLOWS.findall(file.read_text("utf-8"))}
    holes = {re.sub("X+", "X", HOLE.sub("X", text)) for text in found if "$" not in text}
    return {text for text in holes if HAN.search(text)}


def _titles() -> set[str]:
    """Return the titles with X in the place of what a case fills in."""
    found = {one or other for file in DRAWN for one, other in TITLE.findall(file.read_text("utf-8"))}
    return {re.sub(r"\{[^}]*\}", "X", title) for title in found if "$" not in title}


def _clauses() -> set[str]:
    """Return the summaries of the clauses of all cities."""
    laws = [plain(parse_yaml(file.read_bytes(), str(file))) for file in LAWS]
    return {clause["summary"] for law in laws for clause in law["clauses"]}


@pytest.mark.parametrize("shown", [_names, _titles, _consequences, _clauses])
def test_nothing_that_a_package_shows_is_left_in_chinese(shown: Callable[[], set[str]]) -> None:
    assert DRAWN
    assert LAWS
    left = [words for words in sorted(shown()) if not (said := WORDS.find(words)) or HAN.search(said)]
    assert left == [], f"say these in {bundled_english()}"


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
