"""What looks again in the background ends quietly with its process."""

from __future__ import annotations

import subprocess
import sys

ENDING = """
import atexit, logging, time
from contextlib import ExitStack
from service.jobs.scheduler import looking_again
logging.basicConfig()
stack = ExitStack()
atexit.register(stack.close)
atexit.register(time.sleep, 0.1)
stack.enter_context(looking_again(lambda: None, 0.01))
"""
"""A process whose threads take nothing any more while turns still come due, as a server of pages at its end."""


def test_a_turn_that_comes_due_while_python_ends_leaves_no_trace_in_the_log() -> None:
    ended = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True, check=True)
    assert ended.stderr == ""
