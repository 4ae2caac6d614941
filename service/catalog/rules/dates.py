"""Dates that a form asks for: something is done with them, or the form says that they are only kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.catalog.feel import constant
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, warning
from service.catalog.rules.formulas import formulas_of
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text

_EVIDENCE = "evidence"
_SAID = re.compile(r"(?:label|description|help|title|text|ruleMessage)(?:_\w+)?")
"""Keys of a component whose texts only people read; a text may hold FEEL in double braces."""
_IN_TEXT = re.compile(r"\{\{((?:(?!\{\{).)*?)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A date that a form asks for: its component, where its value stands, and the list it is a column of."""

    form: str
    component: Mapping[str, Any]
    path: tuple[str, ...]
    rows: str

    @property
    def key(self) -> str:
        return self.path[-1]


@check(Extent.PACKAGE, "idle_date")
def dates_used(checked: Checked) -> Iterator[Problem]:
    """A date that a form asks for is read by a rule, a table, a diagram, a document or the register, or is declared a record."""
    places = _places(checked)
    outside = "\n".join(places)
    for ident, schema in checked.schemas.items():
        dates = tuple(one for one in _find_dates(ident, schema.get("components"), (), "") if not _declared(one))
        own = tuple(_own(schema)) if dates else ()
        naming = tuple(text for text in places if ident in text and _names(text, ident)) if dates else ()
        for asked in dates:
            if _used(checked, asked, own, naming, outside):
                continue
            label = str(asked.component.get("dateLabel") or asked.component.get("label") or asked.key)
            yield warning(
                checked.package.forms[ident], str(asked.component.get("id", asked.key)), "idle_date",
                f"表单要求填写“{label}”，但没有规则、决策表、流程、文书或者登记读取它。",
                f"The form asks for “{label}”, and no rule, table, diagram, document or register reads it.",
                Text(
                    f"读取 {ident}.{'.'.join(asked.path)}；只作留存的，在其 properties 写 record 和理由。",
                    f"Read {ident}.{'.'.join(asked.path)}; where it is only kept, write record with the reason in its properties.",
                ),
            )  # fmt: skip


def _find_dates(form: str, components: Any, path: tuple[str, ...], rows: str) -> Iterator[_Asked]:
    for item in components if isinstance(components, list) else ():
        if not isinstance(item, dict):
            continue
        own = str(item.get("path") or item.get("key") or "")
        here = (*path, own) if own else path
        if item.get("type") == "datetime" and own and not item.get("readonly"):
            yield _Asked(form, item, here, rows)
        inner = own if item.get("type") == "dynamiclist" else rows
        yield from _find_dates(form, item.get("components"), here, inner)


def _declared(asked: _Asked) -> bool:
    properties = asked.component.get("properties")
    return isinstance(properties, dict) and bool(properties.get("record"))


def _used(
    checked: Checked, asked: _Asked, own: tuple[tuple[str, str], ...], naming: tuple[str, ...], outside: str
) -> bool:
    """Tell whether a date is read: by the form's ``own`` expressions, or among those ``naming`` the form."""
    ident = asked.component.get("id")
    if any(ident != where and _names(text, asked.key) for where, text in own):
        return True
    if _is_fact(checked, asked) or _is_message(checked, asked, outside) or _is_routed(checked, asked):
        return True
    return any(_reads(text, asked) for text in naming)


def _reads(text: str, asked: _Asked) -> bool:
    """Tell whether an expression that names the form reads the date, or takes all rows of its list or the whole form."""
    dotted = re.escape(".".join((asked.form, *asked.path)))
    if re.search(rf"\b{dotted}\b", text):
        return True
    if asked.rows:
        named = _names(text, asked.rows) and _names(text, asked.key)
        whole = rf"(?:^|[:\[,\"])\s*{asked.form}(?:\.\w+)*\.{asked.rows}\s*(?:[,}}\]\"]|$)"
        return named or bool(re.search(whole, text))
    return text.strip().strip('"') == asked.form or (_names(text, "forms") and _names(text, asked.key))


def _is_fact(checked: Checked, asked: _Asked) -> bool:
    """Fields of a start form that are declared facts become facts at once."""
    return any(
        kind.start_form == asked.form and asked.key in kind.facts for kind in checked.package.award.processes.values()
    )


def _is_message(checked: Checked, asked: _Asked, outside: str) -> bool:
    """The form of an action goes with its message: the variable that takes it is read by its name."""
    sent = any(action.form == asked.form for action in checked.package.award.actions.values())
    return sent and bool(re.search(rf"\.{re.escape(asked.key)}\b", outside))


def _is_routed(checked: Checked, asked: _Asked) -> bool:
    routes = checked.for_now("routes by form", lambda: _routes(checked))
    return not {asked.key, ".".join(asked.path)}.isdisjoint(routes.get(asked.form, ()))


def _routes(checked: Checked) -> Mapping[str, set[str]]:
    """Return by form what steps that fill it in take out of it."""
    found: dict[str, set[str]] = {}
    for _, element in checked.elements():
        if element.form:
            found.setdefault(element.form, set()).update(element.routes)
    return found


def _places(checked: Checked) -> tuple[str, ...]:
    """Return every expression outside the forms, the lines of a document as one, without what tables only show."""
    documents: dict[str, list[str]] = {template.file: [] for template in checked.package.documents.values()}
    found: list[str] = []
    for formula in formulas_of(checked):
        documents.get(formula.file, found).append(formula.text)
    found += ["\n".join(texts) for texts in documents.values()]
    for table in checked.package.tables.values():
        found += [column.expression for column in table.inputs]
        found += [
            entry
            for row in table.rows
            for column, entry in zip(table.outputs, row.outputs, strict=False)
            if column.name != _EVIDENCE
        ]
    return (*found, *_operations(checked))


def _operations(checked: Checked) -> Iterator[str]:
    """Yield the forms that operations are told to read, and the expressions that they read where none is given."""
    for _, element in checked.elements():
        call = element.operation
        known = checked.package.operations.get(call.operation) if call else None
        for parameter in known.parameters if known and call else ():
            given = call.parameters.get(parameter.name, "") if call else ""
            if given:
                if parameter.name == "form":
                    yield str(constant(given))
            elif isinstance(parameter.default, str):
                yield parameter.default


def _own(node: Any, ident: str = "") -> Iterator[tuple[str, str]]:
    """Yield every expression of a form's own with the component it stands at."""
    if isinstance(node, dict):
        here = str(node.get("id") or ident)
        for key, value in node.items():
            if isinstance(value, str):
                if not _SAID.fullmatch(key):
                    yield here, value if value.startswith("=") or key.startswith(("rule", "requiredIf")) else ""
                else:
                    yield here, "\n".join(_IN_TEXT.findall(value))
            else:
                yield from _own(value, here)
    elif isinstance(node, list):
        for item in node:
            yield from _own(item, ident)


def _names(text: str, word: str) -> bool:
    return word in text and bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text))
