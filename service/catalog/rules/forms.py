"""Forms: the file is a form, its id is its name, its field ids are unique."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.forms.forms import FormMistake, fields_of_file, parse_form
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.registry import Extent, check
from service.catalog.source.newest import by_file, of_newest
from service.domain.errors import Invalid, LaurelError
from service.domain.forms import FormRefused, compile_form
from service.domain.forms.compile_input import INPUTS
from service.domain.text import Text


def components_within(components: Any) -> Iterator[Mapping[str, Any]]:
    """Yield components and those inside of them, in the order of the file; what is none is left out."""
    for item in components if isinstance(components, list) else ():
        if isinstance(item, dict):
            yield item
            yield from components_within(item.get("components"))


def place_of(item: Mapping[str, Any]) -> str:
    """Return what a problem names a component by: its id, or its key where it has none."""
    return str(item.get("id") or item.get("key") or "")


_CORRECTION = re.compile("(?<!已按)(?:需要?|告知|要求|退回|限期|通知)补正")
"""What an option may be called by which a correction is asked for (not 已按要求补正); a hint alone goes by it."""


@check(Extent.PIECES, "form")
def forms_read(checked: Checked) -> Iterator[Problem]:
    """A form file is a form schema."""
    for path in checked.package.forms.values():
        try:
            parse_form(checked.package.files[path], path)
        except FormMistake as mistake:
            yield from (Problem(path, f.component, f.rule, f.message, f.remedy) for f in mistake.faults)
            if mistake.faults:
                continue
            yield Problem(
                path,
                "",
                "form",
                mistake.message,
                Text("重新从表单编辑器导出。", "Export it again from the form editor."),
            )


@check(Extent.PIECES, "form")
def forms_compile(checked: Checked) -> Iterator[Problem]:
    """A form holds only what can be shown and filled in here."""
    for ident in checked.schemas:
        path = checked.package.forms[ident]
        yield from _check_form(checked.package.files[path], path, ident)


@of_newest(by_file)
def _check_form(content: bytes, path: str, ident: str) -> tuple[Problem, ...]:
    try:
        compile_form(parse_form(content, path))
    except FormRefused as refused:
        return (Problem(path, refused.component, "form", refused.told, refused.remedy),)
    except LaurelError as mistake:
        remedy = Text("改正表单文件。", "Correct the form's file.")
        return (Problem(path, ident, "form", mistake.message, remedy),)
    return ()


@check(Extent.PIECES, "file_name")
def form_ids_match(checked: Checked) -> Iterator[Problem]:
    """A form's id is its file's name."""
    for ident, schema in checked.schemas.items():
        if schema.get("id", ident) != ident:
            yield build_error_problem(
                checked.package.forms[ident], str(schema.get("id")), "file_name",
                f"表单 id“{schema.get('id')}”与文件名“{ident}”不同。",
                f"Form id “{schema.get('id')}” differs from the file's name “{ident}”.",
                Text(f"改为“{ident}”。", f"Change it to “{ident}”."),
            )  # fmt: skip


@check(Extent.PIECES, "duplicate_id")
def fields_once(checked: Checked) -> Iterator[Problem]:
    """A component's id and a value's place stand once."""
    for ident in checked.schemas:
        path = checked.package.forms[ident]
        fields = fields_of_file(checked.package.files[path], path)
        for counts, what in (
            (Counter(field.id for field in fields if field.id), "id"),
            (Counter(field.path for field in fields if field.path and field.type not in ("group", "text")), "key"),
        ):
            for name in (name for name, count in counts.items() if count > 1):
                yield build_error_problem(
                    checked.package.forms[ident], name, "duplicate_id",
                    f"表单中 {what}“{name}”重复。", f"The {what} “{name}” stands twice in the form.",
                    Text("改成不同的名称。", "Give each its own."),
                )  # fmt: skip


@check(Extent.PIECES, "unlabelled")
def fields_labelled(checked: Checked) -> Iterator[Problem]:
    """A field that is shown, and each option of it, says in words what it is."""
    for ident, schema in checked.schemas.items():
        yield from iterate_unlabelled_fields(checked.package.forms[ident], schema)


def iterate_unlabelled_fields(path: str, schema: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is shown without words in the form ``schema`` at ``path``: its fields, and the options of each."""
    before = ""
    for item in components_within(schema.get("components")):
        if item.get("type") in INPUTS and not _is_unseen(item):
            yield from _check_labels(path, item, before)
        before = _get_label(item) or before


def _check_labels(path: str, item: Mapping[str, Any], before: str) -> Iterator[Problem]:
    """Yield that a field has no label, told by the one ``before`` it, and which of its options have none."""
    label = _get_label(item)
    if not label:
        zh, en = (
            (f"“{before}”之后的字段", f"The field after “{before}”") if before else ("第一个字段", "The first field")
        )
        yield build_error_problem(
            path, place_of(item), "unlabelled",
            f"{zh}没有标签，填写的人不知道要填什么。", f"{en} has no label: nobody knows what to fill in.",
            Text("填写它的标签。", "Give it a label."),
        )  # fmt: skip
    for value in _iterate_wordless_options(item):
        yield build_error_problem(
            path, place_of(item), "unlabelled",
            f"“{label}”的选项“{value}”没有标签，填写的人看到的是它的值。",
            f"Option “{value}” of “{label}” has no label: people are shown its value.",
            Text("填写这个选项的标签。", "Give the option a label."),
        )  # fmt: skip


def _get_label(item: Mapping[str, Any]) -> str:
    return next(
        (label for key in ("label", "dateLabel", "timeLabel") if (label := str(item.get(key) or "").strip())), ""
    )


def _is_unseen(item: Mapping[str, Any]) -> bool:
    properties = item.get("properties")
    return isinstance(properties, Mapping) and properties.get("unseen") == "true"


def _iterate_wordless_options(item: Mapping[str, Any]) -> Iterator[str]:
    """Yield the values of the options that people would read for want of a label; a value in Chinese is its own label."""
    values = item.get("values")
    for option in values if isinstance(values, list) else ():
        if isinstance(option, Mapping) and not str(option.get("label") or "").strip():
            value = str(option.get("value") or "")
            if value and value.isascii():
                yield value


@check(Extent.PIECES, "correction_undeclared")
def corrections_declared(checked: Checked) -> Iterator[Problem]:
    """A form with a choice to ask for a correction (补正) declares it (`asks_correction`)."""
    for ident, schema in checked.schemas.items():
        called = next(filter(_names_correction, components_within(schema.get("components"))), None)
        if called is None or (schema.get("properties") or {}).get("asks_correction"):
            continue
        yield build_warning_problem(
            checked.package.forms[ident], place_of(called), "correction_undeclared",
            f"“{_get_label(called)}”像是可以选择要求补正，但表单没有写明；想退回的人不会得知可以在这里要求补正。",
            f"“{_get_label(called)}” seems to offer to ask for a correction, and the form does not declare it: who would send "
            "the task back is not pointed to it.",
            Text(
                "在表单的 properties 写 asks_correction: true；不是要求补正的，写 false。",
                "Write asks_correction: true in the form's properties, or false where it asks for none.",
            ),
        )  # fmt: skip


def _names_correction(item: Mapping[str, Any]) -> bool:
    values = item.get("values")
    labels = [str(o.get("label")) for o in values if isinstance(o, Mapping)] if isinstance(values, list) else []
    return any(_CORRECTION.search(text) for text in (*labels, str(item.get("valuesExpression") or "")))


@check(Extent.PIECES, "edition")
def editions_read(checked: Checked) -> Iterator[Problem]:
    """A scoring edition is one: its points add up, its items are told apart."""
    for ident, path in checked.package.parts.scoring.items():
        try:
            checked.package.edition(ident)
        except Invalid as mistake:
            yield Problem(
                path,
                "",
                "edition",
                mistake.message,
                Text("对照标准原文改正。", "Correct it from the text of the standard."),
            )
