"""Remedies in the studio name pages and fields, not files; what a parser says of XML is said in Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from service.catalog import Catalog
from service.catalog.names.page_names import said_on_pages
from service.domain.text import Text
from tests.support.tree import PROJECT

HAN = re.compile(r"[\u4e00-\u9fff]")
WRITTEN = re.compile(
    r"\.(?:yaml|bpmn|dmn|json|md)\b|slots?\b|\b(?:variables|routes|values\.take|bindings|question|choices|clauses|touches"
    r"|barrier|not_modelled_yet|words_only|applies_to_running|serviceTaskOperator|called\w+|source:|\w+_refusal)"
)
"""What stands in files alone: their names, and keys for which pages have a field."""


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
