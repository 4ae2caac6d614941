"""The headings of a round as lists: where every applicant stands, how far they came, how severe its reviewers were."""

from __future__ import annotations

from collections.abc import Iterable

from service.domain.spreadsheets.lists import CellKind, Column
from service.domain.text import Text

COLUMNS = (
    Column("_name", Text("申报组织", "Applicant"), given=True),
    Column("_number", Text("申报编号", "Number"), given=True),
    Column("_stage", Text("环节", "Stage"), given=True),
    Column("_holder", Text("现由谁办理", "With"), given=True),
    Column("_what", Text("事项", "Matter"), given=True),
    Column("_since", Text("自何日起", "Since"), kind=CellKind.DAY, given=True),
    Column("_days", Text("已等天数", "Days waited"), kind=CellKind.NUMBER, given=True),
    Column("_last", Text("期限", "Last day"), kind=CellKind.DAY, given=True),
    Column("_flags", Text("提示", "Flags"), given=True),
)

REVIEWERS = (
    Column("_stage", Text("评审阶段", "Stage"), given=True),
    Column("_reviewer", Text("评审员", "Reviewer"), given=True),
    Column("_sheets", Text("可比评分表", "Sheets compared"), kind=CellKind.NUMBER, given=True),
    Column("_mean", Text("平均得分率", "Mean percent"), kind=CellKind.NUMBER, given=True),
    Column("_apart", Text("与中位数的平均差", "Mean distance to the median"), kind=CellKind.NUMBER, given=True),
    Column("_lowest", Text("最低差", "Lowest distance"), kind=CellKind.NUMBER, given=True),
    Column("_highest", Text("最高差", "Highest distance"), kind=CellKind.NUMBER, given=True),
)


def funnel_columns(stages: Iterable[Text]) -> tuple[Column, ...]:
    """Return the headings of how many came to each of ``stages``, by what they chose when they applied."""
    return (
        Column("_by", Text("按什么分", "By"), given=True),
        Column("_choice", Text("选项", "Choice"), given=True),
        Column("_applied", Text("申报", "Applied"), kind=CellKind.NUMBER, given=True),
        *(Column(f"_stage_{n}", stage, kind=CellKind.NUMBER, given=True) for n, stage in enumerate(stages, 1)),
    )
