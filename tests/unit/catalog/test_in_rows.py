"""Entries put into rows of YAML where they stand mean what a document written anew means, and leave the rest as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.catalog.new_city.condition_clauses import answered
from service.catalog.new_city.rows import flow_row
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.in_rows import put_in_rows

SEASONS = sorted((Path(__file__).parents[3] / "processes").glob("*/quality_award/scenarios/*.yaml"))


def put(text: str, nick: str = "") -> str | None:
    return put_in_rows(
        text,
        "steps",
        lambda step: step.get("start") == "application" and nick in ("", step.get("name")),
        "with",
        {"condition_1": "yes"},
    )


@pytest.mark.parametrize("path", SEASONS[::20], ids=lambda path: f"{path.parts[-4]}-{path.stem}")
def test_a_season_reads_as_if_it_was_written_anew(path: Path) -> None:
    text = path.read_text()
    document = load_yaml(text)
    for step in document["steps"]:
        if step.get("start") == "application":
            step["with"] = flow_row({**(step.get("with") or {}), "condition_1": "yes"})
    assert put(text) == dump_yaml(document)


def test_only_the_row_that_is_meant_changes_and_every_other_byte_stays() -> None:
    text = (
        "# 说明\nsteps:\n  - {as: 甲,  start: application, name: 甲, with: {a: 1}}  # 甲申报\n"
        "  - {start: application, name: 乙, with: {condition_1: 'no', b: '}'}}\n"
    )
    assert put(text, "甲") == text.replace("{a: 1}", "{a: 1, condition_1: yes}")
    assert put(text, "乙") == text.replace("condition_1: 'no'", "condition_1: yes")
    assert put(text.replace("{a: 1}", "{}"), "甲") == text.replace("{a: 1}", "{condition_1: yes}")


@pytest.mark.parametrize(
    "said",
    ["with: &x {a: 1}", "with: *x", "name: 丙", "with:\n      a: 1", "with: {a: 1,}", "with: null"],
)
def test_what_stands_otherwise_has_to_be_written_anew(said: str) -> None:
    head = "data:\n  - &x {a: 1}\n" if "*x" in said else ""
    text = f"{head}steps:\n  - start: application\n    {said}\n"
    assert put(text) is None
    assert [step["with"]["k"] for step in load_yaml(answered(text, ["k"]))["steps"]] == ["yes"]
