"""Permissions: every use case and every route names one of these guards.

A guard is the first check: it asks what the person *is*. Whether this task, this case, this
notice is theirs is asked by the use case itself, once it has the row (``Who.HOLDER``, ``Who.PARTY``).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar, cast

from service.casework.access.actions import DECLARED, Who
from service.casework.access.actor import ADMINISTRATOR, BUILT_IN, DESIGNER, SYSTEM, Actor
from service.casework.access.book.booked import describe_call, run_audited
from service.casework.access.book.kinds import BOOKED
from service.casework.access.lost_races import after_lost_races
from service.casework.access.sign_in_proof import require_local_sign_in, require_recent_proof
from service.domain.errors import NotAllowed
from service.domain.text import Text

P = ParamSpec("P")
R = TypeVar("R")


class SignInNeeded(NotAllowed):
    """The action needs a signed-in person, and there is none."""

    code = "sign_in_needed"


@dataclass(frozen=True, slots=True)
class Guard:
    """A permission: ``action`` is open to actors for whom one of the grounds ``who`` holds."""

    action: str
    title: Text
    who: tuple[Who, ...]

    def admits(self, actor: Actor, jurisdiction: str | None = None) -> bool:
        """Return whether ``actor`` passes the first check (in ``jurisdiction``, when given)."""
        return actor is SYSTEM or any(_stands_on(ground, actor, jurisdiction) for ground in self.who)

    def demand(self, actor: Actor, jurisdiction: str | None = None) -> None:
        """Raise SignInNeeded, OwnSignInNeeded or NotAllowed unless ``actor`` passes the first check."""
        if self.admits(actor, jurisdiction):
            require_local_sign_in(self.action, actor)
            return
        if actor.person_id is None:
            raise SignInNeeded(
                Text(f"“{self.title.zh}”需要先登录。", f"Sign in first to do this: {self.title.en.lower()}.")
            )
        zh, en = "、".join(w.value.zh for w in self.who), "; ".join(w.value.en for w in self.who)
        raise NotAllowed(
            Text(
                f"“{self.title.zh}”由{zh}办理，您（{actor.name}）目前没有相应角色。",
                f"“{self.title.en}” is for {en}; you ({actor.name}) hold no such role.",
            )
        )


GUARDS: Mapping[str, Guard] = MappingProxyType(
    {action: Guard(action, Text(zh, en), who) for action, zh, en, who in DECLARED}
)
"""Every guard by its action."""

GUARDED: dict[str, str] = {}
"""Qualified name of every guarded use case → its action."""


def guarded(action: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a use case with guard ``action``, checked against its argument ``actor``.

    Raises:
        KeyError: when there is no such guard.
        TypeError: when the function has no argument ``actor``.
    """
    guard = GUARDS[action]

    def decorate_function(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        if "actor" not in signature.parameters:
            raise TypeError(f"{function.__qualname__} is guarded and needs an argument “actor”")
        place = list(signature.parameters).index("actor")
        GUARDED[f"{function.__module__}.{function.__qualname__}"] = action

        @functools.wraps(function)
        def call_with_checks(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = kwargs["actor"] if "actor" in kwargs else args[place]
            assert isinstance(actor, Actor)
            named = actor.in_whose_place(guard.admits)
            if named is not actor:
                return by_both_names(named, args, kwargs)

            def run_with_retries() -> R:
                guard.demand(actor)
                require_recent_proof(action)
                return after_lost_races(lambda: function(*args, **kwargs), (*args, *kwargs.values()))

            if action not in BOOKED:
                return run_with_retries()
            call_arguments = signature.bind(*args, **kwargs).arguments
            return run_audited(
                action,
                actor,
                call_arguments["desk"],
                describe_call(function.__name__, call_arguments),
                run_with_retries,
            )

        def by_both_names(named: Actor, args: Sequence[Any], kwargs: Mapping[str, Any]) -> R:
            if "actor" in kwargs:
                return cast("Callable[..., R]", call_with_checks)(*args, **{**kwargs, "actor": named})
            return cast("Callable[..., R]", call_with_checks)(*args[:place], named, *args[place + 1 :], **kwargs)

        return call_with_checks

    return decorate_function


def _stands_on(ground: Who, actor: Actor, jurisdiction: str | None) -> bool:
    if ground is Who.ANYBODY:
        return True
    if ground is Who.PERSON:
        return actor.person_id is not None
    seats = actor.seats if jurisdiction is None else [s for s in actor.seats if s.serves(jurisdiction)]
    if ground in (Who.HOLDER, Who.PARTY):
        return any(s.role not in BUILT_IN for s in seats)
    if ground is Who.OVERSEER:
        return any(s.oversees for s in seats)
    if ground is Who.OFFICE:
        return any(s.in_office for s in seats)
    if ground is Who.DESIGNER:
        return any(s.role == DESIGNER for s in seats)
    if ground is Who.ALL_THREE:
        return any(s.role == ADMINISTRATOR for s in seats)
    if ground is Who.SECURITY:
        return any(s.secures for s in seats)
    if ground is Who.AUDIT:
        return any(s.audits for s in seats)
    return ground is Who.ADMINISTRATOR and any(s.administers for s in seats)
