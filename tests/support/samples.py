"""What would take too long whole is tried by a sample, the same in every run; `make long` (LAUREL_WHOLE=1) tries all of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

_Thing = TypeVar("_Thing")
LONG = bool(os.environ.get("LAUREL_WHOLE"))


def is_sampled(place: int, one_in: int) -> bool:
    """Return whether what stands at ``place`` is tried: each ``one_in``-th, beginning with the first."""
    return LONG or place % one_in == 0


def sample(things: Sequence[_Thing], one_in: int) -> list[_Thing]:
    """Return each ``one_in``-th of ``things``, beginning with the first."""
    return [thing for place, thing in enumerate(things) if is_sampled(place, one_in)]
