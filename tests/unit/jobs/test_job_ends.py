"""Who waits for a job of the studio goes on as soon as one has ended, and never for longer than it asked."""

from __future__ import annotations

from threading import Thread
from time import monotonic

from service.casework.studio.work.job_ends import ended_jobs, note_end, wait_for_end


def test_an_end_wakes_who_waits() -> None:
    before = ended_jobs()
    waiting = Thread(target=wait_for_end, args=(before, 3600), daemon=True)
    waiting.start()
    note_end()
    waiting.join(120)
    assert not waiting.is_alive()


def test_an_end_before_one_waits_is_not_missed_and_none_is_waited_for_no_longer_than_asked() -> None:
    before = ended_jobs()
    note_end()
    began = monotonic()
    wait_for_end(before, 60)
    wait_for_end(ended_jobs(), 0.01)
    assert monotonic() - began < 50
