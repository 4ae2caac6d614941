from __future__ import annotations

from datetime import date

import pytest

from service.catalog.forms.forms import FormMistake, parse_form
from service.catalog.problems import Problem
from service.catalog.source.fields import read_fields
from service.catalog.source.formatting import format_file
from service.catalog.source.json import JsonMistake, parse_json
from service.catalog.source.xml import XmlMistake, parse_xml
from service.catalog.source.yaml import YamlMap, YamlMistake, parse_yaml, to_plain_value


def test_plain_words_are_read_as_yaml_1_2() -> None:
    text = b"a: 5\nb: 0.5\nc: true\nd: ~\ne: 2026-01-31\nf: yes\ng: '5'\nh: 007x\ni: [1, {j: 2}]\n"
    assert to_plain_value(parse_yaml(text, "x.yaml")) == {
        "a": 5, "b": 0.5, "c": True, "d": None, "e": date(2026, 1, 31), "f": "yes", "g": "5", "h": "007x",
        "i": [1, {"j": 2}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "重复"),
        ("a: [1\nb: 2\n", 2, "语法"),
        ("a: 1\nb: 2026-02-30\n", 2, "没有 2026-02-30"),
        ("? [x]\n: 1\n", 1, "键必须是文字"),
    ],
)
def test_a_yaml_mistake_names_file_and_line_in_both_languages(text: str, line: int, words: str) -> None:
    with pytest.raises(YamlMistake) as caught:
        parse_yaml(text.encode(), "law.yaml")
    assert caught.value.line == line
    assert caught.value.message.zh.startswith(f"law.yaml 第 {line} 行")
    assert caught.value.message.en.startswith(f"law.yaml line {line}")
    assert words in caught.value.message.zh


def test_aliases_cannot_multiply_a_small_file() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]
    with pytest.raises(YamlMistake, match="别名"):
        parse_yaml("\n".join(rows).encode(), "x.yaml")


def test_what_is_not_utf_8_is_refused() -> None:
    with pytest.raises(YamlMistake, match="UTF-8"):
        parse_yaml("a: 中文".encode("gbk"), "x.yaml")


def test_missing_unknown_and_mistyped_keys_are_told_with_their_line() -> None:
    found: list[Problem] = []
    fields = read_fields(b"name: x\nflga: true\nwhen: soon\n", "award.yaml", found.append)
    fields.text("name")
    fields.text("id")
    fields.flag("flag")
    fields.day("when")
    fields.done()
    assert [(p.rule, p.element, p.line) for p in found] == [
        ("missing_key", "id", 1), ("wrong_type", "when", 3), ("unknown_key", "flga", 2),
    ]  # fmt: skip
    assert found[-1].remedy.zh == "是不是想写“flag”？"


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
        "<a><b></a>",
        "no xml at all",
    ],
)
def test_xml_with_entities_or_errors_is_refused(text: str) -> None:
    with pytest.raises(XmlMistake, match=r"x\.bpmn 第 \d+ 行"):
        parse_xml(text.encode(), "x.bpmn")


def test_huge_files_are_refused() -> None:
    with pytest.raises(XmlMistake, match="5 MB"):
        parse_xml(b"<a>" + b" " * 5_000_001 + b"</a>", "x.bpmn")
    with pytest.raises(YamlMistake, match="2 MB"):
        parse_yaml(b"#" * 2_000_001, "x.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a:\n " + "[" * 100_000,
        "a:\n " + "{b: " * 100_000,
        "a:\n " + "- " * 100_000,
        "a:\n " + "[" * 100 + "]" * 100,
        "a:\n  &a [*a]",
        "a: &a0 [x]\n" + "\n".join(f"b{n}: &a{n} [*a{n - 1}]" for n in range(1, 200)),
    ],
)
def test_yaml_that_nests_too_deep_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(YamlMistake, match=r"x\.yaml 第 \d+ 行：嵌套超过 60 层。请减少嵌套。"):
        parse_yaml(text.encode(), "x.yaml")


def test_yaml_of_the_greatest_depth_is_read_however_many_values_lie_side_by_side() -> None:
    found = parse_yaml(("a: " + "[" * 58 + "1" + "]" * 58 + "\nb: [" + "[1]," * 500 + "]").encode(), "x.yaml")
    assert isinstance(found, YamlMap)
    assert list(found.lines.values()) == [1, 2]


@pytest.mark.parametrize("depth", [61, 300, 3_000, 100_000])
def test_xml_that_nests_too_deep_is_refused_with_its_line(depth: int) -> None:
    with pytest.raises(XmlMistake, match=r"x\.bpmn 第 \d+ 行：元素嵌套超过 60 层。减少嵌套"):
        parse_xml(b"<a>" * depth + b"</a>" * depth, "x.bpmn")


def test_xml_of_the_greatest_depth_is_read() -> None:
    assert parse_xml(b"<a>" * 60 + b"</a>" * 60, "x.bpmn") is not None


@pytest.mark.parametrize("text", ['{"a":\n' + "[" * n + "]" * n + "}" for n in (60, 900, 100_000)])
def test_json_that_nests_too_deep_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(JsonMistake, match=r"x\.json 第 2 行：嵌套超过 60 层。请减少嵌套。"):
        parse_json(text.encode(), "x.json")
    with pytest.raises(FormMistake, match=r"x\.json 第 2 行：嵌套超过 60 层"):
        parse_form(text.encode(), "x.json")
    with pytest.raises(JsonMistake, match=r"x\.json 第 2 行：嵌套超过 60 层"):
        format_file("x.json", text.encode())


def test_json_that_is_malformed_or_too_large_is_refused_with_its_line() -> None:
    with pytest.raises(JsonMistake, match=r"x\.json 第 2 行：不是 JSON"):
        parse_json(b'{"a":\n}', "x.json")
    with pytest.raises(JsonMistake, match="2 MB"):
        parse_json(b" " * 2_000_001, "x.json")


def test_json_that_says_a_key_twice_is_refused_with_the_line_of_the_second() -> None:
    text = '{"a": {"min": 1, "x": "\\"min\\":"},\n "b": [{"min": 2}, {"min": 3,\n "min": 4}]}'
    with pytest.raises(JsonMistake, match=r"x\.json 第 3 行：键“min”重复。删去其中一个。"):
        parse_json(text.encode(), "x.json")
