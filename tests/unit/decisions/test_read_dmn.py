"""Tables read from DMN XML."""

from __future__ import annotations

import pytest

from service.domain.decisions import DecisionModelError, read_tables
from tests.unit.decisions.tables import model_of


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (b"<definitions", "XML"),
        (b"<html/>", "definitions"),
        (b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions>&e;</definitions>', "DOCTYPE"),
        (model_of('<decision id="d" name="d"><decisionTable hitPolicy="BEST"/></decision>'), "BEST"),
        (b" " * 5_000_001, "5 MB"),
        (b"<definitions>" + b"<a>" * 300 + b"</a>" * 300 + b"</definitions>", "第 1 行：元素嵌套超过 60 层"),
    ],
)
def test_given_what_is_no_usable_file_when_read_then_it_is_refused_with_the_reason(xml: bytes, words: str):
    with pytest.raises(DecisionModelError, match=words):
        read_tables(xml)
