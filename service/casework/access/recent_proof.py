"""What is asked of a fresh sign-in only: who sits at a browser left open proves again who they are (step-up)."""

from __future__ import annotations

from contextvars import ContextVar

from service.domain.errors import LaurelError
from service.domain.text import Text

PROVED_FIRST = frozenset(
    {
        *("people.manage", "person_data.export", "rights.change", "rights.decide", "deputy.appoint"),
        *("ballot.cast", "ballot.tell", "ballot.close", "ballot.confirm_account"),
        *("draft.publish", "definition.publish", "calendar.decide", "season.seal", "season.publish"),
        *("epoch.release", "clock.confirm"),
    }
)
"""Accounts, roles and passwords of others, lending one's own; votes and counts; publications; going on after a restore."""

_STALE: ContextVar[bool] = ContextVar("laurel_stale_sign_in", default=False)


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


def demand_recent_proof(action: str) -> None:
    """Raise ProofNeeded where ``action`` asks for a fresh sign-in and that of the request is too old."""
    if action in PROVED_FIRST and _STALE.get():
        raise ProofNeeded
