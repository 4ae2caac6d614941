"""Mail to a real server: a refusal leaves as a document, and a server that does not answer loses nothing."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from docx import Document

from service.casework.access.actor import SYSTEM
from service.casework.desk.channels import Outgoing
from service.casework.due.run_item import run_item
from service.casework.due.settle_incident import retry_incident
from service.casework.people.accounts.profile import change_profile, choose_language
from service.casework.queries.monitoring.incident_desk import view_incident_desk
from service.casework.step.post import add_page_link, letter_rows, put
from service.domain.text import Text
from service.jobs import Sweeper
from service.jobs.channels import SmtpMail
from service.settings import read_settings
from service.store import Store
from service.store.models import MailRow
from tests.support.desks import Bench, make_bench
from tests.support.smtp import SENDER, MailServer, with_mail
from tests.support.soundness import faults_of


@pytest.fixture
def bench(sqlite_store: Store, mail_server: MailServer) -> Bench:
    """The small award, whose mail leaves by the server that the settings name."""
    return with_mail(make_bench(sqlite_store), mail_server)


@pytest.fixture
def refused(bench: Bench) -> int:
    """An application that the office has refused; its document is not produced yet."""
    return refuse(bench)


def refuse(bench: Bench) -> int:
    return bench.decided("fail", reason="材料不全")


def sweeper(bench: Bench) -> Sweeper:
    return Sweeper(bench.desk.store, lambda item: run_item(bench.desk, SYSTEM, item), bench.clock.now, "test")


def mail_item(bench: Bench, case_id: int):
    with bench.desk.store.read() as tx:
        [item] = [w for w in tx.work.of_case(case_id) if w.kind == "mail"]
    return item


class Stamp:
    """A printer whose every page is the same."""

    def describe(self) -> Text:
        return Text("同", "same")

    def print(self, content: object, layout: bytes | None = None) -> bytes:
        return b"%PDF-1.7 same"


def test_a_machine_that_prints_sends_both_files(bench: Bench, mail_server: MailServer) -> None:
    printing = replace(bench, desk=replace(bench.desk, printer=Stamp()))
    refuse(printing)
    sweeper(printing).drain(printing.clock.now())
    [message] = mail_server.to("applicant@example.cn")
    files = {a.get_content_subtype(): a.get_payload(decode=True) for a in message.iter_attachments()}
    assert len(files) == 2
    assert files["pdf"] == b"%PDF-1.7 same"


def test_a_refusal_arrives_as_a_document_that_opens(bench: Bench, refused: int, mail_server: MailServer) -> None:
    sweeper(bench).drain(bench.clock.now())
    [message] = mail_server.to("applicant@example.cn")
    [attached] = list(message.iter_attachments())
    with bench.desk.store.read() as tx:
        [document] = tx.documents.select(case_id=refused)
        [mail] = tx.mail.select(case_id=refused)
    content = attached.get_payload(decode=True)
    assert isinstance(content, bytes)
    with bench.desk.store.files.open(document.sha256) as kept:
        assert content == kept.read()
    words = "\n".join(p.text for p in Document(io.BytesIO(content)).paragraphs)
    assert document.content["paragraphs"][0] in words
    assert (attached.get_filename(), attached.get_content_subtype()) == (
        f"{document.title}.docx",
        "vnd.openxmlformats-officedocument.wordprocessingml.document",
    )
    assert (message["From"], message["Subject"]) == (SENDER, document.title)
    assert mail.sent_at is not None


def test_a_heading_with_ends_of_lines_is_sent_on_one(bench: Bench, mail_server: MailServer) -> None:
    mail = next(one for one in bench.desk.channels if isinstance(one, SmtpMail))
    subject, now = "“A\r\nBcc: b@example.cn”", bench.clock.now()
    mail.send(Outgoing("mail:1:name", "a@example.cn", subject, "text", None, now, None, dict))
    assert [one["Subject"] for one in mail_server.messages] == ["“A Bcc: b@example.cn”"]


def test_a_mail_sent_again_after_a_failure_has_the_same_message_id(
    bench: Bench, refused: int, mail_server: MailServer
) -> None:
    def lose_the_answer(point: str) -> None:
        if point == "mail-sent":
            raise ConnectionError("the process lost what the server said")

    bench.desk.store.crash_point = lose_the_answer
    sweep = sweeper(bench)
    sweep.drain(bench.clock.now())
    bench.desk.store.crash_point = lambda name: None
    bench.clock.move_to(mail_item(bench, refused).due_at)
    sweep.drain(bench.clock.now())
    first, second = mail_server.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_a_server_that_refuses_is_tried_again_until_it_takes_the_mail(
    bench: Bench, refused: int, mail_server: MailServer
) -> None:
    mail_server.refuse = "451 mailbox busy"
    sweep = sweeper(bench)
    sweep.drain(bench.clock.now())
    waiting = mail_item(bench, refused)
    assert (waiting.state, mail_server.messages) == ("waiting", [])
    assert waiting.due_at > bench.clock.now()
    mail_server.refuse = ""
    bench.clock.move_to(waiting.due_at)
    sweep.drain(bench.clock.now())
    assert len(mail_server.to("applicant@example.cn")) == 1


def test_a_server_that_never_answers_becomes_an_incident_and_retrying_sends_the_mail(
    bench: Bench, refused: int, mail_server: MailServer
) -> None:
    mail_server.refuse = "554 no"
    sweep, end = sweeper(bench), bench.clock.now() + timedelta(days=3)
    while (item := mail_item_due(bench, refused)) is not None and item < end:
        bench.clock.move_to(max(item, bench.clock.now()))
        sweep.drain(bench.clock.now())
    with bench.desk.store.read() as tx:
        [incident] = tx.incidents.list_open(["testville"])
    assert incident.what["zh"]
    assert bench.case(refused).outcome == "refused"  # the procedure went on, and the letter is in the inbox
    mail_server.refuse = ""
    assert retry_incident(bench.desk, bench.admin, incident.id)
    sweep.drain(bench.clock.now())
    assert len(mail_server.to("applicant@example.cn")) == 1
    assert faults_of(bench.desk) == []


def test_an_address_refused_for_good_is_an_incident_at_once_and_a_retry_goes_to_the_corrected_one(
    bench: Bench, refused: int, mail_server: MailServer
) -> None:
    mail_server.unknown = {"applicant@example.cn"}
    sweep = sweeper(bench)
    sweep.drain(bench.clock.now())
    with bench.desk.store.read() as tx:
        [incident] = tx.incidents.list_open(["testville"])
    assert incident.what["zh"] == "发给applicant的邮件：收件服务器不接受收件人的邮箱（答复550 5.1.1）"
    assert incident.consequence["zh"] == "这条通知没有送到收件人，办件照常办理。"
    assert incident.what["en"].endswith("(550 5.1.1)")
    remedy = (incident.remedy or {})["zh"]
    for said in ("改正此人的邮箱", "登录名", "没有这个邮箱"):
        assert said in remedy, remedy
    assert ("a***@example.cn" in remedy, "applicant@" in str(incident)) == (True, False), "whoever watches reads it"
    [group] = view_incident_desk(bench.desk, bench.admin)
    person = group.lines[0].person_id
    assert person is not None
    assert person == bench.applicant.person_id
    change_profile(bench.desk, bench.admin, person, "applicant", "new@example.cn", "")
    assert retry_incident(bench.desk, bench.admin, incident.id)
    sweep.drain(bench.clock.now())
    told = [m["Subject"] for m in mail_server.to("new@example.cn")]
    assert len(told) == 2, told  # that the address was changed, and what had not reached the one before
    with bench.desk.store.read() as tx:  # that the former address refuses the news of its change is nobody's concern
        assert tx.incidents.list_open() == []
        words = str([(entry.text, entry.data) for entry in tx.history.newest(refused)])
    assert ("550 5.1.1" in words, "@example.cn" in words) == (True, False), "histories are not encrypted"
    assert faults_of(bench.desk) == []


def test_a_link_to_a_password_whose_address_is_refused_is_an_incident(bench: Bench, mail_server: MailServer) -> None:
    """It goes to the address alone, as the news of a change does to a former one, but somebody waits for it."""
    mail_server.unknown = {"office@example.cn"}
    with bench.desk.store.write() as tx:
        now = bench.clock.now()
        row = MailRow(
            address="office@example.cn",
            subject="设置密码",
            text="请打开链接。",
            effect_key="registration:1",
            queued_at=now,
        )
        tx.work.enqueue_many(put(bench.desk, tx, [row], now), now)
    sweeper(bench).drain(bench.clock.now())
    with bench.desk.store.read() as tx:
        [incident] = tx.incidents.list_open()
    assert incident.what["zh"].endswith("（答复550 5.1.1）")
    assert incident.what["en"].endswith("(550 5.1.1)")


def mail_item_due(bench: Bench, case_id: int) -> datetime | None:
    with bench.desk.store.read() as tx:
        if tx.incidents.list_open(["testville"]):
            return None
        return tx.work.next_due()


def test_mail_is_in_the_language_that_its_reader_chose(bench: Bench, mail_server: MailServer) -> None:
    choose_language(bench.desk, bench.applicant, "en")
    urged = Text("张三催办“审核”（甲公司）。请在“待办”中尽快办理。", "Zhang asks you to do “审核” (甲公司) soon.")
    queue(bench, "urged", Text("催办：审核", "Please do soon: “审核”"), add_page_link(urged, "/tasks/7"))
    queue(bench, "letter", "甲公司申报材料收件回执", "请办理“审核”，最迟2026年3月16日提交。\n/tasks/7")
    sweeper(bench).drain(bench.clock.now())
    sent = {one["Subject"]: one.get_content().replace("\r\n", "\n") for one in mail_server.to("applicant@example.cn")}
    assert sent == {
        "Please do soon: “Audit”": "Zhang asks you to do “Audit” (甲公司) soon.\n/tasks/7\n",
        "甲公司: receipt of the material": "Please do “Audit” by 2026-3-16.\n/tasks/7\n",
    }
    choose_language(bench.desk, bench.applicant, "zh")
    queue(bench, "again", "甲公司申报材料收件回执", "请办理“审核”。")
    sweeper(bench).drain(bench.clock.now())
    assert mail_server.to("applicant@example.cn")[-1]["Subject"] == "甲公司申报材料收件回执"


def queue(bench: Bench, key: str, subject: Text | str, text: Text | str) -> None:
    """Send the applicant a message of the program, or what a procedure says, which packages write in Chinese."""
    now = bench.clock.now()
    with bench.desk.store.write() as tx:
        person = tx.people.get(bench.people["applicant"])
        rows = letter_rows([person], None, f"mail:1:{key}", subject, text, now)
        tx.work.enqueue_many(put(bench.desk, tx, rows, now), now)


@pytest.fixture
def dribbling() -> Iterator[int]:
    """The port of a server that says a byte of its greeting now and then, for as long as anybody listens."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def talk() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                for _ in range(300):
                    connection.sendall(b"2")
                    if ended.wait(0.1):
                        return

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        ended.set()
        thread.join(5)


def test_a_server_that_dribbles_is_left_after_a_while(bench: Bench, dribbling: int) -> None:
    """Each byte comes in time, so that only a limit for everything together ends it."""
    smtp = read_settings(
        {"LAUREL_SMTP_HOST": "127.0.0.1", "LAUREL_SMTP_PORT": str(dribbling), "LAUREL_SMTP_SENDER": SENDER}
    ).smtp
    assert smtp is not None
    message = Outgoing("mail:1", "a@example.cn", "题", "文", None, bench.clock.now(), None, dict)
    with pytest.raises(TimeoutError, match="not finished within"):
        SmtpMail(smtp, deadline=0.5).send(message)
