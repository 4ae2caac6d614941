from __future__ import annotations

import pytest

from service.casework.spreadsheets.experts import COLUMNS, export_experts, import_experts
from service.domain.errors import NotAllowed
from service.domain.spreadsheets.import_report import LineOutcome
from tests.support.review import ReviewBench

HEAD = [c.title.zh for c in COLUMNS]


def line(login: str, name: str, **cells: str) -> list[str]:
    known = {
        "name": name, "login": login, "employer": "某大学", "education": "博士研究生", "practising_since": "2001-07-01",
        "sectors": "机械、化工", "trained_on": "2025-06-01", **cells,
    }  # fmt: skip
    return [known.get(c.id, "") for c in COLUMNS]


def education(bench: ReviewBench) -> str:
    return next(label for value, label in next(c for c in COLUMNS if c.id == "education").choices if value == "doctor")


def test_experts_are_added_brought_up_to_date_and_left_as_they_are(scoring: ReviewBench) -> None:
    office, desk, word = scoring.actor("office"), scoring.desk, education(scoring)
    table = [
        HEAD,
        line("zhao.liu", "赵六", education=word),
        line("qian.qi", "钱七", education=word, practising_since="x"),
    ]
    first = import_experts(desk, office, "riverton", table)
    assert [r.outcome for r in first.lines] == [LineOutcome.TAKEN, LineOutcome.REFUSED]
    assert first.lines[1].field is not None
    assert first.lines[1].field.zh == "从事质量工作起始日"
    assert import_experts(desk, office, "riverton", table, commit=True).taken == 1
    assert import_experts(desk, office, "riverton", table, commit=True).lines[0].outcome is LineOutcome.KNOWN
    moved = [HEAD, line("zhao.liu", "赵六", education=word, employer="某研究所", trained_on="2026-01-10")]
    [report] = import_experts(desk, office, "riverton", moved, commit=True).lines
    assert (report.outcome, report.reason.zh) == (LineOutcome.CHANGED, "更新：工作单位、培训")
    _, exported = export_experts(desk, office, "riverton")
    [row] = [r for r in exported if r[0] == "赵六"]
    assert (row[1], row[2], str(row[11])) == ("zhao.liu", "某研究所", "2026-01-10")


def test_an_export_is_an_import_that_changes_nothing(scoring: ReviewBench) -> None:
    office = scoring.actor("office")
    columns, exported = export_experts(scoring.desk, office, "riverton")
    table = [[c.title.zh for c in columns], *([_cell(v) for v in row] for row in exported)]
    assert {r.outcome for r in import_experts(scoring.desk, office, "riverton", table).lines} == {LineOutcome.KNOWN}


def test_a_login_of_somebody_else_and_one_that_stands_twice_are_refused(scoring: ReviewBench) -> None:
    office, word = scoring.actor("office"), education(scoring)
    _, exported = export_experts(scoring.desk, office, "riverton")
    table = [HEAD, line(str(exported[0][1]), "别人", education=word), *[line("new.one", "新人", education=word)] * 2]
    reports = import_experts(scoring.desk, office, "riverton", table).lines
    assert [r.outcome for r in reports] == [LineOutcome.REFUSED, LineOutcome.TAKEN, LineOutcome.REFUSED]
    assert "另一姓名" in reports[0].reason.zh
    said = f"{reports[0].reason.zh}{reports[0].reason.en}".replace(str(exported[0][1]), "")
    assert str(exported[0][0]) not in said  # a list is no directory


def test_a_register_is_kept_by_its_own_office(scoring: ReviewBench) -> None:
    for call in (
        lambda a: import_experts(scoring.desk, a, "riverton", [HEAD]),
        lambda a: export_experts(scoring.desk, a, "riverton"),
    ):
        with pytest.raises(NotAllowed):
            call(scoring.actor("甲"))
    with pytest.raises(NotAllowed):
        export_experts(scoring.desk, scoring.actor("office"), "elsewhere")


def _cell(value: object) -> str:
    return "、".join(value) if isinstance(value, list | tuple) else "" if value is None else str(value)
