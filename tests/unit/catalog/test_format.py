""""""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from service.catalog import Award, build_catalog
from service.catalog.check import check_catalog
from service.catalog.parameters.parameter_entries import set_value
from service.catalog.source.formatting import dump_yaml, format_file, load_yaml
from service.catalog.tree import read_sources, read_tree
from tests.support.samples import sample
from tests.support.tree import PROJECT
from tests.unit.catalog.conftest import MINIATURE

ROOT = Path(__file__).parents[3]


def test_what_ships_lies_in_the_stable_format() -> None:
    """A sixth of the files in each run, all of them in `make fuzz`."""
    kinds = (".yaml", ".bpmn", ".dmn", ".json")
    files = {path: data for path, data in sorted(read_sources(ROOT).items()) if path.endswith(kinds)}
    assert len(files) > 300
    assert [path for path in sample(list(files), 6) if format_file(path, files[path]) != files[path]] == []


def test_what_an_editor_rearranges_comes_out_the_same() -> None:
    path = MINIATURE / "processes" / "shared" / "notice.bpmn"
    ours = path.read_bytes()
    text = ours.decode()
    theirs = text.replace(
        '<bpmn:startEvent id="begin" name="开始公示" />',
        '<bpmn:startEvent name="开始公示" id="begin"><bpmn:outgoing>begin_to_posted</bpmn:outgoing></bpmn:startEvent>',
    )
    theirs = theirs.replace("    ", "\t").replace(" />", "/>").replace("bpmn:", "bpmn2:").replace(":bpmn=", ":bpmn2=")
    assert theirs != text
    assert format_file("notice.bpmn", theirs.encode()) == ours


def test_changing_one_value_changes_one_line() -> None:
    path = MINIATURE / "processes" / "lakeside" / "star_award" / "parameters.yaml"
    before = path.read_text("utf-8")
    after = set_value(before, "notice_working_days", 9)
    differing = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    assert differing == [
        (
            "      - {from: 2027-01-01, value: 7}      # 2027年起从严",
            "      - {from: 2027-01-01, value: 9}      # 2027年起从严",
        )
    ]


def test_quotes_comments_and_flow_style_of_yaml_are_kept() -> None:
    text = "# 开头\na: {b: 'x', c: \"y\"}   # 旁注\nd:\n  - {e: 1}\n  - f\ng: null\n"
    assert format_file("x.yaml", text.encode()).decode() == text


WRITTEN = """\
# 第一行说明
parameters:
  fee:  # 行尾说明
    name: '收费'
    values: [{from: 2026-01-01, value: 7}, {from: 2027-01-01, value: 9}]
  # 另一个参数前的说明
  days:
    - &first {a: 1}
    - *first
    # 列表里的说明
    - "双引号"
note: |  # 文字块
  第一行
  第二行
long: LONG
"""


def test_a_document_that_was_read_is_ones_own() -> None:
    text = WRITTEN.replace("LONG", "长" * 500)
    again = load_yaml(text)
    for document in (load_yaml(text), load_yaml(text)):
        assert dump_yaml(document) == text
        assert document["parameters"]["days"][0] is document["parameters"]["days"][1]
        document["parameters"]["days"].insert(0, "新")
        document["parameters"]["fee"]["values"][0]["value"] = 8
        document["parameters"].yaml_set_comment_before_after_key("days", before="改了")
        del document["parameters"]["fee"]
        document["note"] = "别的"
        assert dump_yaml(document) != text
    assert dump_yaml(again) == text == format_file("x.yaml", text.encode()).decode()


KEY = "testville/prize"
AWARD, PARAMETERS = f"processes/{KEY}/award.yaml", f"processes/{KEY}/parameters.yaml"
VOCABULARY = "processes/shared/parameters/notices.yaml"
NOTICES = """format: 2
parameters:
  notice_days:
    name: 公示期
    name_en: Public notice
    unit: working_days
    question: 公示多少天没有写明。
"""


@pytest.fixture
def files() -> dict[str, bytes]:
    """The files of an award, with a vocabulary that knows one of its parameters."""
    return {**read_tree(PROJECT / "tests" / "data" / "desk"), VOCABULARY: NOTICES.encode()}


def award_of(files: Mapping[str, bytes]) -> Award:
    return build_catalog(files).package(KEY).award


def rules_of(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    return [(p.rule, p.element) for p in check_catalog(build_catalog(files))]


def changed(files: Mapping[str, bytes], path: str, old: str, new: str) -> dict[str, bytes]:
    text = files[path].decode()
    assert old in text
    return {**files, path: text.replace(old, new).encode()}


@pytest.mark.parametrize("path", [AWARD, PARAMETERS, VOCABULARY])
@pytest.mark.parametrize("slip", ["", "format: 1\n", "format: 3\n", "format: true\n", "format: 2.0\n", "format: '2'\n"])
def test_a_file_of_another_format_is_told_with_its_place(files: dict[str, bytes], path: str, slip: str) -> None:
    assert ("unknown_format", "format") not in rules_of(files)
    assert ("unknown_format", "format") in rules_of(changed(files, path, "format: 2\n", slip))


@pytest.mark.parametrize(
    ("path", "old", "new", "rule"),
    [
        (AWARD, "format: 2\n", "format: 2\nparameters: {}\n", ("parameters_place", "parameters")),
        (PARAMETERS, "from: 2025-12-20\n", "", ("missing_key", "from")),
        (PARAMETERS, "    value: 5\n", "", ("missing_key", "parameters.years.value")),
        (PARAMETERS, "    value: 5\n", "    value: 5\n    exactly: 5\n", ("unknown_key", "parameters.years.value")),
        (VOCABULARY, "unit: working_days\n    question", "values: []\n    question", ("unknown_key", "parameters.notice_days.values")),
    ],
)  # fmt: skip
def test_slips_are_told_where_they_are(
    files: dict[str, bytes], path: str, old: str, new: str, rule: tuple[str, str]
) -> None:
    assert rule in rules_of(changed(files, path, old, new))


def test_a_question_of_the_vocabulary_is_asked_where_the_text_is_silent(files: dict[str, bytes]) -> None:
    assert award_of(files).parameters["notice_days"].question == ""
    silent = changed(files, PARAMETERS, "source: stated", "source: default")
    assert award_of(silent).parameters["notice_days"].question == "公示多少天没有写明。"


def test_only_the_vocabulary_an_award_uses_belongs_to_its_version(files: dict[str, bytes]) -> None:
    other = "processes/shared/parameters/votes.yaml"
    files[other] = "format: 2\nparameters:\n  vote_tie: {name: 同票, name_en: Tie, unit: choice}\n".encode()
    package = build_catalog(files).package(KEY)
    assert VOCABULARY in package.files
    assert other not in package.files
