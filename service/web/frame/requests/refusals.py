"""Refusals are entered in the book of acts: one entry a minute of each person (or network) and act, with a count.

What is counted lies in the memory of the process: nobody floods the book, and what is not refused writes nothing. Of the
last minute of a process that is ended the first refusals are in the book, and how often they came again is lost.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, Response, current_app, g, request

from service.casework.access.book.acting import current_origin, from_where, leave_refusals, left_refusals
from service.casework.access.book.booked import asked_of
from service.casework.access.book.enter import TIMES, enter_refused
from service.casework.access.guards import SignInNeeded
from service.casework.access.recent_proof import ProofNeeded
from service.domain.errors import LaurelError
from service.web.frame.requests.counted_refusals import CountedRefusals, RefusedAct
from service.web.frame.requests.current import the_desk
from service.web.frame.requests.failure_status import status_of
from service.web.frame.requests.origin import network

LOG = logging.getLogger("laurel.web")

VOTES = "ballot."
"""Whether and when somebody stood before a ballot is left out where only a fresh proof was missing."""

_COUNTED = "laurel.refusals"


def enter_refusals(app: Flask, clock: Callable[[], float] = time.monotonic) -> None:
    """Let ``app`` count refusals by ``clock``, and enter those of the minutes before at the end of a request."""
    app.extensions[_COUNTED] = CountedRefusals(clock)
    app.before_request(leave_refusals)
    app.after_request(_say_when)
    app.teardown_request(_end)


def answered(error: LaurelError) -> int:
    """Return the status of a page that shows ``error``, which is noted as one that is answered by itself is."""
    note_refusal(error)
    return status_of(error)


def note_refusal(error: LaurelError) -> None:
    """Count ``error`` where it refuses what the sender may not do, and is not in the book already.

    Where the same may be tried again after a while, the answer says so (RFC 9110, 10.2.3).
    """
    g.retry_after = error.retry_after
    action = _action()
    refused = error.to_book or (status_of(error) == 403 and not isinstance(error, SignInNeeded))
    if not _count_left() and refused and not error.in_book and action is not None:
        data = asked_of(str(request.endpoint), request.view_args or {})
        _count(RefusedAct(_sender(), action, g.actor, current_origin(), error.code, data))


def _count_left() -> bool:
    """Count the acts of this request that were refused within a use case; returns whether there are any."""
    left = left_refusals()
    for act, code in left:
        _count(RefusedAct(_sender(), act.action, act.actor, current_origin(), code, act.data, act.about, act.place))
    return bool(left)


def _count(refused: RefusedAct) -> None:
    if not (refused.action.startswith(VOTES) and refused.code == ProofNeeded.code):
        _enter(_counted().count(refused))


def _sender() -> int | str:
    who = g.actor.person_id
    return who if who is not None else network(request.remote_addr or "")


def _end(_failure: BaseException | None) -> None:
    """Enter what was refused and not shown, and what was counted in minutes that are over."""
    _count_left()
    _enter(_counted().over())


def _say_when(answer: Response) -> Response:
    if g.get("retry_after") is not None and answer.status_code >= 400:
        answer.headers["Retry-After"] = str(g.retry_after)
    return answer


def _enter(told: Sequence[tuple[RefusedAct, int]]) -> None:
    """Enter each; where the database cannot write, the answer stands, the log has a line, and it is tried again later."""
    if not told:
        return
    desk = the_desk()
    try:
        with desk.store.write() as tx:
            for one, times in told:
                with from_where(one.origin):
                    enter_refused(
                        tx,
                        one.action,
                        one.actor,
                        desk.clock.now(),
                        one.code,
                        about=one.about,
                        place=one.place,
                        data=_counting(one.data, times),
                    )
    except LaurelError as trouble:
        _counted().keep(told)
        count = sum(times for _, times in told)
        LOG.warning("%d refusals are not in the book yet: %s", count, trouble.message.zh)


def _counting(data: dict[str, Any], times: int) -> dict[str, Any]:
    return {**data, "asked": {**data.get("asked", {}), TIMES: times}} if times > 1 else data


def _counted() -> CountedRefusals:
    counted = current_app.extensions[_COUNTED]
    assert isinstance(counted, CountedRefusals)
    return counted


def _action() -> str | None:
    guard = getattr(current_app.view_functions.get(request.endpoint or ""), "guard", None)
    return guard.action if guard is not None else None
