"""A further channel is one class: messages reach people on it, at least once, whatever the other channels do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.desk.channels import (
    WITHIN,
    Delivery,
    DemonstrationMail,
    Inbox,
    NoWebhook,
    Outgoing,
    Recipient,
)
from service.casework.due.run_item import run_item
from service.domain.text import Text
from service.jobs import Sweeper
from service.jobs.channels import SignedWebhook, SmtpMail, channels_of, channels_of_preparation
from service.settings import Smtp, WebhookTarget, read_settings
from service.store import Store
from service.store.models import WorkItemRow
from tests.integration.jobs.test_mail import refuse
from tests.support.desks import Bench, make_bench


@dataclass(slots=True)
class Pager:
    """A channel that the program does not know: it calls people by the name they sign in with."""

    name: ClassVar[str] = "pager"
    label: ClassVar[Text] = Text("寻呼", "Pager")
    called: list[Outgoing] = field(default_factory=list)
    broken: bool = False

    def address(self, to: Recipient) -> str | None:
        return to.person.login if to.person else None

    def send(self, message: Outgoing) -> Delivery:
        if self.broken:
            raise OSError("no line")
        self.called.append(message)
        return Delivery.PASSED_ON

    def describe(self) -> Text:
        return Text("可以呼叫", "answers")


@pytest.fixture
def pager() -> Pager:
    return Pager()


@pytest.fixture
def paging(sqlite_store: Store, pager: Pager) -> Bench:
    made = make_bench(sqlite_store)
    return replace(made, desk=replace(made.desk, channels=(*WITHIN, pager)))


def drain(bench: Bench) -> None:
    sweeper = Sweeper(bench.desk.store, lambda item: run_item(bench.desk, SYSTEM, item), bench.clock.now, "test")
    sweeper.drain(bench.clock.now())


def queued(bench: Bench, case_id: int, kind: str) -> list[WorkItemRow]:
    with bench.desk.store.read() as tx:
        return [work for work in tx.work.of_case(case_id) if work.kind == kind]


def test_a_message_goes_out_on_a_channel_that_was_only_registered(paging: Bench, pager: Pager) -> None:
    case_id = refuse(paging)
    drain(paging)
    with paging.desk.store.read() as tx:
        [kept] = [row for row in tx.mail.select(case_id=case_id) if row.person_id is not None]
        login = tx.people.get(kept.person_id or 0).login
    [call] = pager.called
    assert (call.address, call.subject, call.text, call.case) == (login, kept.subject, kept.text, case_id)
    assert call.key == f"{kept.effect_key}:pager"
    assert call.attachments()
    assert queued(paging, case_id, "pager") == []


def test_a_channel_that_fails_is_tried_again_with_the_same_key_and_holds_up_no_other(
    paging: Bench, pager: Pager
) -> None:
    pager.broken = True
    case_id = refuse(paging)
    drain(paging)
    [waiting] = queued(paging, case_id, "pager")
    assert (pager.called, queued(paging, case_id, "mail")) == ([], [])
    pager.broken = False
    paging.clock.move_to(waiting.due_at)
    drain(paging)
    assert [call.key for call in pager.called] == [waiting.effect_key]


def test_settings_open_the_channels() -> None:
    settings = replace(read_settings({}), smtp=None, webhook=None, demo=False)
    smtp = Smtp("mail.example.cn", 25, "award@example.cn", "", "", starttls=False)
    target = WebhookTarget("https://gateway.example.cn/", "sixteen letters!", private=False)
    assert channels_of(settings) == WITHIN
    inbox, mail, webhook = channels_of(replace(settings, smtp=smtp, webhook=target))
    assert (inbox.name, type(mail), type(webhook)) == ("inbox", SmtpMail, SignedWebhook)


def test_the_past_of_a_demonstration_is_posted_to_nobody() -> None:
    assert [type(one) for one in channels_of_preparation()] == [Inbox, DemonstrationMail, NoWebhook]
