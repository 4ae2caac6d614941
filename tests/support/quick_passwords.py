"""Passwords hashed in a fraction of the time: tests set and check hundreds that nobody has to keep from a thief.

A hash names the rounds and the memory that it was made with, so either kind is read by either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher

from service.casework.people.factors import passwords

_QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_OF_THE_PROGRAM = passwords._HASHER


def hash_quickly() -> None:
    """Let this process hash passwords by the least work that argon2 knows."""
    passwords._HASHER = _QUICK


@contextmanager
def hashed_as_ever() -> Iterator[None]:
    """Hash as an installation does until the end of the block."""
    passwords._HASHER = _OF_THE_PROGRAM
    try:
        yield
    finally:
        hash_quickly()
