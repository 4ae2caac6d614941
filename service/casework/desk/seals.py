"""Seals: what only who has the keys can say, so that nobody else explains away what is missing or changed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from service.casework.desk.desk import Desk
from service.domain.proof.same_text import is_same_text
from service.store.rows import EpochRow
from service.store.seals.written import RECORDS

_SECRET = "seals"  # noqa: S105  the name of a secret, not a secret
SIGNING = "counts"
"""Name of the secret by which the installation signs the records of counts."""
SEAL = "seal"
"""Under it a restore, and an event of erasure, hold their seals."""


def seal_of_gap(desk: Desk, saved_at: datetime, begun_at: datetime) -> str:
    """Return the seal (hex) of a restore: nothing between a backup and the new epoch can be on record."""
    return _seal(desk, ["gap", saved_at.astimezone(UTC).isoformat(), begun_at.astimezone(UTC).isoformat()])


def is_sealed_gap(desk: Desk, row: EpochRow) -> bool:
    """Return whether a restore was begun by who has the keys: whoever has the database alone may not make up gaps."""
    return is_same_text(str(row.found.get(SEAL, "")), seal_of_gap(desk, row.saved_at, row.begun_at))


def seal_of_erasure(desk: Desk, case_id: int, data: Mapping[str, Any]) -> str:
    """Return the seal (hex) of an event of erasure, whose ``data`` name what lost its words and what is left of it.

    The digests of rows written with it, which the store adds when the event is kept, are keyed by themselves.
    """
    told = {name: value for name, value in data.items() if name not in (SEAL, RECORDS)}
    return _seal(desk, ["erasure", case_id, told])


def seal_of_progress(desk: Desk, progress: Mapping[str, Any]) -> str:
    """Return the seal (hex) of how far a verification has come: nobody else lets it pass over something."""
    return _seal(desk, ["progress", {name: value for name, value in progress.items() if name != SEAL}])


def _seal(desk: Desk, told: list[Any]) -> str:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dict)
    return hmac.new(desk.ballot_keys.secret(_SECRET), text.encode(), hashlib.sha256).hexdigest()
