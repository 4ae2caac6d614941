"""Units of parameters in the words of the forms."""

from __future__ import annotations

from service.catalog.parameters.parameters import Unit
from service.catalog.parameters.units import PERIODS
from service.domain.text import Text

UNITS = {
    **PERIODS,
    Unit.COUNT: Text("个数", "a number of things"),
    Unit.YUAN: Text("元", "yuan"),
    Unit.FRACTION: Text("比例", "a fraction"),
    Unit.POINTS: Text("分", "points"),
    Unit.BOOLEAN: Text("是或否", "yes or no"),
    Unit.DATE: Text("日期", "a date"),
    Unit.TEXT: Text("文字", "a text"),
    Unit.CHOICE: Text("选项", "one of several words"),
    Unit.LIST: Text("列表", "a list"),
    Unit.TABLE: Text("表", "a table"),
}
"""What a value counts, in words."""
