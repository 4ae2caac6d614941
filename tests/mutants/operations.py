"""Mutants of the parameters that a service task hands to its operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from service.catalog.bpmn.vocabulary import EXTENSIONS
from service.domain.text import Text
from tests.mutants.mutant import Edit

SPIFF = f"{{{EXTENSIONS}}}"
_NUMBERS = {"working_days", "calendar_days", "places", "lookback_years", "years", "months", "days"}
_IN_CONTEXT = {
    "signature": '"\\"（已改）\\""', "prize": '"0"', "recipients": '"[]"', "to": '"\\"office\\""', "copies": '"[]"',
}  # fmt: skip
_SHORT = 4
"""A text of fewer letters, quotation citing_elements included, says nothing that could be missed."""


def mutants_of_parameter(name: str, key: str, value: str) -> Iterator[tuple[str, Text, str]]:
    """Yield what is changed of parameter ``key`` of the element ``name``: by what word, told how, and the other value."""
    text = value.strip()
    if key in ("recipients", "to"):
        other = '"applicant"' if text == '"office"' else '"office"'
        told = Text(f"“{name}”不再送给原收件人 {text}", f"“{name}” no longer goes to {text}")
        yield key, told, "[]" if key == "recipients" else other
    elif key in _NUMBERS:
        told = Text(f"“{name}”的 {key} 加一：{text}", f"{key} of “{name}” one more: {text}")
        yield key, told, f"if ({text}) = null then null else 1 + ({text})"
    elif key in ("entries", "media") or (key in ("text", "title") and len(text) > _SHORT):
        told = Text(f"“{name}”的 {key} 不再写内容：{text[:60]}", f"{key} of “{name}” left empty: {text[:60]}")
        yield key, told, '"[]"' if key in ("entries", "media") else '"—"'
    elif re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        more = f"{float(text) + 1:g}"
        yield key, Text(f"“{name}”的 {key} 由{text}改为{more}", f"{key} of “{name}” {more} instead of {text}"), more
    elif text in ("true", "false"):
        told = Text(f"“{name}”的 {key} 取反（原为 {text}）", f"{key} of “{name}” negated (was {text})")
        yield key, told, "false" if text == "true" else "true"
    elif text.startswith("{"):
        yield from _of_context(name, key, text)


def parameter_edit(name: str, value: str) -> Edit:
    """Return the edit that gives parameter ``name`` of a service task another value."""

    def edit(node: Any) -> None:
        next(p for p in node.iter(f"{SPIFF}parameter") if p.get("id") == name).set("value", value)

    return edit


def _of_context(name: str, key: str, text: str) -> Iterator[tuple[str, Text, str]]:
    for entry, begin, end in _entries(text):
        if entry in _IN_CONTEXT:
            was = text[begin:end].strip()[:80]
            told = Text(f"“{name}”的 {entry} 改写：{was}", f"{entry} of “{name}” rewritten: {was}")
            yield f"{key}.{entry}", told, text[:begin] + " " + _IN_CONTEXT[entry] + text[end:]


def _entries(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield key, begin and end of each value at the top of a FEEL context."""
    depth, quoted, key, begin, at = 0, False, "", 1, 0
    while at < len(text):
        char = text[at]
        if quoted and char == "\\":
            at += 1
        elif char == '"':
            quoted = not quoted
        elif not quoted and char in "{[(":
            depth += 1
        elif not quoted and char == ":" and depth == 1 and not key:
            key, begin = text[begin:at].strip().strip('"'), at + 1
        elif not quoted and (char in "}])" or (char == "," and depth == 1)):
            if depth == 1:
                yield key, begin, at
                key, begin = "", at + 1
            depth -= char != ","
        at += 1
