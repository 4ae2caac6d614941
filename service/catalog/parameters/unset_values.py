"""Values that are left empty although the text of the law states them."""

from __future__ import annotations

from typing import Any

from service.catalog.parameters.parameters import Basis, Parameter
from service.domain.text import Text

REMEDY = Text(
    "填写条文写明的取值；条文没有写明的，改为 source: default 并写出 question。",
    "Enter the value that the law states; where it states none, write source: default and the question.",
)
"""What is to be done in the file of parameters."""


def is_unset(value: Any) -> bool:
    """Tell whether a value says that there is none."""
    return value is None or value == "none"


def why_stated_unset(parameter: Parameter, value: Any, cited: str) -> Text | None:
    """Return why ``parameter`` is not left empty: its clauses, ``cited`` as people do, state it; None where it may be.

    One of the choices is a value, also where it says none.
    """
    if not is_unset(value) or parameter.source is not Basis.STATED or value in parameter.choices:
        return None
    name = parameter.text
    return Text(
        f"“{name.zh}”不能空着：{cited}写明了它，空着就落空。请填写取值；条文其实没有写明的，先改为由本地选定。",
        f"“{name.en}” cannot be left unset: {cited} states it and would have no effect. Enter a value; where the law states "
        "none after all, mark it as chosen by the place first.",
    )
