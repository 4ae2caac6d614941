"""Run a use case as an act of the book: done, or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from service.casework.access.actor import Actor
from service.casework.access.book.acting import acting_by, defer_refused_act
from service.casework.access.book.enter import enter_refused
from service.casework.access.book.kinds import ALWAYS
from service.domain.errors import NotAllowed
from service.store import Store

R = TypeVar("R")


class _Clock(Protocol):
    def now(self) -> datetime:
        """Return the time."""


class _Desk(Protocol):
    """What of a desk is needed here: the rooms above know the whole."""

    @property
    def store(self) -> Store:
        """Where the book lies."""

    @property
    def clock(self) -> _Clock:
        """What an entry is dated by."""


_PLAIN = (bool, int, date)
_NAMED = frozenset({"reason", "package", "package_key", "key", "version", "parameter", "cause", "jurisdiction"})
"""Texts that are no personal data; passwords, names and addresses never are among what was asked."""


def describe_call(use_case: str, call_arguments: Mapping[str, object]) -> dict[str, Any]:
    """Return what of a call goes into the book: the use case, numbers and days, and the texts that are safe to keep."""
    arguments: dict[str, Any] = {}
    for name, value in call_arguments.items():
        if isinstance(value, _PLAIN):
            arguments[name] = value.isoformat() if isinstance(value, date) else value
        elif isinstance(value, str) and value and name in _NAMED:
            arguments[name] = value
    reason = arguments.pop("reason", "")
    return {
        "use_case": use_case,
        **({"asked": arguments} if arguments else {}),
        **({"reason": reason} if reason else {}),
    }


def run_audited(action: str, actor: Actor, desk: _Desk, call_details: dict[str, Any], work: Callable[[], R]) -> R:
    """Run ``work``, which the guard ``action`` admits ``actor`` to; ``call_details`` is what of the call goes into the book.

    What it writes takes its entry along. Looking at something that is to be known is entered before it is handed out,
    and a refusal by itself, or it is left to whoever counts them; those of visitors without account are not.
    """
    with acting_by(action, actor) as act:
        assert act is not None, action
        act.data = call_details
        try:
            answer = work()
        except NotAllowed as refusal:
            if actor.person_id is not None and not defer_refused_act(act, refusal.code):
                with desk.store.write() as tx:
                    act.enter()
                    now, code = desk.clock.now(), refusal.code
                    enter_refused(tx, action, actor, now, code, about=act.about, place=act.place, data=act.data)
                refusal.in_book = True
            raise
        if act.kind in ALWAYS and not act.entered:
            with desk.store.write():
                pass  # the end of every unit of work enters the act that it is part of
        return answer
