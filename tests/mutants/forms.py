"""Mutants of forms that cite: not required any more, wider bounds, shown where hidden, without one of their rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.forms.forms import FormMistake
from service.catalog.package import Package
from service.domain.errors import LaurelError
from service.domain.text import Text
from tests.mutants.mutant import Edit, Mutant, MutatedPiece


def mutants_of_forms(package: Package) -> Iterator[Mutant]:
    """Yield the mutants of the fields that cite a clause, and of every rule of a form that cites one."""
    for ident, path in package.forms.items():
        passes, schema = _opens(package, ident), _drawn(package, ident)
        of_form = _clauses(schema)
        for place, component in (((), schema), *_components(schema.get("components") or [], ())):
            cited = _clauses(component)
            key = str(component.get("path") or component.get("key") or component.get("id", ""))
            name = str(component.get("label") or component.get("dateLabel") or key)
            changes = [*_of_field(ident, name, component)] if cited else []
            changes += _of_rules(ident, name, component) if cited or of_form else []
            for what, told, keys, value in changes:
                yield Mutant(
                    f"{ident}/{key} {what}",
                    tuple(cited or of_form),
                    told,
                    MutatedPiece.FORM,
                    path,
                    _with_field((*place, *keys), value),
                    neutral=what != "hide",
                    passes=passes,
                    refused_at=ident if what != "hide" else "",
                    words=(key, ident),
                )


def _drawn(package: Package, ident: str) -> dict[str, Any]:
    """Return the schema of a form; nothing where a draft has it half written, so that it cannot be read."""
    try:
        return package.form(ident)
    except (FormMistake, LaurelError):
        return {}


def _clauses(component: Mapping[str, Any]) -> list[str]:
    return str((component.get("properties") or {}).get("clauses", "")).replace(",", " ").split()


def _opens(package: Package, form: str) -> frozenset[str]:
    return frozenset(
        f"{d.process_id}/{e.id}" for d in package.diagrams.values() for e in d.elements.values() if e.form == form
    )


def _components(
    items: list[dict[str, Any]], above: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    for number, item in enumerate(items):
        place = (*above, "components", number)
        yield place, item
        yield from _components(item.get("components") or [], place)


def _of_field(form: str, name: str, component: Mapping[str, Any]) -> Iterator[tuple[str, Text, tuple[str, ...], Any]]:
    validate = component.get("validate") or {}
    if validate.get("required"):
        told = Text(f"表单“{form}”的“{name}”不再必填", f"“{name}” of form “{form}” is required no more")
        yield "required", told, ("validate", "required"), False
    for key, step, zh, en in (("min", -1, "下限", "minimum"), ("max", 1, "上限", "maximum")):
        if isinstance(validate.get(key), int | float):
            told = Text(
                f"表单“{form}”的“{name}”的{zh}放宽一：{validate[key]}",
                f"{en} of “{name}” of form “{form}” wider by one: {validate[key]}",
            )
            yield key, told, ("validate", key), validate[key] + step
    hide = (component.get("conditional") or {}).get("hide")
    if isinstance(hide, str) and hide.startswith("="):
        told = Text(
            f"表单“{form}”的“{name}”的隐藏条件取反：{hide}",
            f"“{name}” of form “{form}” hidden where it was shown: {hide}",
        )
        yield "hide", told, ("conditional", "hide"), f"=not({hide[1:]})"


def _of_rules(form: str, name: str, component: Mapping[str, Any]) -> Iterator[tuple[str, Text, tuple[str, ...], Any]]:
    for key, formula in (component.get("properties") or {}).items():
        if key == "requiredIf" or re.fullmatch(r"rule(_[0-9]+)?", key):
            told = Text(
                f"表单“{form}”的“{name}”不再要求：{formula}", f"“{name}” of form “{form}” no longer asks: {formula}"
            )
            yield key, told, ("properties", key), "false" if key == "requiredIf" else "true"


def _with_field(place: tuple[Any, ...], value: Any) -> Edit:
    def edit(schema: dict[str, Any]) -> None:
        inner: Any = schema
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = value

    return edit
