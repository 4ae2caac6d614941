"""What is written for the demonstration is done as far as its city lets it be done."""

from __future__ import annotations

import logging
from collections.abc import Callable

from service.domain.errors import LaurelError

LOG = logging.getLogger("laurel.demo")


def tried(what: str, act: Callable[[], object]) -> None:
    """Do ``act``, or say in the log why ``what`` it does was refused.

    A city may be redrawn before its people are rewritten: the rest of it is still worth showing.
    """
    try:
        act()
    except LaurelError as refusal:
        LOG.warning("%s没有办成：%s", what, refusal.message.zh)
