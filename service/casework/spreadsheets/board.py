"""The board of a round as a list: where every applicant stands."""

from __future__ import annotations

from service.domain.lists import CellKind, Column
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
