"""Twelve checks with colour, sentence and remedy; the administrators get one message when one changes colour."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from service.casework.access.actor import SYSTEM
from service.casework.desk.belonging import require_belonging
from service.casework.desk.channels import Channel, Inbox
from service.casework.desk.desk import Desk
from service.casework.desk.premises import Premises, Volume
from service.casework.health.checks import CHECKS, Colour, Finding, read_colours, run_checks
from service.casework.health.report import CALM, PATIENCE, report_health
from service.casework.people.factors.sessions import acting_as
from service.casework.soundness.nightly import ask_verification, verify_when_due, view_verification
from service.catalog.calendars.calendars import with_year
from service.domain.calendar import CalendarYear
from service.domain.running.lanes import LANES
from service.domain.text import Text
from service.jobs.channels import SignedWebhook, SmtpMail
from service.settings import Smtp, WebhookTarget
from service.store import SWEEPER, KeyFiles, NewWork, Store, lane_beat
from service.store.models import IncidentRow
from tests.support.desks import Bench, make_bench
from tests.support.smtp import MailServer

NAMES = {
    *("database", "disk", "files", "mail", "worker", "incidents"),
    *("calendar", "certificate", "backup", "heads", "doctor", "version"),
}


@dataclass
class MovedClock:
    """A clock that a test moves; the heartbeat is measured on it as on the machine's."""

    at: datetime = datetime(2026, 3, 2, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def bench(store: Store) -> Bench:
    """The small award on both databases; every lane has a worker for three days, where workers are asked for."""
    bench = make_bench(store)
    with store.write() as tx:
        for lane in LANES:
            tx.operation.beat(lane_beat(lane), bench.clock.now() + timedelta(days=3))
        member = next(m for m in tx.memberships.list_valid(bench.people["admin"], bench.clock.now()))
        tx.memberships.give(replace(member, id=0, jurisdiction="*"))
        tx.people.change(bench.people["admin"], email="admin@example.cn")
    return bench


@pytest.fixture
def gateway() -> Iterator[tuple[Channel, list[str]]]:
    """A gateway, and the texts that it took."""
    taken = list[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        target = WebhookTarget(f"http://127.0.0.1:{server.server_port}/", "sixteen letters!", private=True)
        yield SignedWebhook(target), taken
        server.shutdown()


def by_mail(desk: Desk, server: MailServer, clock: MovedClock, *others: Channel) -> Desk:
    mail = SmtpMail(Smtp(server.host, server.port, "award@example.cn", "", "", starttls=False))
    return replace(desk, clock=clock, channels=(Inbox(), mail, *others))


def find(desk: Desk, name: str) -> Finding:
    return next(one.finding for one in run_checks(desk, SYSTEM) if one.name == name)


def open_incident(desk: Desk) -> None:
    words = {"zh": "…", "en": "…"}
    row = IncidentRow(jurisdiction="*", kind="x", what=words, consequence=words, remedy=words, since=desk.clock.now())
    with desk.store.write() as tx:
        tx.incidents.open(row)


def test_there_are_twelve_and_whatever_is_not_fine_says_what_to_do(bench: Bench) -> None:
    results = run_checks(bench.desk, SYSTEM)
    assert ({one.name for one in results}, len(CHECKS)) == (NAMES, 12)
    assert read_colours(bench.desk, SYSTEM) == {one.name: one.finding.colour for one in results}
    with bench.desk.store.write() as tx:
        tx.operation.hold_for_clock(bench.clock.now(), bench.clock.now() + timedelta(days=1))
    open_incident(bench.desk)
    for name in ("worker", "incidents"):
        finding = find(bench.desk, name)
        assert (finding.colour, bool(finding.remedy.zh)) == (Colour.YELLOW, True)


def test_a_comparison_that_was_asked_for_is_made_on_any_clock_and_asked_for_once(bench: Bench) -> None:
    desk, admin = bench.desk, acting_as(bench.desk, "admin")
    assert admin is not None
    assert not verify_when_due(desk, nightly=False)
    for _ in range(2):
        ask_verification(desk, admin)
    with desk.store.read() as tx:
        assert len([row for row in tx.acts.select(after=0, limit=1_000) if row.action == "records.ask"]) == 1
    waiting = view_verification(desk, admin)
    assert (waiting.asked_at, waiting.began, waiting.number) == (desk.clock.now(), None, 0)
    later = replace(desk, clock=MovedClock(desk.clock.now() + timedelta(minutes=1)))
    with desk.store.write() as tx:
        tx.operation.beat("verification.2", later.clock.now())
    under_way = view_verification(desk, admin)
    assert (under_way.began, under_way.number) == (later.clock.now(), 3)
    assert verify_when_due(later, nightly=False)
    after = view_verification(desk, admin)
    assert (after.asked_at, len(after.looked_at)) == (
        None,
        after.parts,
    )  # every part is named, also what holds nothing yet


def test_one_message_goes_by_mail_and_gateway_when_a_colour_changes(
    bench: Bench, mail_server: MailServer, gateway: tuple[Channel, list[str]]
) -> None:
    clock, (channel, taken) = MovedClock(bench.clock.now()), gateway
    desk = by_mail(bench.desk, mail_server, clock, channel)
    assert [report_health(desk, SYSTEM), len(mail_server.messages)] == [0, 0]
    open_incident(desk)
    with desk.store.write() as tx:  # which lets no queued mail leave
        tx.operation.hold_restored(clock.at, {"saved_at": clock.at.isoformat(), "cause": "test"})
    assert [report_health(desk, SYSTEM) for _ in range(2)] == [2, 0]
    assert (len(mail_server.messages), len(taken)) == (1, 1)
    assert "后台事项" in taken[0]
    assert "laurel resume" in taken[0]
    with desk.store.write() as tx:
        assert tx.operation.end_hold(1)
    assert report_health(desk, SYSTEM) == 0, "what became better waits whether it stays so"
    clock.at += CALM
    assert report_health(desk, SYSTEM) == 1
    assert "【正常】后台事项" in taken[1]
    clock.at += timedelta(hours=24)
    assert report_health(desk, SYSTEM) == 1
    assert "【故障】异常" in taken[2]


def test_several_processes_send_one_message(bench: Bench, mail_server: MailServer) -> None:
    desk = by_mail(bench.desk, mail_server, MovedClock(bench.clock.now()))
    open_incident(desk)
    with ThreadPoolExecutor(4) as several:
        sent = list(several.map(lambda _: report_health(desk, SYSTEM), range(4)))
    assert (sorted(sent), len(mail_server.messages)) == ([0, 0, 0, 1], 1)


def test_work_that_waits_and_a_silent_sweeper_are_found(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = MovedClock(bench.clock.now())
    desk = replace(bench.desk, clock=clock)
    monkeypatch.setattr("service.casework.health.checks.SystemClock", MovedClock)
    assert find(desk, "worker").colour is Colour.GREY, "it has not run yet"
    with desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("mail", None, "mail:waits", {}, clock.at)], clock.at)
        tx.operation.beat(SWEEPER, clock.at)
    assert find(desk, "worker").colour is Colour.GREEN
    clock.at += timedelta(hours=3)
    assert (find(desk, "worker").colour, "已停 3小时" in find(desk, "worker").sentence.zh) == (Colour.YELLOW, True)
    with desk.store.write() as tx:
        tx.operation.beat(SWEEPER, clock.at)
    finding = find(desk, "worker")  # somebody works, and does not get to it
    assert (finding.colour, finding.sentence) == (
        Colour.RED, Text("到期未办 1 项，最早已等 3小时", "1 due, the oldest for 3 hours")
    )  # fmt: skip


def test_a_key_folder_that_was_moved_away_is_red_and_is_not_made_anew(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "ballot-keys"
    desk = replace(bench.desk, ballot_keys=KeyFiles(folder))
    require_belonging(desk)
    assert find(desk, "files").colour is Colour.GREEN
    folder.rename(tmp_path / "elsewhere")
    for process in (desk, replace(desk, ballot_keys=KeyFiles(folder))):  # the server, and the doctor beside it
        assert (find(process, "files").colour, "LAUREL_BALLOT_KEYS" in find(process, "files").sentence.zh) == (
            Colour.RED,
            True,
        )
    assert not folder.exists()


def test_calendars_of_places_here_warn_before_the_year_ends(bench: Bench) -> None:
    calendars, last = bench.desk.calendars, bench.desk.calendar("cn").last_published_year() or 0
    for day, colour in (
        (datetime(last, 6, 1, tzinfo=UTC), Colour.GREEN),
        (datetime(last, 11, 1, tzinfo=UTC), Colour.YELLOW),
        (datetime(last + 1, 1, 2, tzinfo=UTC), Colour.RED),
    ):
        desk = replace(bench.desk, clock=MovedClock(day))
        assert find(desk, "calendar").colour is colour
    for layer in calendars["cn-xinjiang"].layers:
        calendars = with_year(calendars, layer.key, CalendarYear(last + 1))
    assert calendars["cn-xinjiang-kizilsu"].last_published_year() == last
    assert find(replace(desk, calendars=calendars), "calendar").colour is Colour.GREEN, "kizilsu's is nobody's here"


def test_disk_backup_and_certificate_of_the_machine(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "certificate.pem"
    premises = Premises((Volume("data", Text("数据目录", "Data"), tmp_path),), tmp_path / "backups", file)
    unset = find(replace(bench.desk, premises=replace(premises, backups=None)), "backup")
    assert (unset.colour, unset.sentence.zh) == (Colour.GREY, "没有设置备份")
    desk = replace(bench.desk, premises=premises)
    assert find(desk, "backup").colour is Colour.YELLOW
    assert find(desk, "certificate").colour is Colour.YELLOW  # there is none
    (tmp_path / "backups").mkdir()
    backup = tmp_path / "backups" / "laurel-1.tar.gz"
    backup.write_bytes(b"x")
    assert find(desk, "backup").colour is Colour.GREEN
    three_days_ago = (datetime.now(UTC) - timedelta(days=3)).timestamp()
    os.utime(backup, (three_days_ago, three_days_ago))
    assert find(desk, "backup").colour is Colour.YELLOW
    for days, colour in ((90, Colour.GREEN), (10, Colour.YELLOW), (-1, Colour.RED)):
        file.write_bytes(make_certificate(days))
        assert find(desk, "certificate").colour is colour
    for least, colour in ((0, Colour.YELLOW), (10**18, Colour.RED)):
        monkeypatch.setattr("service.casework.health.checks._DISK_YELLOW", 10**18)
        monkeypatch.setattr("service.casework.health.checks._DISK_RED", least)
        assert (find(desk, "disk").colour, "数据目录" in find(desk, "disk").sentence.zh) == (colour, True)


def make_certificate(days: int) -> bytes:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "award.example.cn")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = (
        built.serial_number(7).not_valid_before(now - timedelta(days=400)).not_valid_after(now + timedelta(days=days))
    )
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def test_a_message_that_nobody_took_is_sent_again_after_a_while(bench: Bench, mail_server: MailServer) -> None:
    clock = MovedClock(bench.clock.now())
    deaf = replace(
        bench.desk, clock=clock, channels=(SmtpMail(Smtp("127.0.0.1", 1, "a@example.cn", "", "", starttls=False)),)
    )
    assert report_health(deaf, SYSTEM) == 0
    assert read_colours(deaf, SYSTEM)["mail"] is Colour.RED, "as it was seen last: who reads colours connects to nobody"
    assert "对方没有开启服务" in find(deaf, "mail").sentence.zh
    desk = by_mail(bench.desk, mail_server, clock)
    open_incident(desk)
    assert report_health(deaf, SYSTEM) == 0
    assert report_health(desk, SYSTEM) == 0, "somebody may still be at it"
    clock.at += PATIENCE
    assert report_health(desk, SYSTEM) == 1
    [message] = mail_server.messages
    assert message["Subject"].startswith("桂冠系统提醒：异常")
