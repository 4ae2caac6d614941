"""Guards of routes: every route declares one, checked before its view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, request

from service.casework.access.given_password import PasswordOver, demand_own_password
from service.casework.access.guards import GUARDS
from service.casework.people.means.second_factor import demand_factor_of
from service.web.frame.requests.current import VISITOR, the_desk, the_settings

View = TypeVar("View", bound=Callable[..., Any])

OPEN_ENDPOINTS = frozenset({"static"})
"""Endpoints of Flask itself; they serve the files of the browser side."""

BEFORE_THE_CHANGE = frozenset({"password.change", "session.end"})
"""What a one-time password opens, besides what needs no account."""

BEFORE_THE_FACTOR = BEFORE_THE_CHANGE | {"second_factor.keep"}
"""What opens to who still has to set up a second factor."""


class UnguardedRoute(RuntimeError):
    """A route was added without a guard: a mistake of the program, found by a test."""


def route_guard(action: str) -> Callable[[View], View]:
    """Put guard ``action`` before the decorated view; raises KeyError when there is no such guard."""
    guard = GUARDS[action]

    def declare(view: View) -> View:
        view.guard = guard  # type: ignore[attr-defined]
        return view

    return declare


def check_guard() -> None:
    """Let the request through or raise; runs before every view.

    Raises:
        SignInNeeded: if the route needs a signed-in person and there is none.
        NotAllowed: if the person holds none of the roles asked for.
        SecondFactorToSetUp: if a role of theirs asks for a second factor, and they signed in without.
        OneTimePassword: if somebody else set the person's password, or it is too old, and they did not change it yet.
    """
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_ENDPOINTS:
        return
    guard = getattr(current_app.view_functions[endpoint], "guard", None)
    if guard is None:
        raise UnguardedRoute(endpoint)
    guard.demand(g.actor)
    if g.session is not None and guard.action not in BEFORE_THE_CHANGE and not guard.admits(VISITOR):
        demand_own_password(g.session.one_time)
        lasts = the_desk().premises.sign_in.password
        if g.session.over and lasts is not None:
            raise PasswordOver(lasts)
    if g.session is not None and guard.action not in BEFORE_THE_FACTOR and not guard.admits(VISITOR):
        demand_factor_of(g.session, the_settings().second_factor)
