"""Work done in a process of its own, which is shot in the middle of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any


def dies(work: Callable[[], Any]) -> bool:
    """Do ``work`` in a process of its own; returns whether that was shot before the end."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def shoot() -> None:
    """Kill this process, as a loss of power would."""
    os.kill(os.getpid(), signal.SIGKILL)
