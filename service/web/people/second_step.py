"""The page of a sign-in's second step, after a password and after the word of a provider."""

from __future__ import annotations

from flask import Response, make_response, render_template

from service.casework.people.factors.passkey_site import passkey_site
from service.domain.errors import LaurelError
from service.web.frame.requests.current import say, the_settings
from service.web.frame.requests.refusals import answered


def ask_for_code(
    ticket: str,
    back: str,
    said: LaurelError,
    *,
    wrong: bool = False,
    by_code: bool = True,
    by_key: bool = False,
    kept: str = "",
    action: str = "",
) -> Response:
    """Return the page; ``back`` is where one goes on, ``kept`` a form typed before, ``action`` where the code is sent.

    A passkey shown there signs in by itself, as the person's own sign-in.
    """
    page = render_template(
        "people/sign_in_code.html",
        message=say(said.message),
        wrong=wrong,
        ticket=ticket,
        by_code=by_code,
        by_key=by_key,
        passkeys=passkey_site(the_settings().public_url) is not None,
        next=back,
        kept=kept,
        action=action,
    )
    return make_response(page, answered(said) if wrong else 200)
