"""Controls of input fields: the kind of control, and its value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Required, TypedDict

from service.domain.calendar import CHINA
from service.domain.files.uploads import UploadRules, name_kinds
from service.domain.forms.limits import options_of
from service.domain.forms.model import Input, InputType
from service.domain.forms.names import COLLEAGUE
from service.domain.forms.normal import NormalField
from service.web.forms.look import FormUrls, Look
from service.web.forms.parts import ChoiceOption, File
from service.web.presentation import file_size

_CONTROLS = {
    InputType.TEXTFIELD: "text",
    InputType.TEXTAREA: "textarea",
    InputType.NUMBER: "number",
    InputType.DATE: "date",
    InputType.TIME: "time",
    InputType.DATETIME: "datetime",
    InputType.CHECKBOX: "tick",
    InputType.RADIO: "radio",
    InputType.SELECT: "select",
    InputType.CHECKLIST: "checkbox",
    InputType.TAGLIST: "checkbox",
    InputType.UPLOAD: "upload",
}


MONEY = ("元", "万元")
"""The units in which amounts are typed; while one types, the same amount stands beside it in the other."""


class Control(TypedDict, total=False):
    """What a field has by its control: the attributes of ``Field`` with these names."""

    control: Required[str]
    hint: Required[str]
    value: str
    choices: tuple[ChoiceOption, ...]
    files: tuple[File, ...]
    unit: str
    prefix: str
    money: str
    accept: str
    max_bytes: int
    max_count: int
    most: int
    offered: tuple[str, ...]
    lines: tuple[str, ...]


def control_of(
    node: Input, typed: object, scope: Mapping[str, object], look: Look, finding: NormalField | None = None
) -> Control:
    """Return the control of a field; ``typed`` is what the person entered, also when it is wrong.

    ``finding`` says which choice stands for no finding.
    """
    control = Control(
        control="typed" if node.typed else _CONTROLS[node.type],
        hint=look.say(node.hint),
        value=_format_typed(node, typed),
    )
    if node.type is InputType.UPLOAD:
        return control | _build_upload(node, typed, look)
    if node.person == COLLEAGUE:
        control["offered"] = look.colleagues
    if node.type is InputType.TEXTAREA and isinstance(node.max_length, int):
        limit = look.t(f"最多 {node.max_length} 个字", f"at most {node.max_length} characters")
        if isinstance(node.min_length, int) and node.min_length > 1:
            fewest, most = node.min_length, node.max_length
            limit = look.t(f"{fewest} 至 {most} 个字", f"{fewest} to {most} characters")
        control["hint"], control["most"] = _join_hints(control["hint"], limit), node.max_length
    chosen = {str(item) for item in typed} if isinstance(typed, list) else {str(typed)}
    normal = finding.normal if finding else None
    control["choices"] = tuple(
        ChoiceOption(option.value, look.say(option.label), option.value in chosen, option.value == normal)
        for option in options_of(node, scope, look.today)
    )
    is_money = node.type is InputType.NUMBER and node.suffix in MONEY
    control["unit"], control["prefix"], control["money"] = node.suffix, node.prefix, node.suffix if is_money else ""
    return control


def _build_upload(node: Input, typed: object, look: Look) -> Control:
    rules = _get_rules(node, look)
    return Control(
        control=_CONTROLS[node.type],
        hint=_join_hints(look.say(node.hint), _upload_hint(node, look)),
        files=files_of(typed, look),
        accept=",".join(rules.accept),
        max_bytes=rules.max_bytes,
        max_count=rules.max_count,
    )


def _format_typed(node: Input, typed: object) -> str:
    if node.type is InputType.CHECKBOX:
        return "true" if typed in (True, "true") else ""
    text = "" if typed is None or isinstance(typed, list | dict) else str(typed)
    if node.type is InputType.DATETIME:
        return _format_moment(text)
    return text[:5] if node.type is InputType.TIME else text


def _format_moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text if "T" in text else "")
    except ValueError:  # typed by a person, and not yet a moment
        return text[:16]
    return f"{moment.astimezone(CHINA) if moment.tzinfo else moment:%Y-%m-%d %H:%M}"


def posted_values(node: Input, typed: object) -> list[str]:
    """Return what a form posts for a value, one string per input of its name."""
    if node.type is InputType.UPLOAD:
        return [file.id for file in _iterate_files(typed)]
    if isinstance(typed, list):
        return [str(item) for item in typed]
    text = _format_typed(node, typed)
    return [text] if text else []


def files_of(typed: object, look: Look) -> tuple[File, ...]:
    """Return the uploaded files that a value lists."""
    return tuple(_address_file(_judge_file(file, look), look.urls) for file in _iterate_files(typed))


def _judge_file(file: File, look: Look) -> File:
    fault = look.urls.faults.get(file.id)
    return replace(file, fault=look.say(fault)) if fault else file


def _address_file(file: File, urls: FormUrls) -> File:
    if urls.side and file.id in urls.papers:
        return replace(file, href=urls.side.replace("{id}", file.id), side="swap" if urls.swaps else "go")
    return replace(file, href=urls.file.replace("{id}", file.id))


def _iterate_files(typed: object) -> Iterator[File]:
    for item in typed if isinstance(typed, list) else []:
        if isinstance(item, Mapping) and item.get("id"):
            ident, size = str(item["id"]), str(item.get("size") or "")
            yield File(
                ident,
                str(item.get("name") or ident),
                file_size(int(size)) if size.isascii() and size.isdigit() else "",
                "",
            )


def _get_rules(node: Input, look: Look) -> UploadRules:
    return node.upload.within(look.urls.largest) if look.urls.largest else node.upload


def _upload_hint(node: Input, look: Look) -> str:
    rules = _get_rules(node, look)
    kinds = look.t("、", ", ").join(name_kinds(rules.accept))
    size = file_size(rules.max_bytes).replace(".0 ", " ")
    return look.t(
        f"{kinds}，每个不超过 {size}，最多 {rules.max_count} 个",
        f"{kinds}, up to {size} each, at most {rules.max_count}",
    )


def _join_hints(first: str, second: str) -> str:
    if not first:
        return second
    between = "" if first[-1] in "。！？" else " " if first[-1] == "." else "; " if first.isascii() else "；"
    return f"{first}{between}{second}"
