"""Values of form fields as text, for reading and printing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from service.domain.forms.limits import options_of
from service.domain.forms.model import Input, InputType
from service.domain.forms.values import number_text
from service.web.forms.look import Look
from service.web.presentation import NO_VALUE, date_words, file_size

_CHOICES = (InputType.RADIO, InputType.SELECT, InputType.CHECKLIST, InputType.TAGLIST)


def listed(node: Input, value: object, scope: Mapping[str, object], look: Look) -> tuple[str, ...]:
    """Return the files or choices of a list, each as people read it; of a field that holds no list nothing."""
    if not isinstance(value, list):
        return ()
    if node.type is InputType.UPLOAD:
        return tuple(_file(one) for one in value)
    return tuple(words_of(node, [one], scope, look) for one in value) if node.type in _CHOICES else ()


def words_of(node: Input, value: object, scope: Mapping[str, object], look: Look) -> str:
    """Return a field's value as people read it, with what stands before and after it."""
    if value is None or value == "":
        return NO_VALUE
    if node.type in _CHOICES:
        labels = {option.value: look.say(option.label) for option in options_of(node, scope, look.today)}
        chosen = value if isinstance(value, list) else [value]
        return look.t("、", ", ").join(labels.get(str(one), str(one)) for one in chosen)
    if node.type is InputType.UPLOAD:
        return look.t("、", ", ").join(_file(one) for one in value) if isinstance(value, list) else NO_VALUE
    return " ".join(part for part in (node.prefix, plain_words(value, look), node.suffix) if part)


def plain_words(value: object, look: Look) -> str:
    """Return any FEEL value as people read it."""
    if value is None:
        return NO_VALUE
    if isinstance(value, bool):
        return look.t("是", "Yes") if value else look.t("否", "No")
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        return f"{date_words(value.date(), look.language)} {value:%H:%M}"
    if isinstance(value, date):
        return date_words(value, look.language)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return look.t("、", ", ").join(plain_words(one, look) for one in value)
    return str(value)


def _file(file: object) -> str:
    if not isinstance(file, Mapping):
        return NO_VALUE
    size = file.get("size")
    return f"{file.get('name')} ({file_size(size)})" if isinstance(size, int) and size else str(file.get("name"))
