"""Lines of the log: one JSON object each, with what the line is about, and without what tells of a person.

What a line is about (the request, the case, the task, the work item) is said once, by `about`, and stands in every
line that is written meanwhile, whoever writes it.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from datetime import UTC, datetime
from types import TracebackType

_ABOUT: ContextVar[Mapping[str, object]] = ContextVar("about", default={})  # noqa: B039  never changed, only replaced

_PERSONAL = re.compile(
    r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an address of mail
    r"|(?<![0-9A-Za-z_])(?<![0-9]\.)(?:"  # Chinese writes no space between a word and a number
    r"\d{17}[\dXx](?![0-9A-Za-z_])"  # the number of an identity card
    r"|(?:(?:\+|00)?86[ -]?)?1[3-9]\d{9}(?!\d))"  # a mobile telephone
)
_AS_LINE = json.JSONEncoder(ensure_ascii=False, default=str)
"""Made once: whatever stands in a line, it is written."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_OF_CODE = (AttributeError, ImportError, MemoryError, NameError, RecursionError, TypeError, ZeroDivisionError)
"""Errors whose words are the interpreter's own and name code."""
_NUMBERS = ("code", "errno", "smtp_code", "sqlstate")
"""By these attributes errors say what they are without a word."""
_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"


@contextmanager
def about(**names: object) -> Iterator[None]:
    """Say in every line until the end of the block what it is about; None is not said."""
    token = begin_about(**names)
    try:
        yield
    finally:
        _ABOUT.reset(token)


def begin_about(**names: object) -> Token[Mapping[str, object]]:
    """Say from now on what lines of this thread are about, beside what was said before."""
    return _ABOUT.set({**_ABOUT.get(), **{name: value for name, value in names.items() if value is not None}})


def forget_about() -> None:
    """Say nothing of it any more: a thread goes on with something else."""
    _ABOUT.set({})


def without_people(text: str) -> str:
    """Return ``text`` without addresses, numbers of identity cards and mobile telephones: libraries put them into errors."""
    return _PERSONAL.sub("***", text)


def without_words(error: BaseException) -> str:
    """Return types and places of an error and of those that led to it; its words are left out.

    They may hold whatever somebody typed, a name among it. Words that tell of nobody stay: the interpreter's own about
    code, and those of an error whose class says ``tells_of_nobody``.
    """
    lines: list[str] = []
    led: BaseException | None = error
    seen: set[int] = set()
    while led is not None and id(led) not in seen:
        seen.add(id(led))
        lines.append("".join(traceback.format_tb(led.__traceback__)) + kind_of(led))
        led = led.__cause__ or (None if led.__suppress_context__ else led.__context__)
    return without_people("\n".join(reversed(lines)))


def kind_of(error: BaseException) -> str:
    """Return the type of an error and its numbers, and its words where they tell of nobody."""
    numbers = [str(value) for name in _NUMBERS if isinstance(value := getattr(error, name, None), int | str) and value]
    if isinstance(error, _OF_CODE) or getattr(error, "tells_of_nobody", False):
        numbers = [without_people(str(error))]
    return f"{type(error).__name__}{': ' if numbers else ''}{', '.join(numbers)}"


class _WordlessErrors(logging.Formatter):
    """Writes of an error its type and place."""

    def formatException(  # noqa: N802  its name in logging
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Return the error as the log has it."""
        return without_words(ei[1]) if ei[1] is not None else ""


class JsonLines(_WordlessErrors):
    """Writes a record as one line of JSON: at, level, logger, message, what it is about, and the error with its trace."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_people(record.getMessage()),
            **_ABOUT.get(),
        }
        line |= getattr(record, "more", {})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = self.formatException(record.exc_info)
        return escape_control_signs(_AS_LINE.encode(line))


def escape_control_signs(text: str) -> str:
    """Return ``text`` with what ends a line or steers a terminal written as JSON has it (RFC 8259, 7)."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class PlainLines(_WordlessErrors):
    """Writes a record as people read it on a terminal, without what tells of a person; a trace has lines of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  its name in logging
        """Return the message as one line, whatever was typed into it."""
        return escape_control_signs(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        context = " ".join(escape_control_signs(f"{name}={value}") for name, value in _ABOUT.get().items())
        return without_people(f"{super().format(record)}{f' [{context}]' if context else ''}")


def begin_log(form: str, level: int = logging.INFO) -> None:
    """Write the log to standard error from now on: ``json``, ``text``, or what suits where it goes where it is empty."""
    if not form:
        form = "text" if sys.stderr.isatty() else "json"
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else PlainLines(_TEXT))
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # no line says it
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
