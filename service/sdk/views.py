"""Values that operations read and pass: the case, its element, notices, findings, letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from service.sdk.register import Json


@dataclass(frozen=True, slots=True)
class CaseView:
    """The case as operations read it. ``subject`` is the body id of the organisation it is about, or None."""

    id: int
    process: str
    title: str
    jurisdiction: str
    award: str
    number: str | None
    parent: int | None
    subject: int | None
    started_at: datetime
    facts: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class ElementView:
    """The diagram element being carried out; ``clauses`` are ids of the law register, slots already bound."""

    id: str
    name: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """A notice (公示) to be posted.

    ``kind`` is the designer's word (for example ``acceptance_list``); ``entries`` are the rows of
    the table the public sees (dicts of column → text); ``audience`` is "public" or "internal";
    ``media`` names the outside media in which it is posted too; ``day_one`` is ``notice`` (as the
    city counts), ``day_of_posting`` or ``day_after_posting``. An ``announcement`` (公告) only makes something known:
    it needs no period. ``issuer`` is in whose name it is made, where it is not whoever posts it. ``roll`` (rest_day, none)
    says for this notice alone what becomes of a last calendar day that is a rest day. ``files`` are uploads of the case
    that anybody may then open, as forms name them.
    """

    kind: str
    title: str
    text: str
    working_days: int | None = None
    calendar_days: int | None = None
    entries: Sequence[Mapping[str, Json]] = ()
    audience: str = "public"
    media: Sequence[str] = ()
    posted_on: date | None = None
    objections: str = ""
    day_one: str = "notice"
    announcement: bool = False
    issuer: str = ""
    roll: str = ""
    files: Sequence[Mapping[str, Json]] = ()


@dataclass(frozen=True, slots=True)
class PostedNotice:
    """A notice as posted: ``first_day`` and ``last_day`` are statutory dates, ``ends_at`` is the instant after them.

    ``posted_on`` is the day its period is counted from.
    """

    id: int
    kind: str
    posted_on: date
    first_day: date
    last_day: date
    ends_at: datetime
    provisional: bool
    objections: int = 0
    content: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One ground of an eligibility table: result "met", "not_met" or "unknown", with what it rests on."""

    ground: str
    result: str
    text: str
    clauses: tuple[str, ...]
    decided_by: str
    supplied_by: str
    unknown: tuple[str, ...] = ()
    evidence: Sequence[Json] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to people: ``to`` is a role of the case or a list of e-mail addresses; ``documents`` are attached."""

    to: str | Sequence[str]
    subject: str
    text: str
    documents: Sequence[int] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class ChildView:
    """A child case, as counted by barriers and lists."""

    id: int
    process: str
    title: str
    number: str | None
    status: str
    outcome: str | None
    subject: Mapping[str, Json] = field(default_factory=dict)
    facts: Mapping[str, Json] = field(default_factory=dict)

    @property
    def row(self) -> dict[str, Json]:
        """What formulas read of it."""
        identity = {"id": self.id, "process": self.process, "title": self.title, "number": self.number}
        return {**self.facts, **identity, "status": self.status, "outcome": self.outcome, "subject": dict(self.subject)}


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who holds a role: ``id`` names them as the assignee of a task."""

    id: int
    name: str
