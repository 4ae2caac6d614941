"""What was posted and not done stands in the page that says so, and is sent again from there by one button.

A page is not kept by the browser, so that going back would show the form without what was typed. Nothing of it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from service.web.frame.requests.cookies import SAFE, StaleForm, csrf_token
from service.web.frame.requests.sign_in import KEPT_LIMIT, NEVER_KEPT

_SECRETS = frozenset({"password", "old", "new", "again", "code", "laurel_proof", "laurel_proof_by_key"})
"""Names of fields that nobody wants to stand in a page; a form with one of them is filled in again."""


@dataclass(frozen=True, slots=True)
class CarriedForm:
    """The ``fields`` of a posted form and the address that they go to."""

    target: str
    fields: tuple[tuple[str, str], ...]


def refused_texts(status: int) -> list[str]:
    """Return the words typed into the posted form that was refused with ``status``, to be copied; secrets, codes and numbers are none."""
    if request.method in SAFE or status not in (403, 404, 409, 422) or request.path.startswith(NEVER_KEPT):
        return []
    typed = [
        value.strip()
        for name, value in request.form.items(multi=True)
        if name not in _SECRETS and not name.startswith("password")
    ]
    return [value for value in typed if not value.isascii() or any(sign.isspace() for sign in value)]


def carried_form(status: int, code: str) -> CarriedForm | None:
    """Return the form of this request where a failure of ``status`` and ``code`` left it undone; None where there is none to send again.

    A form that lost its mark gets the new one only where the browser vouches that a page of ours sent it: from
    elsewhere it would be somebody else's form under the person's button.
    """
    stale = code == StaleForm.code
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if request.method in SAFE or not (status >= 500 or status == 429 or (stale and ours)):
        return None
    try:
        files, posted = request.files, list(request.form.items(multi=True))
    except OSError:  # the disk had no room for what was sent: it did not arrive
        return None
    too_much = sum(len(value) for _, value in posted) > KEPT_LIMIT
    if too_much or not posted or any(file.filename for file in files.values()) or _SECRETS & {n for n, _ in posted}:
        return None
    fields = [(name, csrf_token() if stale and name == "csrf_token" else value) for name, value in posted]
    if stale and "csrf_token" not in request.form:
        fields.append(("csrf_token", csrf_token()))
    return CarriedForm(request.full_path.rstrip("?"), tuple(fields))
