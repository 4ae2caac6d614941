"""Errors a person can cause, each with a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from service.domain.text import Text


class LaurelError(Exception):
    """What was asked for cannot be done: base of every error that a person can cause.

    ``message`` says what happened, where, and what to do; ``code`` is a stable word for programs.
    Subclasses set ``code``, and ``sentence`` where they always say the same; web/frame/requests/refusals.py says which HTTP status a route answers with.
    ``retry_after`` is the number of seconds after which the same may be tried again, None where time changes nothing.
    ``to_programs`` is what they are told where ``message`` says what happens on a page.
    ``members`` are what programs get besides, by name and as JSON: what is wrong with which field, what is there instead.
    ``also`` is what else is wrong with the same that was sent, to be told at once.
    ``to_book`` says that it is entered in the book of acts as a refusal is, ``in_book`` that it stands there already.
    """

    code = "error"
    sentence: ClassVar[Text]
    retry_after: int | None = None
    to_programs: Text | None = None
    members: Mapping[str, Any] = MappingProxyType({})
    also: tuple[LaurelError, ...] = ()
    field = ""
    to_book = False
    in_book = False

    def __init__(self, message: Text | None = None) -> None:
        self.message = message or self.sentence
        super().__init__(self.message.zh)


class NotAllowed(LaurelError):
    """The caller may not do this."""

    code = "not_allowed"


class NotFound(LaurelError):
    """What was asked for does not exist or is not visible to the person."""

    code = "not_found"


class NotReady(LaurelError):
    """A document that is still being made."""

    code = "not_ready"
    retry_after = 60
    sentence = Text(
        "这份文书正在制作，一般一分钟内完成，请过一分钟再打开；急用的，内容可以先在办件页查看。",
        "This document is being made, usually within a minute: open it again then. Its words stand on the page of the case.",
    )


class Conflict(LaurelError):
    """It does not go with how things stand now, as where somebody was quicker; the sentence says why."""

    code = "conflict"


class Invalid(LaurelError):
    """What was entered breaks a rule; ``field`` names what it was entered into, "" where it is about the whole."""

    code = "invalid"

    def __init__(self, message: Text | None = None, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field or self.field
