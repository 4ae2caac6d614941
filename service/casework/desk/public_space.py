"""How much may be uploaded: without an account, and how long what is never submitted is kept; by one person; to a case."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublicSpace:
    """Bytes that one address may send within a day, bytes that all of it may take up, hours until it is removed."""

    of_address: int = 400 * 1024 * 1024
    of_all: int = 5000 * 1024 * 1024
    hours: int = 48


@dataclass(frozen=True, slots=True)
class OwnSpace:
    """Bytes that one person with an account may send within a day, and bytes that all files of a case may take up."""

    of_day: int = 2000 * 1024 * 1024
    of_case: int = 5000 * 1024 * 1024
