"""Annotations of parameters and fields that programs send or get: bounds, names, what is left out.

The interface for programs derives its schemas from them (`service.web.api.derive`); nothing else reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

T = TypeVar("T")
MOST_FILE_BYTES = 28 * 1024 * 1024
"""Longest file that a body holds, in signs of base64."""


@dataclass(frozen=True, slots=True)
class Length:
    """How many signs a text has, or entries a list."""

    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """The least and the greatest number."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class OneOf:
    """The words that it may be."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """The name by which programs send it, where that is another than the parameter's."""

    name: str


@dataclass(frozen=True, slots=True)
class Default:
    """What is read where nothing was sent; ``make`` makes it."""

    make: Callable[[], Any] = lambda: None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the document says of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """What the document's example of a request has there."""

    value: Any


@dataclass(frozen=True, slots=True)
class Mark:
    """A property of a parameter or field that has a name alone."""

    name: str


SPREAD = Mark("spread")
INSIDE = Mark("inside")
AS_TEXT = Mark("text")

Spread = Annotated[T, SPREAD]
"""The fields of a dataclass, which stand in the body beside the other parameters."""
Inside = Annotated[T, INSIDE]
"""What programs neither send nor get."""
Content = Annotated[bytes, Length(1, MOST_FILE_BYTES), Example("JVBERi0xLjcK")]
"""The bytes of a file, in base64."""
Utf8 = Annotated[bytes, AS_TEXT]
"""Bytes that are a text."""
RowId = Annotated[int, Between(1, 2**53)]
Version = Annotated[int | None, Between(0, 2**31), Default(), Example(1)]
"""The version that was seen; left out, nothing is compared."""
Reason = Annotated[str, Length(1, 2000), Example("材料不全，请补充")]
ShortReason = Annotated[str, Length(1, 300), Example("按会议决定办理")]
Name = Annotated[str, Length(1, 200)]
PackageKey = Annotated[str, Length(1, 130), Named("package"), Example("place/quality_award")]
Submission = Annotated[Mapping[str, Any], Named("values"), Default(dict), Example({"decision": "pass"})]
"""The values of a form."""
CaseStatus = Annotated[str, OneOf(("running", "suspended", "ended"))]
TaskState = Annotated[str, OneOf(("open", "done", "cancelled"))]
WorkState = Annotated[str, OneOf(("waiting", "running", "done", "dead", "cancelled", "held"))]
"""Of what the program does by itself: a timer, a message, a mail."""
NoticeState = Annotated[str, OneOf(("running", "closed", "corrected", "recalled"))]
ExpertStatus = Annotated[str, OneOf(("invited", "declined", "active", "suspended", "disqualified"))]
BATCH_STATES = ("running", "done", "stopped")
ReceiptCode = Annotated[str, Length(1, 100), Example("7KQ2-9XMD-41TB")]
VersionHash = Annotated[str, Length(64, 64), Example("0" * 64)]
"""A published version of an award."""
Path = Annotated[str, Length(1, 300)]
"""A file of a draft."""
Note = Annotated[str, Length(0, 300)]
