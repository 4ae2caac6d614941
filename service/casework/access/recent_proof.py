"""What is asked of a fresh sign-in only: who sits at a browser left open proves again who they are (step-up)."""

from __future__ import annotations

from contextvars import ContextVar

from service.domain.errors import LaurelError
from service.domain.text import Text

CLOSED_OTHERWISE = frozenset(
    {
        *("people.manage", "person_data.export", "rights.change", "rights.decide", "deputy.appoint"),
        *("ballot.cast", "ballot.tell", "ballot.close", "ballot.void"),
        *("draft.publish", "definition.publish", "calendar.decide"),
        "hold.resume",
    }
)
"""Accounts, roles and passwords of others, lending one's own; votes and counts; publications; resuming due work."""

READ_OTHERWISE = frozenset(
    {
        *("notice.correct", "notice.recall", "registration.decide", "register.import", "ballot.repeat"),
        *("settings.change", "retention.change", "amendment.apply", "calendar.correct"),
        *("case.terminate", "case.value", "due.change", "step.restart", "token.move", "incident.skip"),
        *("retention.erase", "archive.make"),
        *("case.suspend", "case.message", "task.reassign", "incident.hand_over"),
    }
)
"""What is published anew or taken back, who gets an account, what the law's values are, repairs, what is erased for good.

Their pages are read without a fresh proof, and in a session that an outside provider began.
"""

PROVED_EVERYWHERE = frozenset({"profile.change"})
"""Where one is reached oneself, which links for a forgotten password go to; a provider's word is proof enough of it."""

HANDED_OUT = frozenset({"people.export", "experts.export", "applicants.export", "scores.export"})
"""Files with the personal data of many; asked for by a link, they take a fresh proof although nothing is sent."""

PROVED_FIRST = CLOSED_OTHERWISE | READ_OTHERWISE | PROVED_EVERYWHERE | HANDED_OUT
"""Every action that asks for a fresh proof, `HANDED_OUT` when it is read, the others when something is sent."""

_STALE: ContextVar[bool] = ContextVar("laurel_stale_sign_in", default=False)
_READING: ContextVar[bool] = ContextVar("laurel_reading", default=False)


class ProofNeeded(LaurelError):
    """The sign-in is too old for this: its owner proves again who they are, and nothing was done meanwhile."""

    code = "step_up_needed"

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(
            message
            or Text(
                "登录已有一段时间，办理此事以前须再次确认本人，尚未办理。请在“我的账号—再次确认本人”（/account/proof）"
                "中确认后再试。",
                "You signed in a while ago, and this asks for a fresh proof; nothing was done. Prove again who you are "
                "under “My account” (/account/proof; programs: POST /api/v1/session/proof) and try again.",
            )
        )


def set_stale(stale: bool) -> None:
    """Say of the request that is being answered whether its sign-in is too old for the actions `PROVED_FIRST`."""
    _STALE.set(stale)


def set_reading(reading: bool) -> None:
    """Say of the request that is being answered whether it only reads (RFC 9110, 9.2.1)."""
    _READING.set(reading)


def read_only(action: str) -> bool:
    """Return whether the request only reads what ``action`` shows, which is open without a fresh proof."""
    return _READING.get() and action in READ_OTHERWISE


def demand_recent_proof(action: str) -> None:
    """Raise ProofNeeded where ``action`` asks for a fresh sign-in and that of the request is too old."""
    if action in PROVED_FIRST:
        demand_fresh_sign_in()


def demand_fresh_sign_in() -> None:
    """Raise ProofNeeded where the sign-in of the request is too old; who has a second factor proves themselves by that."""
    if _STALE.get():
        raise ProofNeeded
