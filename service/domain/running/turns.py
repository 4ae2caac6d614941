"""How often a process turns from its work: to look for garbage, and to let another of its threads go on."""

from __future__ import annotations

import gc
import sys

from service.domain.running.memory import SELDOM

_TURN = 0.0005
"""Seconds after which a thread that computes lets another have its turn, a tenth of what is usual.

A request queues again after each statement: beside a season that is played, each time so long; and whoever writes keeps
the others from writing meanwhile.
"""


def set_turns() -> None:
    """Let the collector look seldom, since what a command loads stays until it ends, and threads take turns more often."""
    gc.set_threshold(*SELDOM)
    sys.setswitchinterval(_TURN)
