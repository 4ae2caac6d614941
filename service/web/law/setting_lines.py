"""The value of a setting that is a list or a table, as rows with fields."""

from __future__ import annotations

from service.casework.queries.law.view_settings import SettingLine
from service.casework.studio.parameters.parameter_shape import is_closed, shape_of_value
from service.catalog import Package, Unit
from service.web.frame.posted.typed_lines import ITEMS, LineColumn, LineShape, lines_of


def setting_lines(package: Package, line: SettingLine) -> dict[str, str]:
    """Return the attribute of the text area of a list or a table; of any other value nothing."""
    shape = shape_of_value(package, line.parameter)
    if shape is not None:
        return lines_of(shape, closed=is_closed(package, line.parameter)).attributes()
    if line.parameter.unit is Unit.LIST and not line.alternatives:
        return LineShape(ITEMS, (LineColumn(line.parameter.text),)).attributes()
    return {}
