"""Requests that take effect once: a program marks one with a key and may send it again when no answer came."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from service.casework.desk.desk import Desk
from service.domain.errors import Conflict, Invalid, LaurelError
from service.domain.text import Text
from service.store import Unreachable
from service.store.models import MarkedRequestRow

KEPT = timedelta(hours=24)
LONGEST_KEY = 200
_SECRET = "requests"  # noqa: S105  the name of a secret, not a secret


class KeyUsed(Conflict):
    """The Idempotency-Key was sent to this address with another body within 24 hours: nothing was done, take a new one."""

    code = "key_used"


class RequestUnfinished(Conflict):
    """The same request with its Idempotency-Key is being worked on, or was interrupted: see what came of it first."""

    code = "request_unfinished"


class AnswerGiven(Conflict):
    """The same request with its Idempotency-Key took effect, and its answer, a secret, is given once."""

    code = "answer_given"


@dataclass(frozen=True, slots=True)
class MarkedRequest:
    """A request: who ``sender`` is, which ``operation`` with its address, the sender's ``key``, and what was sent."""

    sender: str
    operation: str
    key: str
    content: bytes

    @property
    def mark(self) -> str:
        """The key under which it is kept, SHA-256 in hex."""
        return hashlib.sha256("\0".join((self.sender, self.operation, self.key)).encode()).hexdigest()


def once(
    desk: Desk, request: MarkedRequest, work: Callable[[], tuple[int, Any]], *, told_once: bool
) -> tuple[int, Any]:
    """Return status and JSON of ``work``, or of the time before with the same key within a day.

    A refusal leaves nothing behind, so that the request may be corrected and sent again; after any other failure, as of a
    database that went away, nobody knows here what took effect, and a repetition is told so. With ``told_once``
    the answer holds a secret: it is not kept, and a repetition is told that the first one took effect.

    Raises:
        Invalid: the key is too long.
        Conflict: the key was used for something else, the answer is told once, or the first one never ended.
    """
    if len(request.key) > LONGEST_KEY:
        raise Invalid(
            Text(
                f"Idempotency-Key 最多 {LONGEST_KEY} 个字符。", f"Idempotency-Key has at most {LONGEST_KEY} characters."
            )
        )
    content, now = _hash_content(desk, request), desk.clock.now()
    with desk.store.write() as tx:
        tx.requests.delete(at__lt=now - KEPT)
        if not tx.requests.insert_new(MarkedRequestRow(key=request.mark, content=content, at=now)):
            return _read_answer(tx.requests.find(key=request.mark), content)
    try:
        status, answer = work()
    except Unreachable:
        raise
    except LaurelError:
        with desk.store.write() as tx:
            tx.requests.delete(key=request.mark)
        raise
    with desk.store.write() as tx:
        tx.requests.change_where({"key": request.mark}, status=status, answer=None if told_once else answer)
    return status, answer


def _hash_content(desk: Desk, request: MarkedRequest) -> str:
    """Return a mark of what was sent, from which nobody learns it without the installation's secret (HMAC-SHA-256)."""
    return hmac.new(desk.ballot_keys.secret(_SECRET), request.content, hashlib.sha256).hexdigest()


def _read_answer(row: MarkedRequestRow | None, content: str) -> tuple[int, Any]:
    if row is None or row.content != content:
        raise KeyUsed(
            Text(
                "这个 Idempotency-Key 已用于另一项请求（同一地址、24小时内、内容不同），没有办理，请换一个。",
                "This Idempotency-Key was sent to this address with another body within 24 hours; nothing was done: choose a new one.",
            )
        )
    if row.status is None:
        raise RequestUnfinished(
            Text(
                "同一请求正在办理，或者办理中途被打断。请先查看结果，再决定是否用新的 Idempotency-Key 重发。",
                "The same request is being worked on, or was interrupted: see what came of it before you send it"
                " with a new Idempotency-Key.",
            )
        )
    if row.status == 200 and row.answer is None:
        raise AnswerGiven(
            Text(
                "这项请求已经办理，答复只给一次，不再重复。",
                "This request took effect already; its answer is told once and not again.",
            )
        )
    return row.status, row.answer
