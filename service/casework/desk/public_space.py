"""How much people without an account may upload, and how long what they never submit is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublicSpace:
    """Bytes that one address may send within a day, bytes that all of it may take up, hours until it is removed."""

    of_address: int = 400 * 1024 * 1024
    of_all: int = 5000 * 1024 * 1024
    hours: int = 48
