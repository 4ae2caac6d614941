"""The value of a parameter that is a list or a table as inputs of its page, and what was typed into them."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from service.casework.simulate.scenarios.shapes import Like
from service.casework.studio.parameters.parameter_shape import is_closed, shape_of_value, with_ids
from service.catalog import Package, Parameter
from service.catalog.settings.settings import read_value, typed_value
from service.domain.errors import Invalid
from service.web.studio.scenarios.scenario_inputs import ABSENT, COUNT, RowInput, input_of
from service.web.studio.scenarios.scenario_reading import read_input

NAME = "value"
BESIDE = "value_beside"
"""Further items of a list whose names are not all known, one a line."""


def value_input(package: Package, parameter: Parameter, typed: str, rows: Any = ABSENT) -> RowInput | None:
    """Return the inputs of a value: of ``rows`` as they stand on the page, or of what ``typed`` says; None for one text."""
    shape = shape_of_value(package, parameter)
    if shape is None:
        return None
    try:
        value = read_value(parameter, typed) if rows is ABSENT else rows
    except Invalid:
        return None
    found = input_of(shape, value, NAME)
    return None if found.written else found


def asks_beside(package: Package, parameter: Parameter, shown: RowInput | None) -> bool:
    """Tell whether a list may have further items than those that are offered by name."""
    return shown is not None and shown.shape.like is Like.SEVERAL and not is_closed(package, parameter)


def posted_rows(package: Package, parameter: Parameter, form: MultiDict[str, str], held: str) -> Any:
    """Return the value in the inputs, ABSENT where the page had one text; raises Invalid for a number that is none."""
    shape = shape_of_value(package, parameter)
    many = shape is not None and shape.like in (Like.ROWS, Like.SEVERAL)
    if shape is None or (NAME in form and not many) or (many and NAME + COUNT not in form):
        return ABSENT
    value = read_input(shape, form, NAME, read_value(parameter, held) if held else ABSENT)
    if shape.like is Like.SEVERAL:
        beside = [line.strip() for line in form.get(BESIDE, "").splitlines() if line.strip()]
        return [*([] if value in (ABSENT, None) else value), *beside]
    return [] if value is ABSENT and many else value


def posted_text(parameter: Parameter, rows: Any) -> str:
    """Return the value of the inputs as text, which is read as anybody's who types one; ids that are missing are made."""
    return typed_value(with_ids(parameter, rows) if isinstance(rows, list) else rows)
