"""Refusals: their statuses, and the entries that the log of acts has of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable

from flask import Flask, Response, current_app, g, request

from service.casework.access.book.acting import Act, leave_refusals, list_deferred_refusals
from service.casework.access.book.booked import describe_call
from service.casework.access.book.enter import enter_refused
from service.casework.access.book.kinds import BOOKED, ActKind
from service.casework.access.guards import SignInNeeded
from service.casework.access.sign_in_proof import ProofNeeded
from service.domain.errors import LaurelError
from service.domain.running.pace import Pace
from service.web.frame.requests.current import requested_guard, the_desk
from service.web.frame.requests.request_pace import get_sender_network

OF_CODE = {
    "error": 400,
    "sign_in_needed": 401,
    "metrics_token": 401,
    "wrong_password": 401,
    "given_password_over": 401,
    "wrong_code": 401,
    "wrong_passkey": 401,
    "not_vouched": 401,
    "not_linked": 403,
    "second_factor_needed": 401,
    "basic_refused": 401,
    "not_allowed": 403,
    "address_not_allowed": 403,
    "step_up_needed": 403,
    "not_found": 404,
    "not_ready": 409,
    "conflict": 409,
    "bad_period": 422,
    "calendar_refused": 422,
    "decision_model": 422,
    "feel_limit": 422,
    "feel_syntax": 422,
    "form_refused": 422,
    "hit_policy": 422,
    "nothing_matches": 422,
    "invalid": 422,
    "step_failed": 422,
    "stopped": 422,
    "undeclared_value": 422,
    "unsupported_media": 415,
    "upload_refused": 422,
    "too_many_tries": 429,
    "own_space_used_up": 429,
    "too_many_requests": 429,
    "too_often": 429,
    "bad_layout": 500,
    "bad_setting": 500,
    "box_mismatch": 500,
    "half_prepared": 500,
    "key_lost": 500,
    "missing_calendar": 500,
    "nothing_given": 500,
    "unknown_operation": 500,
    "unknown_work": 500,
    "urn_damaged": 500,
    "version_altered": 500,
    "busy": 503,
    "displaced": 503,
    "file_altered": 500,
    "files_busy": 503,
    "files_unreachable": 503,
    "data_damaged": 503,
    "data_keys_missing": 503,
    "data_keys_unreadable": 503,
    "key_folder_gone": 503,
    "no_chinese_font": 503,
    "provider_unreachable": 503,
    "no_printer": 409,
    "not_printable": 503,
    "read_only": 503,
    "restore_unfinished": 503,
    "sandbox_busy": 503,
    "scanner_away": 503,
    "unreachable": 503,
    "unusable_database": 503,
    "storage_full": 507,
}
"""Statuses by the code of an error; a class whose code is not here has the status of the class that it extends."""
PASSING = frozenset({"files_busy", "sandbox_busy", "provider_unreachable"})
"""Codes of refusals that are over within a minute: nothing is wrong with the installation, so nobody is to be called."""


def status_of(error: LaurelError) -> int:
    """Return the status of the nearest class of ``error`` whose code has one."""
    return status_of_kind(type(error))


def status_of_kind(kind: type[LaurelError]) -> int:
    """Return the status of the errors of a class."""
    codes = (vars(each).get("code", "") for each in kind.__mro__)
    return next(OF_CODE[code] for code in codes if code in OF_CODE)


def list_error_kinds(kind: type[LaurelError] = LaurelError) -> list[type[LaurelError]]:
    """Return the classes of errors below ``kind`` with a code of their own."""
    below = [each for part in kind.__subclasses__() for each in list_error_kinds(part)]
    return [kind, *below] if "code" in vars(kind) else below


ACTS = 20
"""Different acts of one person that are entered within a minute."""

VISITOR_ACTS = 3
"""Different acts of one network without a sign-in that are entered within a minute."""

VISITORS = 150
"""Acts of all visitors together that are entered within a minute."""


class _Entered:
    """What of the last minute stands in the book, as one process knows it: nobody floods the book by what is refused."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._same, self._person = Pace(1, clock), Pace(ACTS, clock)
        self._network, self._visitors = Pace(VISITOR_ACTS, clock), Pace(VISITORS, clock)

    def admits(self, sender: int | str, act: Hashable) -> bool:
        """Return whether a refusal is entered: not the same again within the minute, and only so many of a sender."""
        whose = [(self._person, sender)] if isinstance(sender, int) else [(self._network, sender), (self._visitors, "")]
        return all(pace.seconds_to_wait(name) == 0 for pace, name in [(self._same, (sender, act)), *whose])


LOG = logging.getLogger("laurel.web")

VOTES = "ballot."
"""Whether and when somebody stood before a ballot is left out where only a fresh proof was missing."""

_ENTERED = "laurel.refusals"


def enter_refusals(app: Flask, clock: Callable[[], float] = time.monotonic) -> None:
    """Let ``app`` enter what is refused into the book, the same once a minute by ``clock``."""
    app.extensions[_ENTERED] = _Entered(clock)
    app.before_request(leave_refusals)
    app.after_request(_say_when)
    app.teardown_request(_end_request)


def record_error_status(error: LaurelError) -> int:
    """Return the status of a page that shows ``error``, which is noted as one that is answered by itself is."""
    note_refusal(error)
    return status_of(error)


def note_refusal(error: LaurelError) -> None:
    """Enter ``error`` where it refuses what the sender may not do, and is not in the book already.

    What was entered into one field is told beside it by the page that answers.

    Where the same may be tried again after a while, the answer says so (RFC 9110, 10.2.3).
    """
    g.retry_after = error.retry_after
    g.refused_fields = {each.field: each.message for each in (error, *error.also) if each.field}
    action = _find_action()
    refused = error.to_book or (status_of(error) == 403 and not isinstance(error, SignInNeeded))
    if not _enter_inner_refusals() and refused and not error.in_book and action is not None:
        data = describe_call(str(request.endpoint), request.view_args or {})
        _enter_refusal(Act(action, BOOKED.get(action, ActKind.REFUSAL), g.actor, data=data), error.code)


def _enter_inner_refusals() -> bool:
    """Enter the acts of this request that were refused within a use case; returns whether there are any."""
    refusals = list_deferred_refusals()
    for act, code in refusals:
        _enter_refusal(act, code)
    return bool(refusals)


def _enter_refusal(act: Act, code: str) -> None:
    """Enter a refusal; where the database cannot write, the answer stands and the log has a line."""
    who = g.actor.person_id
    sender = who if who is not None else get_sender_network(request.remote_addr or "")
    entered: _Entered = current_app.extensions[_ENTERED]
    if act.action.startswith(VOTES) and code == ProofNeeded.code:
        return
    if not entered.admits(sender, (act.action, code, act.about, str(act.data))):
        return
    desk = the_desk()
    try:
        with desk.store.write() as tx:
            now = desk.clock.now()
            enter_refused(tx, act.action, act.actor, now, code, about=act.about, place=act.place, data=act.data)
    except LaurelError as trouble:
        LOG.warning("a refusal of %s is not in the book: %s", act.action, trouble.message.zh)


def _end_request(_failure: BaseException | None) -> None:
    _enter_inner_refusals()


def _say_when(answer: Response) -> Response:
    if g.get("retry_after") is not None and answer.status_code >= 400:
        answer.headers["Retry-After"] = str(g.retry_after)
    return answer


def _find_action() -> str | None:
    guard = requested_guard()
    return guard.action if guard is not None else None
