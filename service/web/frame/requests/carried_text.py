"""Answers of a self-check as the pages between it and the application carry them: a text that belongs to one award and form."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

FOR = "_carried_for"
"""The field that says for which award and form the others are, and where the application is started."""
AT = "_carried_at"
"""The field that says when they were given."""

Pair = tuple[str, str]
MOST_BYTES = 60_000
"""Longest text of answers that is carried."""
MOST_IN_COOKIE = 3_600
"""Most characters that a browser keeps under one name beside what else stands with a cookie (RFC 6265 §6.1: 4096 in all)."""


@dataclass(frozen=True, slots=True)
class CarriedAnswers:
    """The ``fields`` of a self-check for ``form`` of ``package``; ``start`` is the page that starts the application.

    ``at`` is the instant at which they were given.
    """

    package: str
    form: str
    start: str
    fields: tuple[Pair, ...]
    at: datetime

    @property
    def place(self) -> str:
        """The place whose award it is."""
        return self.package.partition("/")[0]

    @property
    def given(self) -> int:
        """How many questions have an answer."""
        return len({name for name, value in self.fields if value.strip()})

    def text(self) -> str:
        """Return them as a page carries them."""
        head = [(FOR, f"{self.package} {self.form} {self.start}"), (AT, self.at.isoformat())]
        return orjson.dumps([*head, *self.fields]).decode()


def read_answers(text: str) -> CarriedAnswers | None:
    """Return the answers that a page carried; None where the text is anything else."""
    try:
        pairs = orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return None
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        return None
    return answers_of(pairs)


def packed(text: str) -> str:
    """Return the text of answers as a browser can keep it in a cookie; "" where it is too long for one."""
    content = text.encode()
    small = urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")
    return small if len(content) <= MOST_BYTES and len(small) <= MOST_IN_COOKIE else ""


def unpacked(small: str) -> str:
    """Return the text of answers that a cookie kept, "" where it is anything else."""
    try:
        reading = zlib.decompressobj()
        data = reading.decompress(urlsafe_b64decode(small + "=" * (-len(small) % 4)), MOST_BYTES)
        text = data.decode() if reading.eof else ""
    except (ValueError, zlib.error):
        return ""
    return text if read_answers(text) is not None else ""


def answers_of(pairs: Sequence[Sequence[str]]) -> CarriedAnswers | None:
    """Return the answers in fields that were carried; None where these are another form's."""
    said = {str(name): str(value) for name, value in pairs if name in (FOR, AT)}
    named = said.get(FOR, "")
    package, _, rest = named.partition(" ")
    form, _, start = rest.partition(" ")
    at = _instant(said.get(AT, ""))
    if not form or not start.startswith(f"/start/{package}/") or at is None:
        return None
    fields = tuple((str(name), str(value)) for name, value in pairs if name not in (FOR, AT))
    return CarriedAnswers(package, form, start, fields, at)


def _instant(text: str) -> datetime | None:
    """Return the instant of a text, None where it is none, says no zone or lies where another zone has no day for it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and datetime.min.year < found.year < datetime.max.year else None
