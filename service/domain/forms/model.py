"""The model of a compiled form: its nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from service.domain.files.uploads import UploadRules
from service.domain.forms.expressions import FormExpression
from service.domain.text import Text

Path: TypeAlias = tuple[str | int, ...]
Values: TypeAlias = dict[str, object]
Address: TypeAlias = tuple[Path, str]
"""The path of the object in which a node lies, and the node's id."""

TRADE_SECRET = "trade_secret"  # noqa: S105  a kind of field
"""The one word of `secret`: such a field is masked, such a file opened by those who work on the case alone."""
NO_TEXT = Text("", "")

#: Rows a list may have unless ``maxRows`` says less.
ROW_CAP = 200


class InputType(Enum):
    """What a person can enter."""

    TEXTFIELD = "textfield"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    CHECKBOX = "checkbox"
    RADIO = "radio"
    SELECT = "select"
    CHECKLIST = "checklist"
    TAGLIST = "taglist"
    UPLOAD = "upload"


class ZoneFormat(Enum):
    """How a time of day is written down (form-js ``timeSerializingFormat``)."""

    OFFSET = "utc_offset"
    NORMALIZED = "utc_normalized"
    NONE = "no_timezone"


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose and how it reads."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class FormRule:
    """A condition over several fields; the message is shown when it is false (unknown passes).

    ``pieces`` are those of a message with formulas in it, as of a `Shown`.
    """

    condition: FormExpression
    message: Text
    pieces: Mapping[str, tuple[str | FormExpression, ...]] = field(default_factory=dict)

    def message_over(self, scope: Mapping[str, object], today: date) -> Text:
        """Return the message with its formulas filled in."""
        if not self.pieces:
            return self.message
        filled = {
            language: "".join(p if isinstance(p, str) else str(p.value(scope, today) or "") for p in pieces)
            for language, pieces in self.pieces.items()
        }
        return Text(filled["zh"], filled.get("en", filled["zh"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class FormNode:
    """What every component has; ``columns`` is its share of a 16-column ``row``, ``unseen`` keeps it off the page."""

    id: str
    label: Text = NO_TEXT
    hint: Text = NO_TEXT
    hide: FormExpression | None = None
    clauses: tuple[str, ...] = ()
    unseen: bool = False
    row: str | None = None
    columns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Input(FormNode):
    """A field that a person fills in.

    ``normal`` is what it says where nothing is found; ``person`` whose name it asks for: the reader's or a colleague's;
    ``beside`` what other forms of the case say on it, each as ``form.path``; ``assessed`` that its file is what is scored,
    ``staff`` that who starts a case for themselves is not asked for it: the default holds; ``stops_files`` is the option
    by which the files of who the case is about go out of circulation.
    """

    key: str
    type: InputType
    required: bool = False
    required_if: FormExpression | None = None
    readonly: bool | FormExpression = False
    disabled: bool | FormExpression = False
    default: object = None
    options: tuple[Option, ...] | FormExpression = ()
    minimum: Decimal | FormExpression | None = None
    maximum: Decimal | FormExpression | None = None
    min_length: int | FormExpression | None = None
    max_length: int | FormExpression | None = None
    fits: Callable[[str], bool] | None = None
    pattern_message: Text | None = None
    form_of: str | None = None
    number_of: str | None = None
    digits: int | None = None
    step: Decimal | None = None
    as_string: bool = False
    zone: ZoneFormat = ZoneFormat.OFFSET
    no_past: bool = False
    upload: UploadRules = field(default_factory=UploadRules)
    prefix: str = ""
    suffix: str = ""
    personal: bool = False
    purpose: Text = NO_TEXT
    secret: str | None = None
    unticked_is_false: bool = False
    normal: str | FormExpression | None = None
    typed: bool = False
    person: str | None = None
    beside: tuple[str, ...] = ()
    assessed: bool = False
    staff: bool = False
    stops_files: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed(FormNode):
    """A value the server computes; what a browser sends for it is never used."""

    key: str
    formula: FormExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(FormNode):
    """Text that is only read; its ``pieces``, by language, are strings and formulas by turns."""

    pieces: Mapping[str, tuple[str | FormExpression, ...]] = field(default_factory=dict)

    def pieces_in(self, language: str) -> tuple[str | FormExpression, ...]:
        """Return the pieces in ``language``, those in Chinese where it was not written in it."""
        return self.pieces.get(language) or self.pieces.get("zh", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(FormNode):
    """Fields under one heading, in an object of their own when ``path`` is set."""

    path: str | None
    children: tuple[FormNode, ...]
    rules: tuple[FormRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(FormNode):
    """A list of objects with the same fields."""

    path: str
    children: tuple[FormNode, ...]
    adjustable: bool = True
    initial: int = 1
    min_rows: int = 0
    max_rows: int = ROW_CAP
    unique: tuple[str, ...] = ()
    rules: tuple[FormRule, ...] = ()


def same_object(nodes: tuple[FormNode, ...]) -> Iterator[Input | Computed | Group | Rows]:
    """Yield the nodes whose values lie in the same object: groups without a path are looked through."""
    for node in nodes:
        if isinstance(node, Group) and node.path is None:
            yield from same_object(node.children)
        elif isinstance(node, Input | Computed | Group | Rows):
            yield node


def key_of(node: Input | Computed | Group | Rows) -> str:
    """Return the name under which the node's value lies in its object."""
    if isinstance(node, Input | Computed):
        return node.key
    return node.path or ""


def format_path_pattern(path: Path) -> str:
    """Return a path as field descriptions have it: ``finance[].revenue``."""
    try:
        return ".".join(path)  # type: ignore[arg-type]
    except TypeError:  # a number of a row is among them
        return "".join("[]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def format_dotted_path(path: Path) -> str:
    """Return a path as HTML names have it: ``finance.0.revenue``."""
    return ".".join(str(part) for part in path)
