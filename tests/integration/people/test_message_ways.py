"""Messages go on every channel that reaches their reader, in the reader's language; reminders of a day in one mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from service.casework.step.post import digest_work
from service.domain.calendar import CHINA
from service.store.models import MailRow
from tests.support.browsers import Browser
from tests.support.desks import Bench, suspend_case

Browse = Callable[..., Browser]


@pytest.mark.parametrize(
    ("at", "key", "goes"),
    [
        ((9, 0), "digest:7:2026-03-02", (2, 9, 30)),
        ((14, 10), "digest:7:2026-03-02:14", (2, 14, 40)),
    ],
)
def test_the_mail_of_a_day_goes_in_the_morning_and_a_reminder_held_up_still_today(
    at: tuple[int, int], key: str, goes: tuple[int, int, int]
) -> None:
    work = digest_work(None, 7, datetime(2026, 3, 2, *at, tzinfo=CHINA))
    local = work.due_at.astimezone(CHINA)
    assert (work.effect_key, (local.day, local.hour, local.minute)) == (key, goes)


def test_the_mail_of_a_day_repeats_nothing_of_the_day_before(bench: Bench) -> None:
    person = bench.applicant.person_id
    assert person is not None
    for words in ("昨日催办", "今日催办"):
        now, key = bench.clock.now(), f"digest:{person}:{bench.clock.now().date()}:mail"
        row = MailRow(
            case_id=None, person_id=person, address="a@example.cn", subject=words, text=words,
            documents=[], effect_key=f"escalate:1:{words}", queued_at=now,
        )  # fmt: skip
        with bench.desk.store.write() as tx:
            tx.mail.queue_many([row])
            tx.work.enqueue_many([digest_work(None, person, now)], now)
        bench.advance(now + timedelta(days=1))
        with bench.desk.store.read() as tx:
            mail = tx.mail.find(effect_key=key)
        assert mail is not None
        assert mail.text.splitlines() == [f"1. {words}"]


def test_who_chooses_english_is_told_in_english_from_then_on(bench: Bench, browse: Browse) -> None:
    browse("applicant").post("/account/messages", {"language": "en"}, follow_redirects=True)
    case = bench.started()
    suspend_case(bench.desk, bench.admin, case, "核实情况")
    with bench.desk.store.read() as tx:
        (message,) = [row for row in tx.mail.select(case_id=case) if ":halted:" in row.effect_key]
    assert "is suspended: 核实情况" in message.text
