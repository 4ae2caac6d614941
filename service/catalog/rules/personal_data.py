"""Personal data that a form asks for: the law asks for it, or the form says what for, and nothing personal is left unmarked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_warning_problem
from service.catalog.rules.forms import components_within, place_of
from service.catalog.rules.registry import Extent, check
from service.domain.forms.compile_input import INPUTS
from service.domain.text import Text

_SAYS_PERSONAL = re.compile("电话|手机|邮箱|身份证|身份号码|住址|出生日期|银行卡号")
"""Words of a label by which somebody can be reached or told from others."""
_IDENTITY_NUMBER = "identity_number"
_REACHED_BY = ("email", "phone")
_SHORTEST = 4
"""A purpose has at least so many signs: “办理” says nothing."""


@check(Extent.PIECES, "personal_purpose")
def personal_data_needed(checked: Checked) -> Iterator[Problem]:
    """A field of personal data cites the clause that asks for it, or says to whoever fills it in what it is needed for."""
    for ident, item in _iterate_fields(checked):
        properties = _to_mapping(item.get("properties"))
        purpose = str(properties.get("purpose") or "").strip()
        if not _has_personal_mark(properties) or properties.get("clauses") or len(purpose) >= _SHORTEST:
            continue
        yield build_warning_problem(
            checked.package.forms[ident], place_of(item), "personal_purpose",
            f"表单要求填写个人信息“{_get_label(item)}”，但没有写明用途，也没有引用要求它的条款。",
            f"The form asks for the personal data “{_get_label(item)}” and says neither what for nor which clause wants it.",
            Text(
                "填写“为什么收集”（purpose），或者选择要求它的条款（clauses）；办理用不到的，删去这一项。",
                "Enter what it is for (purpose), or choose the clause that wants it (clauses); where the work needs neither, take the field out.",
            ),
        )  # fmt: skip


@check(Extent.PIECES, "personal_unmarked")
def personal_data_marked(checked: Checked) -> Iterator[Problem]:
    """A field for an identity number, or by which a person is reached, is marked as personal data or said to be none."""
    for ident, item in _iterate_fields(checked):
        properties = _to_mapping(item.get("properties"))
        if "personal" in properties or properties.get("purpose") or not _is_personal(item):
            continue
        yield build_warning_problem(
            checked.package.forms[ident], place_of(item), "personal_unmarked",
            f"“{_get_label(item)}”像是个人信息，但没有标明，能看办件的人都看得到。",
            f"“{_get_label(item)}” looks like personal data and is not marked: whoever sees the case reads it.",
            Text(
                "勾选“个人信息”（personal: true）；本来就对外公布的，填写“为什么收集”（purpose）。",
                "Tick “personal data” (personal: true); where it is made public anyway, enter what it is for (purpose).",
            ),
        )  # fmt: skip


def _iterate_fields(checked: Checked) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield what forms ask people to fill in, with the id of the form; what is only shown was asked for elsewhere."""
    for ident, schema in checked.schemas.items():
        if ident not in checked.package.forms:
            continue
        for item in components_within(schema.get("components")):
            if item.get("type") in INPUTS and item.get("key") and item.get("readonly") is not True:
                yield ident, item


def _has_personal_mark(properties: Mapping[str, Any]) -> bool:
    return properties.get("personal") in ("true", True)


def _is_personal(item: Mapping[str, Any]) -> bool:
    if item.get("type") not in ("textfield", "textarea", "number"):
        return False
    if _to_mapping(item.get("properties")).get("check") == _IDENTITY_NUMBER:
        return True
    reached = _to_mapping(item.get("validate")).get("validationType") in _REACHED_BY
    return reached or bool(_SAYS_PERSONAL.search(_get_label(item)))


def _get_label(item: Mapping[str, Any]) -> str:
    return str(item.get("label") or item.get("dateLabel") or item.get("key"))


def _to_mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
