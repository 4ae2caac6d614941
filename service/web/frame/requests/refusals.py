"""Refusals: their statuses, and the entries that the log of acts has of them."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, current_app, g, request

from service.casework.access.actor import Actor
from service.casework.access.book.acting import current_origin, from_where, leave_refusals, list_deferred_refusals
from service.casework.access.book.booked import describe_call
from service.casework.access.book.enter import TIMES, enter_refused
from service.casework.access.guards import SignInNeeded
from service.casework.access.sign_in_proof import ProofNeeded
from service.domain.errors import LaurelError
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
    return next(
        OF_CODE[code]
        for kind in type(error).__mro__
        if (code := vars(kind).get("code")) in OF_CODE and code is not None
    )


EVERY = 60.0
"""Seconds within which the same is entered twice at most: at once, and at their end how often it came again."""

ACTS = 20
"""Different acts of one person within them; what one tries beyond is counted together."""

VISITOR_ACTS = 3
"""Different acts of one network without a sign-in within them."""

NETWORKS = 50
"""Networks without a sign-in that are told apart within them; those beyond are counted together."""

PEOPLE = 300
"""People who are told apart within them."""

_ELSE = "*"


@dataclass(frozen=True, slots=True)
class RefusedAct:
    """What of a refusal goes into the book; ``sender`` is the number of a person, or the network of a visitor."""

    sender: int | str
    action: str
    actor: Actor
    origin: str
    code: str
    data: dict[str, Any]
    about: str = ""
    place: str | None = None

    @property
    def key(self) -> Hashable:
        """What makes it the same again."""
        return self.action, self.code, self.about, str(self.data)


@dataclass(slots=True)
class _Line:
    until: float
    last: RefusedAct
    more: int = 0


@dataclass(slots=True)
class CountedRefusals:
    """Counts of one process; several processes at one database count each for themselves, and the book adds them up."""

    clock: Callable[[], float] = time.monotonic
    _lines: dict[tuple[int | str, Hashable], _Line] = field(default_factory=dict)
    _waits: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, refused: RefusedAct) -> Sequence[tuple[RefusedAct, int]]:
        """Count a refusal; returns what is to be entered now, and how often each happened."""
        with self._lock:
            now = self.clock()
            due = self._pop_over(now)
            key = self._choose_place(refused)
            old_line = self._lines.get(key)
            if old_line is not None or key[1] == _ELSE or now < self._waits:
                line = old_line or _Line(now + EVERY, refused)
                line.last, line.more = refused, line.more + 1
                self._lines[key] = line
                return due
            self._lines[key] = _Line(now + EVERY, refused)
            return [*due, (refused, 1)]

    def over(self) -> Sequence[tuple[RefusedAct, int]]:
        """Return what was counted in minutes that are over, once."""
        if not self._lines:
            return ()
        with self._lock:
            return self._pop_over(self.clock())

    def keep(self, refusals: Sequence[tuple[RefusedAct, int]]) -> None:
        """Take back what could not be entered: it is returned again when a minute is over, and nothing before."""
        with self._lock:
            self._waits = self.clock() + EVERY
            for refused, times in refusals:
                line = self._lines.setdefault(self._choose_place(refused), _Line(self._waits, refused))
                line.more += times

    def _choose_place(self, refused: RefusedAct) -> tuple[int | str, Hashable]:
        """Return where ``refused`` is counted: by itself, with all else of its sender, or with that of all other senders."""
        who, visitor = refused.sender, isinstance(refused.sender, str)
        if (who, refused.key) in self._lines:
            return who, refused.key
        acts = Counter(sender for sender, _ in self._lines)
        sender_count = sum(isinstance(sender, str) == visitor for sender in acts)
        if who not in acts and sender_count >= (NETWORKS if visitor else PEOPLE):
            return ("" if visitor else 0), _ELSE
        return who, refused.key if acts[who] < (VISITOR_ACTS if visitor else ACTS) else _ELSE

    def _pop_over(self, now: float) -> list[tuple[RefusedAct, int]]:
        if now < self._waits:
            return []
        over = {key: line for key, line in self._lines.items() if line.until <= now}
        for key in over:
            del self._lines[key]
        return [(line.last, line.more) for line in over.values() if line.more]


LOG = logging.getLogger("laurel.web")

VOTES = "ballot."
"""Whether and when somebody stood before a ballot is left out where only a fresh proof was missing."""

_COUNTED = "laurel.refusals"


def enter_refusals(app: Flask, clock: Callable[[], float] = time.monotonic) -> None:
    """Let ``app`` count refusals by ``clock``, and enter those of the minutes before at the end of a request."""
    app.extensions[_COUNTED] = CountedRefusals(clock)
    app.before_request(leave_refusals)
    app.after_request(_say_when)
    app.teardown_request(_end_request)


def record_error_status(error: LaurelError) -> int:
    """Return the status of a page that shows ``error``, which is noted as one that is answered by itself is."""
    note_refusal(error)
    return status_of(error)


def note_refusal(error: LaurelError) -> None:
    """Count ``error`` where it refuses what the sender may not do, and is not in the book already.

    Where the same may be tried again after a while, the answer says so (RFC 9110, 10.2.3).
    """
    g.retry_after = error.retry_after
    action = _find_action()
    refused = error.to_book or (status_of(error) == 403 and not isinstance(error, SignInNeeded))
    if not _count_inner_refusals() and refused and not error.in_book and action is not None:
        data = describe_call(str(request.endpoint), request.view_args or {})
        _count_refusal(RefusedAct(_get_sender(), action, g.actor, current_origin(), error.code, data))


def _count_inner_refusals() -> bool:
    """Count the acts of this request that were refused within a use case; returns whether there are any."""
    refusals = list_deferred_refusals()
    for act, code in refusals:
        _count_refusal(
            RefusedAct(_get_sender(), act.action, act.actor, current_origin(), code, act.data, act.about, act.place)
        )
    return bool(refusals)


def _count_refusal(refused: RefusedAct) -> None:
    if not (refused.action.startswith(VOTES) and refused.code == ProofNeeded.code):
        _write_entries(_get_counter().count(refused))


def _get_sender() -> int | str:
    who = g.actor.person_id
    return who if who is not None else get_sender_network(request.remote_addr or "")


def _end_request(_failure: BaseException | None) -> None:
    """Enter what was refused and not shown, and what was counted in minutes that are over."""
    _count_inner_refusals()
    _write_entries(_get_counter().over())


def _say_when(answer: Response) -> Response:
    if g.get("retry_after") is not None and answer.status_code >= 400:
        answer.headers["Retry-After"] = str(g.retry_after)
    return answer


def _write_entries(entries: Sequence[tuple[RefusedAct, int]]) -> None:
    """Enter each; where the database cannot write, the answer stands, the log has a line, and it is tried again later."""
    if not entries:
        return
    desk = the_desk()
    try:
        with desk.store.write() as tx:
            for refusal, times in entries:
                with from_where(refusal.origin):
                    enter_refused(
                        tx,
                        refusal.action,
                        refusal.actor,
                        desk.clock.now(),
                        refusal.code,
                        about=refusal.about,
                        place=refusal.place,
                        data=_add_times(refusal.data, times),
                    )
    except LaurelError as trouble:
        _get_counter().keep(entries)
        count = sum(times for _, times in entries)
        LOG.warning("%d refusals are not in the book yet: %s", count, trouble.message.zh)


def _add_times(data: dict[str, Any], times: int) -> dict[str, Any]:
    return {**data, "asked": {**data.get("asked", {}), TIMES: times}} if times > 1 else data


def _get_counter() -> CountedRefusals:
    counted = current_app.extensions[_COUNTED]
    assert isinstance(counted, CountedRefusals)
    return counted


def _find_action() -> str | None:
    guard = requested_guard()
    return guard.action if guard is not None else None
