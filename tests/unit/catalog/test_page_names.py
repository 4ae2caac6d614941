"""Remedies in the studio name pages and fields, not files; what a parser says of XML is said in Chinese."""

from __future__ import annotations

import re

import pytest

from service.catalog import Catalog, Problem
from service.catalog.page_names import on_pages
from service.domain.safe_xml import XmlRefused, read_xml
from service.domain.text import Text

LATIN = re.compile(r"[A-Za-z]{3,}")


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
    ],
)
def test_a_remedy_names_the_page_and_the_field(catalog: Catalog, remedy: Text, zh: str, en: str) -> None:
    told = on_pages(catalog.package("lakeside/star_award"), Problem("", "", "x", remedy, remedy))
    assert (told.remedy.zh, told.message.zh, told.remedy.en) == (zh, zh, en)


@pytest.mark.parametrize(
    "content", [b"text", b"", b"<a><b></a>", b"<a>", b"<a b=1/>", b"<a>&</a>", b"<a/><b/>", b"<a>\x01</a>", b"<a b/>"]
)
def test_what_is_wrong_with_xml_is_said_in_chinese(content: bytes) -> None:
    with pytest.raises(XmlRefused) as refused:
        read_xml(content)
    assert not LATIN.search(refused.value.what.zh.replace("XML", "").replace("&amp;", ""))
