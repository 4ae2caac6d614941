"""The act that is being done: what a use case tells of it goes into the book together with what it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from service.casework.access.book.kinds import BOOKED, ActKind

if TYPE_CHECKING:  # a command that needs no database knows from where it is called, and loads none
    from service.casework.access.actor import Actor


@dataclass(slots=True)
class Act:
    """What ``actor`` is doing by the guard ``action``; ``entered`` once it is in the book."""

    action: str
    kind: ActKind
    actor: Actor
    about: str = ""
    place: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    entered: bool = False

    def enter(self) -> None:
        """Note that it is in the book: further units of work are part of it."""
        self.entered = True


_ACT: ContextVar[Act | None] = ContextVar("laurel_act", default=None)
_LEFT: ContextVar[list[tuple[Act, str]] | None] = ContextVar("laurel_left", default=None)
_ORIGIN: ContextVar[str] = ContextVar("laurel_origin", default="")


@contextmanager
def acting_by(action: str, actor: Actor) -> Iterator[Act | None]:
    """Let what is written meanwhile be entered as an act of ``actor``; None for actions that the book leaves out."""
    kind = BOOKED.get(action)
    if kind is None:
        yield None
        return
    act = Act(action, kind, actor)
    before = _ACT.set(act)
    try:
        yield act
    finally:
        _ACT.reset(before)


@contextmanager
def exclude_from_act() -> Iterator[None]:
    """Let what is written meanwhile be no part of the act: counting a wrong try is none of a password's change."""
    before = _ACT.set(None)
    try:
        yield
    finally:
        _ACT.reset(before)


def leave_out() -> None:
    """Keep the act that is being done out of the book: it concerns nobody but who does it."""
    act = current_act()
    if act is not None:
        act.enter()


def leave_refusals() -> None:
    """Leave acts that are refused from now on to whoever counts them (`list_deferred_refusals`), so that nobody floods the book."""
    _LEFT.set([])


def defer_refused_act(act: Act, code: str) -> bool:
    """Leave a refused act, with the code of its refusal, to whoever counts them; returns False where nobody does."""
    refusals = _LEFT.get()
    if refusals is None:
        return False
    refusals.append((act, code))
    return True


def list_deferred_refusals() -> Sequence[tuple[Act, str]]:
    """Return the acts that were left, each with the code of its refusal; those that follow are entered by themselves."""
    refusals = _LEFT.get() or ()
    _LEFT.set(None)
    return refusals


def current_act() -> Act | None:
    """Return the act that is being done and is not in the book yet."""
    act = _ACT.get()
    return None if act is None or act.entered else act


def describe_current_act(
    about: str,
    *,
    place: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Say of the act that is being done whom or what it concerns, in which jurisdiction, and what changed.

    ``before`` and ``after`` are JSON objects without passwords, and with personal data masked. Outside of an act, as
    in a service task, it does nothing: that stands in the history of the case.
    """
    act = current_act()
    if act is None:
        return
    act.about, act.place = about, place if place is not None else act.place
    details = {"before": dict(before or {}), "after": dict(after or {}), "reason": reason}
    act.data = {**act.data, **{name: value for name, value in details.items() if value}}


@contextmanager
def from_where(origin: str) -> Iterator[None]:
    """Let acts come from ``origin``: the address of a request, or the account of the machine."""
    before = _ORIGIN.set(origin)
    try:
        yield
    finally:
        _ORIGIN.reset(before)


def set_origin(origin: str) -> None:
    """Let the acts of this request come from ``origin``."""
    _ORIGIN.set(origin)


def current_origin() -> str:
    """Return where acts come from now; "" for the program itself."""
    return _ORIGIN.get()
