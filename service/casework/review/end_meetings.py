"""Call off what was to take place about a case that has ended: sittings and appointments that have not begun."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.review.appointments import cancel
from service.casework.review.sittings import CALLED, CANCELLED, PRESENT, tell_called_off
from service.casework.step.cut_off import is_cut_off
from service.casework.step.step import Step
from service.domain.text import Text


def end_sittings(step: Step, numbers: Sequence[int], why: Text) -> None:
    """Call off sittings that are to come where the case is cut off; one that has begun is closed by its office.

    So is one to which somebody signed in. A case that comes to its own end leaves them: a round is summed up after it.
    """
    if not is_cut_off(step):
        return
    for number in numbers:
        row, members = step.tx.sittings.get(number), step.tx.sittings.members(number)
        begun = row.starts_at <= step.now or any(one.state == PRESENT for one in members)
        if row.state != CALLED or begun:
            continue
        step.tx.sittings.change(number, row.version, state=CANCELLED, closed_at=step.now)
        step.audit("sitting", f"取消会议“{row.title}”：{why.zh}")
        tell_called_off(step.desk, step.tx, row, [one.person_id for one in members], why)


def end_appointments(step: Step, numbers: Sequence[int], why: Text) -> None:
    """Cancel defences and visits that have not begun, and tell their participants."""
    for number in numbers:
        row = step.tx.panels.appointment(number)
        if row.state == "planned" and row.starts_at > step.now:
            cancel(step, row, why.zh)
