"""What people choose about their messages holds for those of which one may choose, and for no others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from service.casework.cases.start import start_case
from service.casework.cases.suspend import suspend_case
from service.casework.desk.channels import NoWebhook, Recipient
from service.casework.people.accounts.profile import choose_ways
from service.casework.step.post import digest_work, put
from service.domain.calendar import CHINA
from service.store.models import MailRow
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]


class Gateway(NoWebhook):
    """A gateway that reaches everybody."""

    leaves: ClassVar[bool] = True

    def address(self, to: Recipient) -> str | None:
        return str(to.message.person_id)


def sent(bench: Bench, key: str, documents: tuple[int, ...] = ()) -> set[str]:
    """Return by which channels a message to the applicant goes, which stands in the inbox in any case."""
    bench = replace(bench, desk=replace(bench.desk, channels=(*bench.desk.channels[:2], Gateway())))
    person = bench.applicant.person_id
    row = MailRow(
        case_id=None, person_id=person, address="a@example.cn", subject=key, text=key, effect_key=key,
        documents=list(documents), queued_at=bench.clock.now(),
    )  # fmt: skip
    with bench.desk.store.write() as tx:
        work = put(bench.desk, tx, [row], bench.clock.now())
        assert tx.mail.find(effect_key=key) is not None
    return {one.kind for one in work}


def test_what_is_switched_off_stays_in_the_inbox_and_documents_and_passwords_come(bench: Bench) -> None:
    both = {"mail", "webhook"}
    assert sent(bench, "news:1:first") == sent(bench, "escalate:1") == both
    choose_ways(bench.desk, bench.applicant, {("news", "mail"): "off", ("reminder", "webhook"): "off"})
    assert sent(bench, "news:1:second") == {"webhook"}
    assert sent(bench, "escalate:2") == {"mail"}
    choose_ways(bench.desk, bench.applicant, {("news", "webhook"): "off", ("reminder", "mail"): "off"})
    assert sent(bench, "news:1:third") == sent(bench, "escalate:3") == set()
    assert sent(bench, "document:7", (7,)) == sent(bench, "mail:1:letter") == sent(bench, "password:1") == both


def test_that_ones_own_application_is_halted_always_comes(bench: Bench) -> None:
    choose_ways(bench.desk, bench.applicant, {("news", "mail"): "off"})
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    suspend_case(bench.desk, bench.admin, case, "核实情况")
    with bench.desk.store.read() as tx:
        (told,) = [row for row in tx.mail.select(case_id=case) if ":halted:" in row.effect_key]
    assert (told.person_id, told.address is None) == (bench.applicant.person_id, False)


@pytest.mark.parametrize(
    ("at", "today", "key", "goes"),
    [
        ((9, 0), True, "digest:7:2026-03-02", (2, 9, 30)),
        ((9, 0), False, "digest:7:2026-03-02", (2, 9, 30)),
        ((9, 30), False, "digest:7:2026-03-03", (3, 9, 30)),
        ((14, 10), True, "digest:7:2026-03-02:14", (2, 14, 40)),
    ],
)
def test_the_mail_of_a_day_goes_in_the_morning_and_a_reminder_held_up_still_today(
    at: tuple[int, int], today: bool, key: str, goes: tuple[int, int, int]
) -> None:
    work = digest_work(None, 7, datetime(2026, 3, 2, *at, tzinfo=CHINA), today=today)
    local = work.due_at.astimezone(CHINA)
    assert (work.effect_key, (local.day, local.hour, local.minute)) == (key, goes)


def test_the_mail_of_a_day_repeats_nothing_of_the_day_before(bench: Bench) -> None:
    choose_ways(bench.desk, bench.applicant, {("news", "mail"): "daily"})
    for words in ("昨日消息", "今日消息"):
        now, key = bench.clock.now(), f"digest:{bench.applicant.person_id}:{bench.clock.now().date()}:mail"
        row = MailRow(
            case_id=None, person_id=bench.applicant.person_id, address="a@example.cn", subject=words, text=words,
            documents=[], effect_key=f"news:1:{words}", queued_at=now,
        )  # fmt: skip
        with bench.desk.store.write() as tx:
            tx.work.enqueue_many(put(bench.desk, tx, [row], now), now)
        bench.advance(now + timedelta(days=1))
        with bench.desk.store.read() as tx:
            mail = tx.mail.find(effect_key=key)
        assert mail is not None
        assert mail.text.splitlines() == [f"1. {words}", words]


def test_who_chooses_english_is_told_in_english_from_then_on(bench: Bench, browse: Browse) -> None:
    browse("applicant").post("/account/messages", {"language": "en"}, follow_redirects=True)
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    suspend_case(bench.desk, bench.admin, case, "核实情况")
    with bench.desk.store.read() as tx:
        (message,) = [row for row in tx.mail.select(case_id=case) if ":halted:" in row.effect_key]
    assert "is suspended: 核实情况" in message.text
