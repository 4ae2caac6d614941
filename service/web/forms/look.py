"""How a form is drawn: its mode, the ids of its fields, its words, its faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from markupsafe import Markup

from service.domain.forms import FieldError
from service.domain.forms.limits import options_of
from service.domain.forms.model import Input, InputType, Path
from service.domain.text import Text
from service.domain.values.value_at import value_at
from service.domain.wording.numbers import decimal_text
from service.web.presentation import NO_VALUE, date_words, file_size


class Mode(StrEnum):
    """To fill in, to read on the screen, or to print."""

    EDIT = "edit"
    READ = "read"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class FormUrls:
    """Where a form sends what: ``upload`` may hold ``{field}``; ``file`` holds ``{id}`` and shows an uploaded file.

    ``side`` holds ``{id}`` too: it shows those of ``papers`` at the side of the page, which ``swaps`` if it stands there.
    ``faults`` say what is known against files, by their id. ``largest`` are the bytes of the largest file that ``upload``
    takes, where the form allows more; 0: as the form says.
    """

    refresh: str = ""
    upload: str = ""
    file: str = ""
    side: str = ""
    papers: frozenset[str] = frozenset()
    swaps: bool = False
    faults: Mapping[str, Text] = field(default_factory=dict)
    largest: int = 0


Cite = Callable[[Sequence[str]], Markup]
"""Draws the citations of clause ids."""

Line = Callable[[str], str]
"""Says a line that the program wrote, such as a finding, in the reader's language."""

Beside = Callable[[Input], Markup]
"""Draws what is known on a field from elsewhere; nothing where nothing is."""


#: A form that is only read needs no addresses.
NO_URLS = FormUrls()


@dataclass(frozen=True, slots=True)
class Look:
    """Everything about showing a form that is not its values.

    ``stored`` is what is kept of read-only fields, and values from outside the form; ``cite`` draws the citations of clause ids;
    ``focus`` is the path of a row that was just added (``Form.added_row``), whose first field takes the focus;
    ``shut`` are fields that stay as they are, ``marked`` the parts of the form that must be corrected; ``apart``
    sets the ids of its elements apart from those of other forms on the page; ``findings`` says that blank findings may
    be filled in at once as normal; ``colleagues`` are names offered where one is asked for; ``beside`` draws what other
    forms and the program say on a field; ``line`` says a line that the program wrote as its reader understands it.
    """

    today: date
    mode: Mode = Mode.EDIT
    urls: FormUrls = NO_URLS
    language: str = "zh"
    stored: Mapping[str, object] = field(default_factory=dict)
    cite: Cite | None = None
    focus: str | None = None
    shut: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()
    apart: str = ""
    findings: bool = False
    colleagues: tuple[str, ...] = ()
    beside: Beside | None = None
    line: Line = str

    def say(self, text: Text) -> str:
        """Return a sentence in the reader's language."""
        return text.pick(self.language)

    def t(self, zh: str, en: str) -> str:
        """Return a sentence in the reader's language; a page says hundreds, most of them in Chinese."""
        return zh if self.language == "zh" else Text(zh, en).pick(self.language)


def element_id(prefix: str, path: Path) -> str:
    """Return the id of the element at a path: ``f-finance-0-revenue``."""
    return "-".join((prefix, *(str(part) for part in path)))


def path_of(name: str) -> Path:
    """Return the path of an HTML name such as ``finance.0.revenue``."""
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) < 7 else part for part in name.split("."))


_DAY = re.compile(r"(?<![\w.-])\d{4}-\d\d-\d\d(?![\w.-])", re.ASCII)
"""A day as ISO 8601 writes it, in a text that the program supplied."""
_CHOICES = (InputType.RADIO, InputType.SELECT, InputType.CHECKLIST, InputType.TAGLIST)


def list_field_items(node: Input, value: object, scope: Mapping[str, object], look: Look) -> tuple[str, ...]:
    """Return the files or choices of a list, each as people read it; of a field that holds no list nothing."""
    if not isinstance(value, list):
        return ()
    if node.type is InputType.UPLOAD:
        return tuple(_describe_file(item) for item in value)
    return tuple(words_of(node, [item], scope, look) for item in value) if node.type in _CHOICES else ()


def words_of(node: Input, value: object, scope: Mapping[str, object], look: Look) -> str:
    """Return a field's value as people read it, with what stands before and after it."""
    if value is None or value == "":
        return NO_VALUE
    if node.type in _CHOICES:
        labels = {option.value: look.say(option.label) for option in options_of(node, scope, look.today)}
        chosen = value if isinstance(value, list) else [value]
        return look.t("、", ", ").join(labels.get(str(item), str(item)) for item in chosen)
    if node.type is InputType.UPLOAD:
        return look.t("、", ", ").join(_describe_file(item) for item in value) if isinstance(value, list) else NO_VALUE
    if node.readonly is True and isinstance(value, str):
        value = _DAY.sub(lambda day: _format_day(day[0], look), value)
    return " ".join(part for part in (node.prefix, plain_words(value, look), node.suffix) if part)


def plain_words(value: object, look: Look) -> str:
    """Return any FEEL value as people read it."""
    if value is None:
        return NO_VALUE
    if isinstance(value, bool):
        return look.t("是", "Yes") if value else look.t("否", "No")
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime):
        return f"{date_words(value.date(), look.language)} {value:%H:%M}"
    if isinstance(value, date):
        return date_words(value, look.language)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return look.t("、", ", ").join(plain_words(item, look) for item in value)
    return str(value)


def _format_day(text: str, look: Look) -> str:
    try:
        return date_words(date.fromisoformat(text), look.language)
    except ValueError:  # looks like a day and is none
        return text


def _describe_file(file: object) -> str:
    if not isinstance(file, Mapping):
        return NO_VALUE
    size = file.get("size")
    return f"{file.get('name')} ({file_size(size)})" if isinstance(size, int) and size else str(file.get("name"))


def error_texts(errors: Iterable[FieldError], look: Look) -> dict[str, str]:
    """Return what to say beside each field, by path."""
    texts: dict[str, str] = {}
    for error in errors:
        words = look.say(error.text)
        texts[error.path] = f"{texts[error.path]} {words}" if error.path in texts else words
    return texts


def error_links(
    errors: Iterable[FieldError], look: Look, typed: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """Return what the summary on top says: each message with the id of its field, "" where it belongs to none, and whether that is empty.

    A value that cannot stay is named as it was ``typed``. Of more than the summary shows at once such messages come first;
    else all stand in the order of the page.
    """
    lines = [
        {
            "id": element_id("f", path_of(error.path)) if error.path else "",
            "message": _summarise_error(error, look) + _name_typed(error, look, typed),
            "missing": error.code == "missing",
        }
        for error in errors
    ]
    return lines if len(lines) <= _SHOWN_AT_ONCE else sorted(lines, key=lambda line: bool(line["missing"]))


_SHOWN_AT_ONCE = 8
_LONGEST_NAMED = 30


def _name_typed(error: FieldError, look: Look, typed: Mapping[str, object] | None) -> str:
    value = value_at(typed, path_of(error.path)) if error.code == "wrong" and error.path else None
    if not isinstance(value, str) or not value.strip():
        return ""
    short = value if len(value) <= _LONGEST_NAMED else f"{value[:_LONGEST_NAMED]}…"
    return look.t(f"（现填“{short}”）", f" (now “{short}”)")


def _summarise_error(error: FieldError, look: Look) -> str:
    label, words = look.say(error.label), look.say(error.text)
    rows = "".join(
        look.t(f"第 {part + 1} 行", f"Row {part + 1} ") for part in path_of(error.path) if isinstance(part, int)
    )
    named = "" if label and label in words else label
    head = " ".join(part for part in (look.say(error.part), rows.strip(), named) if part)
    return f"{head}{look.t('：', ': ')}{words}" if head else words
