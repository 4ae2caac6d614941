"""What a proposal writes, in sentences: of two long values only what differs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest

from service.catalog import Catalog
from service.catalog.differences.text_marks import StretchKind
from service.catalog.names.written_words import written_words
from service.catalog.package import Package
from service.catalog.parameters.parameter_entries import set_value
from tests.support.bundled import bundled
from tests.support.raw_words import raw_words
from tests.unit.catalog.conftest import PARAMETERS, Change

OLD = "candidates are those whose points are at least six hundred and whose kind is large, ordered by points, then by"


def test_of_two_long_values_only_what_differs_is_told(changed: Change, catalog: Catalog) -> None:
    package = catalog.package("lakeside/star_award")
    old, new = (changed(PARAMETERS, "Time to decide", f"{OLD} {end}") for end in ("name", "kind"))
    [sentence] = [one for file in written_words(package, old, new) for one in file.sentences]
    [(_, stretches)] = sentence.marked
    assert [(one.mark, one.text) for one in stretches if one.mark in (StretchKind.GONE, StretchKind.COMES)] == [
        (StretchKind.GONE, "name"),
        (StretchKind.COMES, "kind"),
    ]
    assert "then by name 改为 " in sentence.text.zh
    assert sentence.text.zh.endswith("then by kind")
    assert "candidates" not in sentence.text.zh


def told(package: Package, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    return "\n".join(one.text.zh for file in written_words(package, before, after) for one in file.sentences)


def emptied(path: str, content: bytes) -> bytes:
    """Return a piece that says x wherever it said anything: what its elements and entries are called stays."""
    if path.endswith(".bpmn"):
        return re.sub(rb"""(name="\w+" value=)("[^"]*"|'[^']*')""", rb'\1"x"', content)
    if path.endswith(".yaml") and "/scenarios/" not in path and "/documents/" not in path:
        return re.sub(rb"(?m)^( +(?!id:|name)\w+: )(?=[\w\[\"'])[^\n]+$", rb"\1x", content)
    return content


def test_values_from_days_on_are_told_with_their_unit(tree: Mapping[str, bytes], catalog: Catalog) -> None:
    text = tree[PARAMETERS].decode()
    new = set_value(text, "decision_working_days", 8, date(2027, 1, 1), amended=True)
    said = told(catalog.package("lakeside/star_award"), tree, {**tree, PARAMETERS: new.encode()})
    assert said == (
        "修改参数“受理决定期限”：取值由 10个工作日 改为 自2026年1月1日起 10个工作日（修改前的条文）；自2027年1月1日起 8个工作日"
    )


@pytest.mark.parametrize("key", ["kizilsu/quality_award", "qingyuan/quality_award"])
def test_no_identifier_stands_where_a_word_is_known(key: str) -> None:
    """Everything that a city writes, told as if each piece had just been written into an empty one."""
    known = bundled().package(key)
    new = dict(known.files)
    old = {path: emptied(path, content) for path, content in new.items()}
    assert raw_words(known, told(known, old, new).splitlines()) == []
