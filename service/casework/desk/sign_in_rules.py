"""How long a sign-in lasts in one installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network


@dataclass(frozen=True, slots=True)
class SignInRules:
    """``idle`` is after how long without use a session ends; None: it lasts until its absolute end.

    ``proof`` is how old a sign-in may be for what asks for a fresh one (`access.recent_proof`); None: any.
    ``password`` is after how long one's own password is to be changed; None: never.
    ``administrators_from`` are the networks from which administrators sign in; empty: from anywhere.
    """

    idle: timedelta | None = None
    proof: timedelta | None = None
    password: timedelta | None = None
    administrators_from: tuple[IPv4Network | IPv6Network, ...] = ()
