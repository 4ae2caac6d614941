"""Guards of routes, and the fresh proof that some of them ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, g, make_response, render_template, request

from service.casework.access.guards import GUARDS
from service.casework.access.sign_in_proof import (
    HANDED_OUT,
    PasswordOver,
    ProofNeeded,
    require_changed_password,
    require_recent_proof,
    set_stale,
)
from service.casework.people.factors.codes import WrongCode
from service.casework.people.factors.passkey_proofs import WrongPasskey, passkey_site
from service.casework.people.factors.password_throttle import TooManyTries
from service.casework.people.means.second_factor import require_factor_of
from service.casework.people.signing_in.prove_again import key_question, prove_again, prove_by_key, ways_to_prove
from service.casework.people.signing_in.sign_in import WrongPassword
from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.frame.requests.cookies import SAFE, session_token
from service.web.frame.requests.current import (
    VISITOR,
    requested_guard,
    say,
    the_actor,
    the_desk,
    the_session,
    the_settings,
    wants_json,
)
from service.web.frame.requests.refusals import record_error_status
from service.web.frame.requests.sign_in import CARRIED_FORM_LIMIT, page_before, page_of_form, typed_fields

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

    def declare_guard(view: View) -> View:
        view.guard = guard  # type: ignore[attr-defined]
        return view

    return declare_guard


def offer_file(action: str, make: Callable[..., Response], *formats: str) -> Callable[[View], View]:
    """Let the decorated page answer ``?format=`` with a file, behind guard ``action`` instead of its own.

    ``make`` takes the format and what the page takes.
    """
    guard = GUARDS[action]

    def declare_file(view: View) -> View:
        @wraps(view)
        def answer_file(**place: Any) -> Any:
            form = request.args.get("format")
            if not form:
                return view(**place)
            if form not in formats:
                names = "、".join(formats)
                raise Invalid(Text(f"本页可以导出的格式是：{names}。", f"This page can be had as: {names}."))
            return make(form, **place)

        answer_file.file_guards = dict.fromkeys(formats, guard)  # type: ignore[attr-defined]
        return answer_file  # type: ignore[return-value]

    return declare_file


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
    guard = requested_guard()
    if guard is None:
        raise UnguardedRoute(endpoint)
    guard.demand(g.actor)
    if g.session is not None and guard.action not in BEFORE_THE_CHANGE and not guard.admits(VISITOR):
        require_changed_password(g.session.one_time)
        lasts = the_desk().premises.sign_in.password
        if g.session.over and lasts is not None:
            raise PasswordOver(lasts)
    if g.session is not None and guard.action not in BEFORE_THE_FACTOR and not guard.admits(VISITOR):
        require_factor_of(g.session, the_settings().second_factor)


FIELD = "laurel_proof"
"""Name of the field with the code or password, beside those of the form."""

BY_KEY = "laurel_proof_by_key"
"""Name of the field with the answer of an authenticator."""

PAGE = "/account/proof"


def check_proof() -> None:
    """Find out whether the sign-in of this request is too old for some actions; take the proof that a form brings.

    Raises:
        ProofNeeded: the address asks for a fresh one and there is none, or what was given is wrong.
    """
    set_stale(False)
    session, limit = the_session(), the_desk().premises.sign_in.proof
    if session is None or limit is None or request.endpoint is None:
        return
    if the_desk().clock.now() - session.proved_at <= limit:
        return
    guard = requested_guard()
    if guard is None or guard.action == "session.prove":
        return
    if request.method in SAFE and guard.action not in HANDED_OUT:
        return
    try:
        if take_proof():
            return
    except (WrongCode, WrongPasskey, WrongPassword, TooManyTries) as refusal:
        raise ProofNeeded(refusal.message) from refusal
    set_stale(True)
    require_recent_proof(guard.action)


def take_proof() -> bool:
    """Take the proof that the form of this request brings; False where it brings none. Raises as `prove_again` does."""
    if request.is_json:
        return False
    token, site = session_token()[0] or "", passkey_site(the_settings().public_url)
    if site is not None and request.form.get(BY_KEY):
        prove_by_key(the_desk(), the_actor(), token, site, request.form[BY_KEY])
    elif FIELD in request.form:
        prove_again(the_desk(), the_actor(), token, request.form[FIELD])
    else:
        return False
    return True


def ask_for_proof(needed: ProofNeeded) -> Response:
    """Return the page that asks for the proof and carries the posted form along."""
    size = sum(len(value) for value in request.form.values())
    whole = not request.files and size <= CARRIED_FORM_LIMIT
    fields = [(n, v) for n, v in request.form.items(multi=True) if n not in ("csrf_token", FIELD, BY_KEY)]
    target = request.full_path.rstrip("?") if whole else PAGE
    if request.method in SAFE:  # a file that was asked for by a link: its page comes back, from which it is taken
        fields, target = [("next", page_before())], PAGE
    return proof_page(
        say(needed.message) if needed.__cause__ is not None else "",
        status=record_error_status(needed.__cause__) if isinstance(needed.__cause__, TooManyTries) else 403,
        target=target,
        fields=fields if whole else [("kept", typed_fields()), ("next", page_of_form())],
        whole=whole,
    )


def proof_page(problem: str, *, status: int, target: str, fields: list[tuple[str, str]], whole: bool) -> Response:
    """Return the page with the ``fields`` that go on to ``target``; ``whole``: they are the form itself."""
    limit, site = the_desk().premises.sign_in.proof, passkey_site(the_settings().public_url)
    ways = ways_to_prove(the_desk(), the_actor())
    page = render_template(
        "people/prove.html",
        problem=problem,
        ways=ways,
        question=key_question(the_desk(), the_actor(), site) if ways.key and site is not None else "",
        by_key=BY_KEY,
        target=target,
        fields=fields,
        whole=whole,
        field=FIELD,
        minutes=int(limit.total_seconds() // 60) if limit is not None else 0,
    )
    return make_response(page, status)


def is_script_request() -> bool:
    """Return whether a script of a page waits for the answer, which could not show a page."""
    return wants_json() or "HX-Request" in request.headers
