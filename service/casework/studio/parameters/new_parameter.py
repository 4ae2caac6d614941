"""What is typed of a new parameter: its name, unit, id and value, read in one way wherever somebody types them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from service.casework.studio.parameters.parameter_refused import ParameterRefused
from service.catalog import Basis, Package, Parameter, Unit
from service.catalog.made_id import made_id
from service.catalog.settings.settings import read_value
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_times import read_day


def unit_of(typed: str) -> Unit:
    """Return a unit; raises Invalid for none."""
    try:
        return Unit(typed)
    except ValueError:
        raise Invalid(Text("请选择单位。", "Choose a unit.")) from None


def demand_name(name: str) -> str:
    """Return a name without blanks around it; raises Invalid where there is none."""
    if not name.strip():
        raise Invalid(Text("请填写参数名称。", "Enter the name of the parameter."))
    return name.strip()


def id_of(package: Package, name: str) -> str:
    """Return an id for a parameter called ``name`` that ``package`` has not; raises Invalid for no name."""
    return made_id(demand_name(name), package.award.parameters, "parameter")


def value_of(ident: str, name: str, unit: Unit, typed: str, choices: Sequence[str] = ()) -> Any:
    """Return the value that was typed of a new parameter; raises Invalid for what the unit does not allow."""
    return read_value(Parameter(ident, Text(name, name), unit, Basis.STATED, (), (), choices=tuple(choices)), typed)


def day_typed(typed: str) -> date | None:
    """Return the day that was typed, None for none; raises ParameterRefused for what is no day."""
    if not typed.strip():
        return None
    try:
        return read_day(typed)
    except ValueError:
        raise ParameterRefused(
            Text(f"“{typed}”不是日期，请按 2027-01-01 填写。", f"“{typed}” is no day: write it as 2027-01-01."), "since"
        ) from None
