"""Error messages of a form, beside its fields and summed up on top."""

from __future__ import annotations

from collections.abc import Iterable

from service.domain.forms import FieldError
from service.web.forms.addresses import element_id, path_of
from service.web.forms.look import Look


def error_texts(errors: Iterable[FieldError], look: Look) -> dict[str, str]:
    """Return what to say beside each field, by path."""
    found: dict[str, str] = {}
    for error in errors:
        words = look.say(error.text)
        found[error.path] = f"{found[error.path]} {words}" if error.path in found else words
    return found


def error_links(errors: Iterable[FieldError], look: Look) -> list[dict[str, str]]:
    """Return what the summary on top says: each message with the id of its field, "" where it belongs to none."""
    return [
        {"id": element_id("f", path_of(error.path)) if error.path else "", "message": _summary(error, look)}
        for error in errors
    ]


def _summary(error: FieldError, look: Look) -> str:
    label, words = look.say(error.label), look.say(error.text)
    rows = "".join(
        look.t(f"第 {part + 1} 行", f"Row {part + 1} ") for part in path_of(error.path) if isinstance(part, int)
    )
    named = "" if label and label in words else label
    head = " ".join(part for part in (look.say(error.part), rows.strip(), named) if part)
    return f"{head}{look.t('：', ': ')}{words}" if head else words
