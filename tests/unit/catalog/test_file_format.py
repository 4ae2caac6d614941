"""Every file of a package says its format; parameters stand in a file of their own, completed by the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from service.catalog import Award, build_catalog
from service.catalog.check import check_catalog
from service.catalog.tree import read_tree
from tests.support.tree import PROJECT

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
