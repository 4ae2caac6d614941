"""Packages of the previous format check, deploy and play as they stand; ``laurel convert`` brings them into today's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from service.catalog import Award, build_catalog, check_catalog
from service.catalog.convert import convert
from service.catalog.tree import read_tree
from service.domain.errors import Invalid

PREVIOUS = Path(__file__).parents[2] / "data" / "format_1"
KEY = "lakeside/star_award"
AWARD, PARAMETERS = f"processes/{KEY}/award.yaml", f"processes/{KEY}/parameters.yaml"
VOCABULARY = "processes/shared/parameters/notices.yaml"
NOTICES = """format: 2
parameters:
  notice_working_days:
    name: 公示期
    name_en: Public notice
    key: notice_min_working_days
    unit: working_days
    question: 公示多少天没有写明。
  decision_working_days:
    name: 受理决定期限
    unit: working_days
    choices: [5, 10]
"""


@pytest.fixture
def previous() -> dict[str, bytes]:
    """The files of a package of the previous format, with a vocabulary that knows two of its parameters."""
    return {**read_tree(PREVIOUS), VOCABULARY: NOTICES.encode()}


def award_of(files: Mapping[str, bytes]) -> Award:
    return build_catalog(files).package(KEY).award


def rules_of(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    return [(p.rule, p.element) for p in check_catalog(build_catalog(files))]


def changed(files: Mapping[str, bytes], path: str, old: str, new: str) -> dict[str, bytes]:
    text = files[path].decode()
    assert old in text
    return {**files, path: text.replace(old, new).encode()}


def test_a_package_of_the_previous_format_checks_clean() -> None:
    catalog = build_catalog(read_tree(PREVIOUS))
    assert list(check_catalog(catalog)) == []
    assert catalog.package(KEY).parameters_file == AWARD


def test_the_vocabulary_says_nothing_of_a_package_of_the_previous_format(previous: dict[str, bytes]) -> None:
    package = build_catalog(previous).package(KEY)
    assert package.version == build_catalog(read_tree(PREVIOUS)).package(KEY).version
    assert package.award.parameters["notice_working_days"].key == ""


def test_converting_keeps_what_an_award_means_and_its_comments(previous: dict[str, bytes]) -> None:
    written = convert(previous, "lakeside", "star_award")
    assert set(written) == {AWARD, PARAMETERS}
    after = {**previous, **written}
    assert award_of(after) == award_of(previous)
    assert rules_of(after) == []
    text = written[PARAMETERS].decode()
    assert text.startswith("format: 2\nfrom: 2026-01-01\nparameters:\n  min_years:\n    name: 成立年限\n")
    assert "      - {from: 2027-01-01, value: 7}      # 2027年起从严" in text
    assert "公示期" not in text  # the vocabulary says it
    assert "    key: ''\n" in text  # and this it says otherwise
    assert b"parameters" not in written[AWARD]
    assert convert(after, "lakeside", "star_award") == {}


def test_what_carries_a_comment_stays_written(previous: dict[str, bytes]) -> None:
    previous = changed(previous, AWARD, "name: 公示期\n", "name: 公示期       # 办法的用语\n")
    previous = changed(previous, AWARD, "parameters:\n", "# 期限\nparameters:\n")
    previous = changed(previous, AWARD, "  decision_working_days:\n", "  # 受理\n  decision_working_days:\n")
    written = convert(previous, "lakeside", "star_award")
    text = written[PARAMETERS].decode()
    assert [line for line in text.splitlines() if "#" in line] == [
        "# 期限",
        "  # 受理",
        "    name: 公示期       # 办法的用语",
        "      - {from: 2027-01-01, value: 7}      # 2027年起从严",
    ]


def test_a_value_without_room_is_written_once(previous: dict[str, bytes]) -> None:
    previous = changed(previous, AWARD, "    minimum: 3\n", "    minimum: 3\n    maximum: 3\n")
    written = convert(previous, "lakeside", "star_award")
    assert "    source: stated\n    exactly: 3\n" in written[PARAMETERS].decode()
    known = award_of({**previous, **written}).parameters["min_years"]
    assert (known.minimum, known.maximum, known.values[0].value) == (3, 3, 3)


def test_what_cannot_be_read_is_not_converted(previous: dict[str, bytes]) -> None:
    with pytest.raises(Invalid):
        convert(changed(previous, AWARD, "tiers:", "teirs:"), "lakeside", "star_award")


def test_a_conversion_that_was_broken_off_goes_on(previous: dict[str, bytes]) -> None:
    written = convert(previous, "lakeside", "star_award")
    assert list(written) == [PARAMETERS, AWARD]  # nothing is given up before it stands elsewhere
    half = {**previous, PARAMETERS: written[PARAMETERS]}
    assert convert(half, "lakeside", "star_award") == written


def test_a_file_of_somebody_else_is_not_written_over(previous: dict[str, bytes]) -> None:
    with pytest.raises(Invalid, match=PARAMETERS):
        convert({**previous, PARAMETERS: b"# mine\nformat: 2\n"}, "lakeside", "star_award")


def test_a_file_as_windows_writes_it_is_converted(previous: dict[str, bytes]) -> None:
    windows = {**previous, AWARD: b"\xef\xbb\xbf" + previous[AWARD].replace(b"\n", b"\r\n")}
    written = convert(windows, "lakeside", "star_award")
    assert award_of({**windows, **written}) == award_of(previous)
    assert all(text.count(b"\n") == text.count(b"\r\n") for text in written.values())


@pytest.mark.parametrize("slip", ["99", "true", "1.0", "'2'", "[2]"])
def test_a_format_that_is_not_known_is_told_with_its_place(previous: dict[str, bytes], slip: str) -> None:
    files = {**previous, AWARD: f"format: {slip}\n".encode() + previous[AWARD]}
    assert ("unknown_format", "format") in rules_of(files)
    with pytest.raises(Invalid, match=AWARD):
        convert(files, "lakeside", "star_award")


@pytest.mark.parametrize(
    ("path", "old", "new", "rule"),
    [
        (AWARD, "format: 2", "format: 3", ("unknown_format", "format")),
        (AWARD, "format: 2\n", "", ("parameters_place", "format")),
        (AWARD, "format: 2\n", "format: 2\nparameters: {}\n", ("parameters_place", "parameters")),
        (PARAMETERS, "from: 2026-01-01\n", "", ("missing_key", "from")),
        (PARAMETERS, "    value: 10\n", "", ("missing_key", "parameters.decision_working_days.value")),
        (PARAMETERS, "    value: 10\n", "    value: 10\n    exactly: 10\n", ("unknown_key", "parameters.decision_working_days.value")),
        (VOCABULARY, "unit: working_days\n    question", "values: []\n    question", ("unknown_key", "parameters.notice_working_days.values")),
    ],
)  # fmt: skip
def test_slips_are_told_where_they_are(
    previous: dict[str, bytes], path: str, old: str, new: str, rule: tuple[str, str]
) -> None:
    files = {**previous, **convert(previous, "lakeside", "star_award")}
    assert rule in rules_of(changed(files, path, old, new))


def test_a_question_of_the_vocabulary_is_asked_where_the_text_is_silent(previous: dict[str, bytes]) -> None:
    files = {**previous, **convert(previous, "lakeside", "star_award")}
    assert award_of(files).parameters["notice_working_days"].question == ""
    silent = changed(files, PARAMETERS, "clauses: [LS-5]\n    source: stated", "source: default")
    assert award_of(silent).parameters["notice_working_days"].question == "公示多少天没有写明。"


def test_only_the_vocabulary_an_award_uses_belongs_to_its_version(previous: dict[str, bytes]) -> None:
    files = {**previous, **convert(previous, "lakeside", "star_award")}
    other = "processes/shared/parameters/votes.yaml"
    files[other] = "format: 2\nparameters:\n  vote_tie: {name: 同票, name_en: Tie, unit: choice}\n".encode()
    package = build_catalog(files).package(KEY)
    assert VOCABULARY in package.files
    assert other not in package.files
