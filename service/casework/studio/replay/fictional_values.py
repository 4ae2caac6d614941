"""Personal values of a real case replaced by fictional ones, which pass the same checks: of the same length and kind of signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from stdnum.cn import ric

from service.domain.forms import Form
from service.domain.forms.model import InputType

_IDENTITY = re.compile(r"[1-9][0-9]{16}[0-9X]")
_NAME = re.compile(r"[^\W\d_]{2,20}(?:[ ·][^\W\d_]+){0,3}")
_KEPT = 3
"""So many first digits of a number stay: 138… is a mobile telephone."""


def fictional(text: str) -> str:
    """Return a text of the same length and kind of signs; of an identity number the birthday stays."""
    if _IDENTITY.fullmatch(text):
        number = f"110101{text[6:14]}00{text[16]}"
        return number + ric.calc_check_digit(f"{number}0")
    digits = 0
    found = []
    for sign in text:
        digits += sign.isdigit()
        found.append(_sign(sign, kept=digits <= _KEPT))
    return "".join(found)


def without_identities(
    values: Mapping[str, Any], form: Form, made_up: Callable[[str], str] = fictional
) -> dict[str, Any]:
    """Return what a form holds with the text in personal and secret fields ``made_up``, in rows too."""
    typed = (InputType.TEXTFIELD, InputType.TEXTAREA)
    hidden = frozenset(f.path for f in form.fields() if (f.personal or f.secret) and f.type in typed)
    return _made_up(values, hidden, "", made_up) if hidden else dict(values)


def personal_names(values: Mapping[str, Any], form: Form) -> Iterator[str]:
    """Yield the short texts in personal fields, in rows too: whoever is named there may be named elsewhere."""
    hidden = frozenset(f.path for f in form.fields() if f.personal and f.type is InputType.TEXTFIELD)
    if hidden:
        yield from (text for text in _texts(values, hidden, "") if _NAME.fullmatch(text))


def _texts(values: Mapping[str, Any], hidden: frozenset[str], above: str) -> Iterator[str]:
    for key, value in values.items():
        path = f"{above}{key}"
        if isinstance(value, str) and path in hidden:
            yield value.strip()
        elif isinstance(value, Mapping):
            yield from _texts(value, hidden, f"{path}.")
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, Mapping):
                    yield from _texts(item, hidden, f"{path}[].")


def fictional_file(name: str, number: int) -> str:
    """Return what a file is called: names of files may say whose they are."""
    return f"附件{number}{PurePosixPath(name).suffix}"


def _sign(sign: str, *, kept: bool) -> str:
    if sign.isdigit():
        return sign if kept else "0"
    if sign.isascii():
        return "x" if sign.isalpha() and sign not in "Xx" else sign
    return "某" if sign.isalpha() else sign


def _made_up(
    values: Mapping[str, Any], hidden: frozenset[str], above: str, made_up: Callable[[str], str]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        path = f"{above}{key}"
        if isinstance(value, str) and path in hidden:
            found[key] = made_up(value)
        elif isinstance(value, Mapping):
            found[key] = _made_up(value, hidden, f"{path}.", made_up)
        elif isinstance(value, list):
            below = f"{path}[]."
            found[key] = [_made_up(v, hidden, below, made_up) if isinstance(v, Mapping) else v for v in value]
        else:
            found[key] = value
    return found
