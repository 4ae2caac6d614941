"""Looks after the cases of a program before, beside everything else: at the start, and again now and then.

They are kept findable by their facts, in the words of the program that is new here, the call activities they stand in and
the rounds of their tasks are noted, what is still asked in cases that are over ends, and each is loaded once by a program
that is new here.

A program of before may go on for a while beside this one; what it changes waits to be noted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.digests.before import record_beside
from service.casework.people.seals.row_seals import seal_rows_beside, tell_unsealed
from service.casework.records.signed_heads import remember_heads
from service.casework.soundness.found_by import keep_findable, note_in_new_words
from service.casework.soundness.left_behind import end_what_is_left
from service.casework.soundness.load_once import is_known, load_once
from service.casework.soundness.noted_calls import note_calls
from service.casework.soundness.noted_rounds import note_rounds
from service.domain.errors import LaurelError
from service.jobs.away import AwaySpell
from service.jobs.program import program_mark

log = logging.getLogger(__name__)

_EVERY = 3600.0
_REST = 0.05
"""Seconds between some cases that are loaded and the next: whoever asks for a page meanwhile comes first."""
_PATIENCE = 10.0
"""Seconds; so long the end waits for the transaction that is open."""


@contextmanager
def keeping_findable(desk: Desk, every: float = _EVERY) -> Iterator[None]:
    """Note what is to note at once and ``every`` so many seconds, until the end of the block."""
    end, spell = Event(), AwaySpell(log, "not noted what cases are found by")

    def keep() -> None:
        loaded = False
        while not end.is_set():
            try:
                with spell.survived():
                    loaded = look_after(desk, lambda: end.wait(_REST), loaded=loaded)
            except LaurelError as error:  # such as a data key that is missing: it may be put back
                spell.say(error)
            end.wait(every)

    thread = Thread(target=keep, name="keep-findable", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(_PATIENCE)


def look_after(desk: Desk, rest: Callable[[], bool] = bool, *, loaded: bool = False) -> bool:
    """Do all of it once; returns whether this program has loaded every running case by now.

    ``rest`` is called between some cases and the next, and says whether to stop; ``loaded`` is what it returned before.
    """
    remember_heads(desk, SYSTEM)
    seal_rows_beside(desk, SYSTEM, rest)
    record_beside(desk, SYSTEM, rest)
    tell_unsealed(desk, SYSTEM)
    keep_findable(desk, SYSTEM, rest)
    note_calls(desk, SYSTEM, rest, rest)
    note_rounds(desk, SYSTEM, rest)
    if not loaded:
        end_what_is_left(desk, SYSTEM, rest)
    mark = program_mark()
    if loaded or is_known(desk, SYSTEM, mark):
        return True
    return note_in_new_words(desk, SYSTEM, rest) and load_once(desk, SYSTEM, mark, rest)
