"""How long a sign-in lasts in one installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class SignInRules:
    """``idle`` is after how long without use a session ends; None: it lasts until its absolute end."""

    idle: timedelta | None = None
