"""What binds a request for a change of rights to whoever asked for it, computed with a secret that no database holds."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

from service.casework.desk.desk import Desk
from service.casework.people.factors.password_throttle import keyed_hash
from service.domain.errors import NotAllowed
from service.domain.proof.same_text import is_same_text
from service.domain.text import Text
from service.store.rows import RightsRequestRow

_NOT_ASKED = {"seal", "state", "decided_by", "decided_role", "decided_at", "answer"}
"""Columns that say what became of a request; all others say what was asked, by whom, about whom and until when."""


class RequestAltered(NotAllowed):
    """A request is not what this program wrote down: it was written or changed in the database."""

    code = "request_altered"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "这一事项不是本系统记下的提请，或者提请后数据被改动，不能批准。请与提请人当面核实，报告审计管理员；确有需要的，重新提请。",
                "This request is not what the program wrote down, or was changed since, and cannot be decided: ask who"
                " is said to have asked, tell the audit administrator, and ask anew if it is needed.",
            )
        )


def request_seal(desk: Desk, row: RightsRequestRow) -> str:
    """Return what says that this installation wrote the request down as it is."""
    asked = {name: value for name, value in asdict(row).items() if name not in _NOT_ASKED}
    return keyed_hash(desk, f"request {json.dumps(asked, ensure_ascii=False, sort_keys=True, default=_instant)}")


def is_as_asked(desk: Desk, row: RightsRequestRow) -> bool:
    """Return whether a request that waits is the one that was asked for; what was decided has lost its password."""
    return is_same_text(request_seal(desk, row), row.seal)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
