"""How long a sign-in lasts in one installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class SignInRules:
    """``idle`` is after how long without use a session ends; None: it lasts until its absolute end.

    ``proof`` is how old a sign-in may be for what asks for a fresh one (`access.recent_proof`); None: any.
    """

    idle: timedelta | None = None
    proof: timedelta | None = None
