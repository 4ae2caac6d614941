"""One part of the bench in a process of its own, which ends in time whatever happens in it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from service.domain.text import Text
from tests.bench.measures import Measure

_TO_TIDY_UP = 20.0
"""Seconds in which a part that took too long ends its servers before it is killed."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows measured together in an empty folder, and the ``seconds`` that they may take of the whole."""

    measure: Callable[[Path], list[Measure]]
    seconds: float

    @property
    def name(self) -> str:
        """The module, with the function where a module has several: ``work_cost.on_sqlite``."""
        module = self.measure.__module__.rpartition(".")[2]
        return module if self.measure.__name__ == "measure" else f"{module}.{self.measure.__name__}"


def in_turn(parts: Sequence[Part], spare: float = 0.0) -> Iterator[tuple[Part, list[Measure], Text | None, float]]:
    """Run parts and yield each with its rows, what went wrong and its seconds; what one leaves over of its time the next may use.

    ``spare`` seconds are left over from the beginning.
    """
    for part in parts:
        allowed, began = part.seconds + spare, time.monotonic()
        rows, fault = run(replace(part, seconds=allowed))
        took = time.monotonic() - began
        spare = max(0.0, allowed - took)
        yield part, rows, fault, took


def run(part: Part) -> tuple[list[Measure], Text | None]:
    """Return the rows of a part, or none and what went wrong."""
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_measured, args=(part, there))
    process.start()
    there.close()
    told: tuple[list[Measure], str] | None = None
    in_time = here.poll(part.seconds)
    with suppress(EOFError):
        told = here.recv() if in_time else None
    if not in_time:
        process.terminate()
    process.join(_TO_TIDY_UP)
    if process.is_alive():
        process.kill()
        process.join()
    if told is not None and not told[1]:
        return told[0], None
    return [], _fault(part, in_time, told[1] if told is not None else "")


def _fault(part: Part, in_time: bool, why: str) -> Text:
    if not in_time:
        return Text(
            f"{part.seconds:.0f} 秒内没有测完，已停止；它的各行没有结果。",
            f"not done within {part.seconds:.0f} seconds and stopped; its rows are missing.",
        )
    why = why or "its process was ended from outside"
    return Text(f"没有测完，它的各行没有结果：{why}", f"it broke, and its rows are missing: {why}")


def _measured(part: Part, there: Connection) -> None:
    """Measure and tell; when told to end, end as after an error, so that servers are ended too."""
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit("told to end"))
    try:
        with tempfile.TemporaryDirectory(prefix="laurel-bench-") as folder:
            rows = part.measure(Path(folder))
        there.send((rows, ""))
    except Exception as error:  # whatever it is, it is told and the other parts go on
        traceback.print_exc()
        there.send(([], f"{type(error).__name__}: {error}"[:300]))
    finally:
        there.close()
        sys.stdout.flush()
        os._exit(0)
