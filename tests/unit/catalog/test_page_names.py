"""Remedies in the studio name pages and fields, not files; what a parser says of XML is said in Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.catalog import Catalog, Problem
from service.catalog.names.page_names import on_pages, said_on_pages
from service.domain.files.safe_xml import XmlRefused, read_xml
from service.domain.text import Text
from tests.support.tree import PROJECT

LATIN = re.compile(r"[A-Za-z]{3,}")
HAN = re.compile(r"[\u4e00-\u9fff]")
WRITTEN = re.compile(
    r"\.(?:yaml|bpmn|dmn|json|md)\b|slots?\b|\b(?:variables|routes|values\.take|bindings|question|choices|clauses|touches"
    r"|barrier|not_modelled_yet|words_only|applies_to_running|serviceTaskOperator|called\w+|source:|\w+_refusal)"
)
"""What stands in files alone: their names, and keys for which pages have a field."""


@pytest.mark.parametrize(
    ("remedy", "zh", "en"),
    [
        (
            Text("在 award.yaml 的 processes 或某个调用活动中引用它。", "Name it under processes in award.yaml."),
            "在“地方与奖项”的“办件种类”或某个调用活动中引用它。",
            "Name it on the page “Place and award”, “Kinds of cases”.",
        ),
        (
            Text(
                "在 award.yaml 的 processes.application.facts 中加上它。",
                "Add it to processes.application.facts in award.yaml.",
            ),
            "在“地方与奖项”的“办件种类”的“申报”的“记录的事实”中加上它。",
            "Add it on the page “Place and award”, “Kinds of cases”, “Application”, “Facts”.",
        ),
        (
            Text(
                "没有单位，请在 jurisdiction.yaml 的 bodies 中补上。",
                "No body: add one to bodies of jurisdiction.yaml.",
            ),
            "没有单位，请在“地方与奖项”的“机构”中补上。",
            "No body: add one on the page “Place and award”, “Bodies”.",
        ),
        (
            Text("请核对 parameters.yaml。", "Check parameters.yaml."),
            "请核对“参数”。",
            "Check on the page “Parameters”.",
        ),
        (
            Text("填写服务操作（serviceTaskOperator）或决策编号（calledDecisionId）。", "Name one."),
            "填写服务操作或决策表。",
            "Name one.",
        ),
        (
            Text("在 slots 属性中加上“vote=条款编号”。", "Add “vote=clause id” to the property slots."),
            "选中这个调用，在右边的面板里为“vote”选条款。",
            "Choose the call, and clauses for “vote” in the panel beside it.",
        ),
        (
            Text("在 jurisdiction.yaml 的 bindings 中写“decider: …”。", "Write it."),
            "在“地方与奖项”的“通用流程的角色由谁担任”中写明“decider”由谁担任。",
            "Write it.",
        ),
    ],
)
def test_a_remedy_names_the_page_and_the_field(catalog: Catalog, remedy: Text, zh: str, en: str) -> None:
    told = on_pages(catalog.package("lakeside/star_award"), Problem("", "", "x", remedy, remedy))
    assert (told.remedy.zh, told.message.zh, told.remedy.en) == (zh, zh, en)


def test_no_rule_names_a_file_or_a_key_of_one_on_pages(catalog: Catalog) -> None:
    package = catalog.package("lakeside/star_award")
    said = {said_on_pages(package, Text(sentence, "")).zh for sentence in sentences(PROJECT / "service/catalog/rules")}
    assert len(said) > 300
    assert sorted(sentence for sentence in said if WRITTEN.search(sentence)) == []


def sentences(folder: Path) -> Iterator[str]:
    """Yield what rules say in Chinese, "x" where a name is filled in."""
    for file in folder.rglob("*.py"):
        calls = (node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
        for given in (given for call in calls for given in call.args):
            parts = given.values if isinstance(given, ast.JoinedStr) else [given]
            words = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)
            if HAN.search(words):
                yield words


@pytest.mark.parametrize(
    "content", [b"text", b"", b"<a><b></a>", b"<a>", b"<a b=1/>", b"<a>&</a>", b"<a/><b/>", b"<a>\x01</a>", b"<a b/>"]
)
def test_what_is_wrong_with_xml_is_said_in_chinese(content: bytes) -> None:
    with pytest.raises(XmlRefused) as refused:
        read_xml(content)
    assert not LATIN.search(refused.value.what.zh.replace("XML", "").replace("&amp;", ""))
