"""Anchors by mail: who keeps them outside gets each once, and finds with them what was written anew."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.casework.access.actor import SYSTEM
from service.casework.desk.channels import Inbox
from service.casework.desk.desk import Desk
from service.casework.desk.premises import Premises
from service.casework.due.begin_epoch import begin_epoch
from service.casework.health.checks import look_quietly
from service.casework.health.finding import HealthFinding, Level
from service.casework.people.accounts.accounts import set_active
from service.casework.soundness.anchors import set_anchor
from service.casework.soundness.mailed import NotMailed, mail_anchors
from service.cli.main import laurel
from service.domain.proof.anchor import Anchor, read_line, sign
from service.jobs.smtp import SmtpMail
from service.jobs.watchman import shown_outside
from service.settings import AnchorsMail, BadSetting, Smtp, read_settings
from tests.support.desks import Bench
from tests.support.smtp import MailServer

AUDIT, OTHER = "audit@jw.example.cn", "higher@example.cn"
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(bench: Bench, mail_server: MailServer) -> Desk:
    """Return a desk that mails anchors to two addresses every day, with one anchor."""
    smtp = Smtp(mail_server.host, mail_server.port, "laurel@example.cn", "", "", False)
    premises = Premises(anchors_mail=AnchorsMail((AUDIT, OTHER), 24))
    held = replace(bench.desk, premises=premises, channels=(Inbox(), SmtpMail(smtp)))
    anchor(held, bench)
    return held


def anchor(desk: Desk, bench: Bench) -> None:
    """Set one anchor more, an hour later."""
    bench.advance(bench.clock.now() + HOUR)
    with desk.store.read() as tx:
        last = tx.anchors.last()
    set_active(desk, bench.admin, bench.stranger.person_id or 0, last is not None and last.seq % 2 == 1)
    assert set_anchor(desk, SYSTEM) is not None


def enclosed(message: EmailMessage) -> tuple[str, list[int]]:
    """Return the name of the file that came with a mail, and the numbers of the anchors in it."""
    (file,) = message.iter_attachments()
    return str(file.get_filename()), [read_line(line).anchor.seq for line in content(message).splitlines()]


def content(message: EmailMessage) -> str:
    (file,) = message.iter_attachments()
    kept = file.get_payload(decode=True)
    assert isinstance(kept, bytes)
    return kept.decode()


def health(desk: Desk) -> HealthFinding:
    return next(one for one in look_quietly(desk, SYSTEM) if one.name == "anchors-mail")


def test_everybody_gets_each_anchor_once_in_one_mail_a_day(desk: Desk, bench: Bench, mail_server: MailServer) -> None:
    assert mail_anchors(desk, SYSTEM) == 2
    assert mail_anchors(desk, SYSTEM) == 0
    for _ in range(3):
        anchor(desk, bench)
    assert mail_anchors(desk, SYSTEM) == 0, "the day is not over"
    bench.advance(bench.clock.now() + 21 * HOUR)
    assert mail_anchors(desk, SYSTEM) == 2
    assert mail_anchors(desk, SYSTEM) == 0
    for address in (AUDIT, OTHER):
        first, second = mail_server.to(address)
        assert enclosed(first) == ("anchors-00000001-00000001.jsonl", [1])
        assert enclosed(second) == ("anchors-00000002-00000004.jsonl", [2, 3, 4])
        body = second.get_body()
        assert body is not None
        assert "laurel audit verify --mailed" in body.get_content()
    bench.advance(bench.clock.now() + 48 * HOUR)
    assert mail_anchors(desk, SYSTEM) == 0, "nothing moved"
    assert (health(desk).level, health(desk).looked) == (Level.FINE, True)


def test_the_first_mail_holds_the_newest_and_an_hour_may_be_set(
    desk: Desk, bench: Bench, mail_server: MailServer
) -> None:
    hourly = replace(desk, premises=Premises(anchors_mail=AnchorsMail((AUDIT,), 1)))
    anchor(desk, bench)
    for _ in range(2):
        assert mail_anchors(hourly, SYSTEM) == 1
        anchor(desk, bench)
    assert [enclosed(one)[1] for one in mail_server.to(AUDIT)] == [[2], [3]]


def test_what_was_not_taken_is_sent_later_and_told_meanwhile(desk: Desk, bench: Bench, mail_server: MailServer) -> None:
    mail_server.unknown = {OTHER}
    with pytest.raises(NotMailed, match="第2个收件邮箱不被接受"):
        mail_anchors(desk, SYSTEM)
    assert len(mail_server.messages) == 1, "the other address got its own"
    mail_server.refuse = "451 4.3.0 busy"
    with pytest.raises(NotMailed):
        mail_anchors(desk, SYSTEM)
    assert health(desk).level == Level.FINE, "not for long yet"
    bench.advance(bench.clock.now() + 4 * HOUR)
    assert (health(desk).level, "1 of those" in health(desk).found.en) == (Level.WARNING, True)
    mail_server.refuse, mail_server.unknown = "", set()
    assert mail_anchors(desk, SYSTEM) == 1
    assert [len(mail_server.to(address)) for address in (AUDIT, OTHER)] == [1, 1]
    assert health(desk).level == Level.FINE


def test_after_a_restore_of_before_the_newest_is_mailed_again(
    desk: Desk, bench: Bench, mail_server: MailServer
) -> None:
    anchor(desk, bench)
    assert mail_anchors(desk, SYSTEM) == 2
    with desk.store.write() as tx:
        tx._connection.execute(sa.text("delete from anchor where seq = 2"))
    assert mail_anchors(desk, SYSTEM) == 2
    assert [enclosed(one)[1] for one in mail_server.to(AUDIT)] == [[2], [1]]


def kept(mail_server: MailServer, folder: Path) -> Path:
    """Keep what came with the newest mail, as its reader does."""
    message = mail_server.to(AUDIT)[-1]
    file = folder / enclosed(message)[0]
    file.write_text(content(message), encoding="utf-8")
    return file


def verified(desk: Desk, *files: Path) -> tuple[int, list[str]]:
    words = [word for file in files for word in ("--mailed", str(file))]
    told = CliRunner().invoke(laurel, ["audit", "verify", *words], obj=SimpleNamespace(desk=lambda: desk))
    return told.exit_code, [line for line in told.output.splitlines() if line.startswith("✗")]


def test_who_keeps_them_finds_what_was_written_anew(
    desk: Desk, bench: Bench, mail_server: MailServer, tmp_path: Path
) -> None:
    """Who has the machine signs anchors for what was written anew: here all agrees, and the mail does not."""
    assert mail_anchors(desk, SYSTEM) == 2
    file = kept(mail_server, tmp_path)
    assert verified(desk, file) == (0, [])
    with desk.store.write() as tx:
        rows = [row for row in tx.acts.after(0, 100) if row.chain == "account"]
        tx._connection.execute(sa.text("delete from act where chain = 'account'"))
        tx._connection.execute(sa.text("delete from act_head where chain = 'account'"))
        for row in rows:
            tx.acts.append(replace(row, id=0, actor="别人"))
        (row,) = tx.anchors.whole()
        heads = tuple(tx.anchors.moved_since(0))
        forged = sign(replace(read_line(row.line).anchor, heads=heads), desk.ballot_keys.secret("anchors"))
        change = sa.text("update anchor set line = :line, digest = :digest")
        tx._connection.execute(change, {"line": forged.line, "digest": forged.anchor.digest})
    assert verified(desk) == (0, []), "this machine sees nothing"
    code, found = verified(desk, file)
    assert code == 1
    assert any("anchor 1 is not the one that was mailed" in line for line in found)
    assert any("of book account is not what it was" in line for line in found)


def test_what_a_stranger_signed_and_what_is_no_anchor_is_told(
    desk: Desk, bench: Bench, mail_server: MailServer, tmp_path: Path
) -> None:
    assert mail_anchors(desk, SYSTEM) == 2
    file = kept(mail_server, tmp_path)
    strange: Anchor = read_line(file.read_text(encoding="utf-8")).anchor
    file.write_text(sign(strange, b"\x07" * 32).line, encoding="utf-8")
    code, (found,) = verified(desk, file)
    assert (code, "anchor 1 is not signed by this installation" in found) == (1, True)
    file.write_text(json.dumps({"anchor": 1}), encoding="utf-8")
    told = CliRunner().invoke(
        laurel, ["audit", "verify", "--mailed", str(file)], obj=SimpleNamespace(desk=lambda: desk)
    )
    assert (told.exit_code, "不是寄出的锚定文件" in told.output) == (2, True), told.output


def test_what_was_mailed_between_a_backup_and_its_restore_is_a_gap_on_record(
    desk: Desk, bench: Bench, mail_server: MailServer, tmp_path: Path
) -> None:
    saved = bench.clock.now() - HOUR / 2
    assert mail_anchors(desk, SYSTEM) == 2
    file = kept(mail_server, tmp_path)
    with desk.store.write() as tx:  # as the backup was
        for table in ("act", "act_head", "anchor"):
            tx._connection.execute(sa.text(f"delete from {table}"))
    assert verified(desk, file)[0] == 1
    begin_epoch(desk, SYSTEM, saved, "硬盘损坏")
    assert set_anchor(desk, SYSTEM, now=True) is not None
    assert verified(desk, file) == (0, [])


def test_the_command_mails_at_once_and_says_what_came_of_it(desk: Desk, bench: Bench, mail_server: MailServer) -> None:
    def asked(of: Desk) -> tuple[int, str]:
        told = CliRunner().invoke(laurel, ["audit", "mail"], obj=SimpleNamespace(desk=lambda: of))
        return told.exit_code, told.output

    assert asked(desk) == (0, "已发出 2 封邮件 / 2 mails sent\n")
    anchor(desk, bench)
    assert asked(desk)[1].startswith("已发出 2 封邮件")
    code, said = asked(replace(desk, premises=Premises()))
    assert (code, "LAUREL_ANCHORS_MAIL" in said) == (2, True)
    mail_server.refuse = "451 4.3.0 busy"
    anchor(desk, bench)
    code, said = asked(desk)
    assert (code, "锚定的邮件没有发出" in said) == (2, True)


def test_beside_the_pages_they_are_mailed_and_the_log_says_once_that_they_were_not(
    desk: Desk, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert shown_outside(replace(desk, premises=Premises())) == []
    mail_server.refuse = "451 4.3.0 busy"
    for _ in range(2):  # as after a rest
        (one,) = shown_outside(desk)
        one.look()
        one.look()
        assert len([record for record in caplog.records if "锚定的邮件没有发出" in record.message]) == 1
        caplog.clear()
    mail_server.refuse, mail_server.unknown = "", {OTHER}
    one.look()
    assert mail_server.messages == [], "it rests"
    (one,) = shown_outside(desk)
    one.look()
    assert len(mail_server.to(AUDIT)) == 1
    ours = [
        record.getMessage() for record in caplog.records if not record.name.startswith("mail")
    ]  # the receiver's log is not ours
    assert not any(address in said for said in ours for address in (AUDIT, OTHER))


def test_the_setting_names_mailboxes_and_needs_a_server() -> None:
    server = {"LAUREL_SMTP_HOST": "127.0.0.1", "LAUREL_SMTP_SENDER": "laurel@example.cn"}
    chosen = read_settings({**server, "LAUREL_ANCHORS_MAIL": f" {AUDIT}, {OTHER},{AUDIT}"}).anchors_mail
    assert chosen == AnchorsMail((AUDIT, OTHER), 24)
    assert read_settings(server).anchors_mail is None
    for wrong in (
        {**server, "LAUREL_ANCHORS_MAIL": "audit"}, {"LAUREL_ANCHORS_MAIL": AUDIT},
        {**server, "LAUREL_ANCHORS_MAIL": AUDIT, "LAUREL_ANCHORS_MAIL_HOURS": "0"},
    ):  # fmt: skip
        with pytest.raises(BadSetting, match="LAUREL_ANCHORS_MAIL"):
            read_settings(wrong)
