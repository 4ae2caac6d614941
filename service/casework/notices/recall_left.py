"""Take back the notices that still run about a case that was cut off: nobody decides on an objection to them any more."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.notices.recall import mark_recalled
from service.casework.step.cut_off import is_cut_off
from service.casework.step.step import Step
from service.domain.text import Text


def recall_left(step: Step, numbers: Sequence[int], why: Text) -> None:
    """Take running notices back, on record and in public, where the case is cut off; at its own end it leaves them."""
    if is_cut_off(step):
        for number in numbers:
            mark_recalled(step, step.tx.notices.lock(number), why.zh)
