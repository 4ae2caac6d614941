"""Whatever packages of the cities show to people under a Chinese name is said in English too."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from service.catalog.parameters.value_words import value_words
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.catalog.wording.english import bundled_english, english_words
from service.domain.translation import Catalogue
from service.domain.wording.numbers import write_han
from tests.support.bundled import bundled

DRAWN = sorted(Path("processes").rglob("*.bpmn"))
WORDS = Catalogue({**{write_han(n): str(n) for n in range(1, 100)}, **english_words()})
SHOWN = "[A-Za-z]+(?:Task|Event|Gateway|Activity)|process|lane|participant|sequenceFlow"
NAMED = re.compile(rf'<bpmn:(?:{SHOWN})\b[^>]*?\bname="([^"$]+)"')
FOLLOWS = re.compile(r'name="(?:consequence|redo)" value=(?:"([^"]*)"|\'([^\']*)\')')
HOLE = re.compile(r"\{(?:[^{}\"]|\"[^\"]*\")*\}")
LAWS = sorted(Path("processes").glob("*/law.yaml"))
SETTINGS = sorted(Path("processes").rglob("parameters.yaml")) + sorted(
    Path("processes/shared/parameters").glob("*.yaml")
)
TABLES = sorted(Path("processes").rglob("*.dmn"))
SCENARIOS = sorted(Path("processes").glob("*/*/scenarios/*.yaml"))
DOCUMENTS = sorted(Path("processes").rglob("documents/*.yaml"))
LETTER = re.compile(r'serviceTaskOperator id="mail\.send">(.*?)</spiffworkflow:serviceTaskOperator', re.DOTALL)
SIGN_STATE_WORDS = re.compile(r'id="(?:subject|text)"[^>]*? value=(?:"([^"]*)"|\'([^\']*)\')')
WRITTEN = re.compile(r"<text>(.*?)</text>", re.DOTALL)
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
ROW = re.compile(r"<description>(.*?)</description>", re.DOTALL)
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
    laws = [to_plain_value(parse_yaml(file.read_bytes(), str(file))) for file in LAWS]
    return {clause["summary"] for law in laws for clause in law["clauses"]}


def _scenarios() -> set[str]:
    """Return the titles of the scenarios of all cities."""
    return {str(to_plain_value(parse_yaml(file.read_bytes(), str(file)))["title"]) for file in SCENARIOS}


def _documents() -> set[str]:
    """Return the titles of documents, with X in the place of what a case fills in."""
    read = [to_plain_value(parse_yaml(file.read_bytes(), str(file))) for file in DOCUMENTS]
    found = {HOLE.sub("X", str(one["title"])) for one in read if isinstance(one, dict) and one.get("title")}
    return {title for title in found if HAN.search(title)}


def _letters() -> set[str]:
    """Return what letters of procedures say, with X in the place of what a case fills in."""
    sent = [found for file in DRAWN for found in LETTER.findall(file.read_text("utf-8"))]
    found = {
        HOLE.sub("X", unescape(one or other).strip('"'))
        for each in sent
        for one, other in SIGN_STATE_WORDS.findall(each)
    }
    return {words for words in found if HAN.search(words)}


def _questions() -> set[str]:
    """Return what the texts of all cities leave open."""
    read = [to_plain_value(parse_yaml(file.read_bytes(), str(file))) for file in SETTINGS]
    found = [row for one in read for part in one.values() if isinstance(part, dict) for row in _maps(part)]
    return {str(row["question"]) for row in found if row.get("question")}


def _maps(part: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a setting, or all of a section of settings."""
    return [part, *(row for row in part.values() if isinstance(row, dict))]


def _rows() -> set[str]:
    """Return the rows of the tables of conditions: their names, their columns, and the sentences of their cells."""
    read = [file.read_text("utf-8") for file in TABLES]
    cells = {said for text in read for cell in WRITTEN.findall(text) for said in QUOTED.findall(unescape(cell))}
    heads = {unescape(name) for text in read for name in re.findall(r'(?:label|name)="([^"]*)"', text)}
    return {one for one in cells | heads | {row for text in read for row in ROW.findall(text)} if HAN.search(one)}


@pytest.mark.parametrize(
    "shown", [_names, _titles, _consequences, _clauses, _questions, _rows, _scenarios, _documents, _letters]
)
def test_nothing_that_a_package_shows_is_left_in_chinese(shown: Callable[[], set[str]]) -> None:
    assert DRAWN
    assert LAWS
    assert shown()
    left = [words for words in sorted(shown()) if not (said := WORDS.find(words)) or HAN.search(said)]
    assert left == [], f"say these in {bundled_english()}"


def test_values_and_choices_of_settings_are_said_in_english() -> None:
    left = {
        (key, ident, said)
        for key, package in bundled().packages.items()
        for ident, setting in package.award.parameters.items()
        for value in (*(dated.value for dated in setting.values), *setting.labels)
        if HAN.search(said := value_words(setting, value).en)
    }
    assert left == set(), f"say these in {bundled_english()}"
