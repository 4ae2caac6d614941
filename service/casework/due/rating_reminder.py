"""Remind the office of a bad rating that it has not answered; without effect on any case."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM
from service.casework.cases.rate import office_people
from service.casework.desk.desk import Desk
from service.casework.step.history import note
from service.casework.step.post import leading, letter_rows, put
from service.domain.calendar.dates import full
from service.domain.text import Text
from service.store.models import WorkItemRow


def remind_of_rating(desk: Desk, item: WorkItemRow) -> None:
    """Tell the people of the office before the last day, or once it is over; does nothing when it was answered."""
    now, case_id = desk.clock.now(), int(item.payload["case"])
    late = item.payload.get("name") == "late"
    with desk.store.write() as tx:
        row = tx.ratings.of_case(case_id)
        if row is not None and row.answered_at is None and row.reply_by is not None:
            title = tx.cases.get(case_id).title
            day = f"{row.reply_by.year}年{row.reply_by.month}月{row.reply_by.day}日"
            state = f"答复期限{day}已过" if late else f"请于{day}前答复"
            told = "the last day to answer is over" if late else f"answer it by {full(row.reply_by).en}"
            subject = Text(f"差评待答复：{title}", f"A bad rating waits for an answer: {title}")
            text = Text(f"“{title}”的差评还没有答复，{state}。", f"A bad rating of “{title}” waits: {told}.")
            people = office_people(tx, row, now)
            rows = letter_rows(
                people, case_id, item.effect_key, subject, leading(text, f"/cases/{case_id}/rating"), now
            )
            tx.work.enqueue_many(put(desk, tx, rows, now), now)
            note(desk, tx, case_id, SYSTEM, "reminded", f"已提醒办公室{len(people)}人答复评价")
        tx.work.finish(item, now)
