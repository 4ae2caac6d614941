"""Remarks on the text of a regulation, and what an amendment says about running cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.catalog import build_catalog
from service.catalog.check import check_catalog
from service.catalog.coverage.coverage import coverage, remarks_of
from service.catalog.law.law import read_law
from service.catalog.source.fields import read_fields
from service.cli.check import check
from tests.unit.catalog.conftest import LAW, Change
from tests.unit.catalog.test_commands import run

KEY = "lakeside/star_award"
PROJECT = Path(__file__).parents[3]
REMARK = "remarks: [{clauses: [LS-6], text: 原文漏字。, reading: 按补足的文字理解。}]\nclauses:"


def problems(files: object) -> list[tuple[str, str]]:
    return [(p.rule, p.element) for p in check_catalog(build_catalog(files))]  # type: ignore[arg-type]


def test_a_remark_is_told_and_is_no_problem(changed: Change) -> None:
    files = changed(LAW, "clauses:", REMARK)
    assert problems(files) == []
    (remark,) = remarks_of([build_catalog(files).package(KEY).law])
    assert (remark.element, remark.message.zh, remark.severity.value) == ("LS-6", "原文漏字。", "remark")
    assert "按补足的文字理解" in remark.remedy.zh


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("remarks: [{clauses: [LS-99], text: 漏字。, reading: 补足。}]", "unknown_clause"),
        ("remarks: [{clauses: [], text: 漏字。, reading: 补足。}]", "remark_without_clause"),
        ("amendment: {applies_to_running: true}", "amendment_without_clause"),
        ("amendment: {applies_to_running: true, clauses: [LS-99]}", "unknown_clause"),
    ],
)
def test_what_a_remark_or_an_amendment_cites_must_be_there(changed: Change, text: str, rule: str) -> None:
    assert rule in [found for found, _ in problems(changed(LAW, "clauses:", f"{text}\nclauses:"))]


def test_the_clause_by_which_an_amendment_reaches_running_cases_is_carried_out(changed: Change) -> None:
    files = dict(changed(LAW, "clauses:", "amendment: {applies_to_running: true, clauses: [LS-9]}\nclauses:"))
    files[LAW] += "  - {id: LS-9, article: 第九条, kind: validity, summary: 适用于进行中的申报。}\n".encode()
    assert coverage(build_catalog(files).package(KEY)).uncovered == ()


def test_check_lists_remarks_apart_from_problems(tmp_path: Path, tree: dict[str, bytes]) -> None:
    for path, data in {**tree, LAW: tree[LAW].replace(b"clauses:", REMARK.encode(), 1)}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    found = json.loads(run(check, tmp_path, "--json").output)
    assert found["problems"] == []
    assert [(r["element"], r["severity"]) for r in found["remarks"]] == [("LS-6", "remark")]


def test_the_mistakes_of_the_five_regulations_are_told() -> None:
    told = {}
    for path in (PROJECT / "processes").glob("*/law.yaml"):
        law = read_law(read_fields(path.read_bytes(), path.name, lambda problem: pytest.fail(problem.message.zh)))
        told[path.parent.name] = " ".join(remark.message.zh for remark in remarks_of([law]))
    assert "比准" in told["ganzhou"]
    assert "两个第二十三条" in told["ganzhou"]
    assert "（十五）" in told["yining"]
    assert "30日后施行" in told["kizilsu"]
