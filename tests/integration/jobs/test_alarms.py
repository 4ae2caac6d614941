"""People are told once of what went wrong and once when it is over, by mail and by the gateway."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from service.casework.access.actor import SYSTEM
from service.casework.access.book.acting import from_where
from service.casework.desk.belonging import demand_belonging
from service.casework.desk.channels import Inbox
from service.casework.desk.desk import Desk
from service.casework.desk.premises import Premises, Volume
from service.casework.health.alarms import list_alarms, sound_alarms, try_alarm
from service.casework.health.attacks import attacks
from service.casework.health.checks import look_at_all, look_quietly
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import LIMIT_FIELDS, Limits, choose_limits
from service.casework.people.signing_in.sign_in import WrongPassword, sign_in
from service.casework.queries.monitoring.vitals import read_vitals
from service.catalog.calendars.calendar_years import with_year
from service.domain.calendar import CalendarYear
from service.domain.errors import Invalid
from service.domain.running.lanes import LANES
from service.domain.text import Text
from service.jobs.smtp import SmtpMail
from service.jobs.webhook import SignedWebhook
from service.settings import Smtp, WebhookTarget
from service.store import KeyFiles, NewWork, Store, lane_beat
from service.store.rows import IncidentRow
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.desks import Bench, make_bench
from tests.support.smtp import MailServer

DEFAULTS = {field.name: str(getattr(Limits(), field.name)) for field in LIMIT_FIELDS}


@pytest.fixture
def bench(store: Store) -> Bench:
    """The small award on both databases; every lane has a worker for a day, where workers are asked for."""
    bench = make_bench(store)
    with store.write() as tx:
        for lane in LANES:
            tx.operation.beat(lane_beat(lane), bench.clock.now() + timedelta(days=1))
    return bench


@dataclass
class MovedClock:
    """A clock that a test moves; the heartbeat is measured on it as on the machine's."""

    at: datetime = datetime(2026, 3, 2, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def posted(bench: Bench, clock: MovedClock, mail_server: MailServer) -> Desk:
    """Let alarms leave by a real mail server, for two addresses."""
    mail = SmtpMail(Smtp(mail_server.host, mail_server.port, "award@example.cn", "", "", starttls=False))
    desk = replace(bench.desk, clock=clock, channels=(Inbox(), mail))
    choose_limits(desk, bench.admin, DEFAULTS, "one@example.cn，two@example.cn", webhook=True)
    return desk


def found(desk: Desk, name: str) -> HealthFinding:
    return next(one for one in look_quietly(desk, SYSTEM) if one.name == name)


def give_up(desk: Desk) -> None:
    """Leave a piece of work that failed too often."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("mail", None, "mail:given-up", {}, now)], now)
    for days in range(8):
        item = desk.store.claim(now + timedelta(days=days), "test")
        assert item is not None
        with desk.store.write() as tx:
            tx.work.fail(item, "refused", now + timedelta(days=days))


def test_an_alarm_that_cannot_leave_is_tried_again_and_says_why(bench: Bench, mail_server: MailServer) -> None:
    clock = MovedClock(bench.desk.clock.now())
    desk = posted(bench, clock, mail_server)
    deaf = replace(desk, channels=(SmtpMail(Smtp("127.0.0.1", 1, "a@example.cn", "", "", starttls=False)),))
    with desk.store.write() as tx:
        tx.operation.hold_restored(clock.at, {"saved_at": clock.at.isoformat(), "cause": "test"})
    assert sound_alarms(deaf, SYSTEM) == 2  # the restore, and that no mail leaves
    assert "邮件服务器" in list_alarms(deaf, SYSTEM)[0].trouble.zh
    assert sound_alarms(desk, SYSTEM) == 0  # not at once again
    clock.at += timedelta(minutes=6)
    assert sound_alarms(desk, SYSTEM) == 1
    assert len(mail_server.messages) == 2
    assert list_alarms(desk, SYSTEM)[0].trouble.zh == ""


def settle_the_clock(desk: Desk, clock: MovedClock) -> None:
    with desk.store.write() as tx:
        hold = tx.operation.held()
        assert hold is not None
        tx.operation.release(hold.id, clock.at, None, "looked at")


def test_the_trouble_of_an_alarm_is_told_in_the_readers_language(bench: Bench) -> None:
    mail = SmtpMail(Smtp("127.0.0.1", 1, "a@example.cn", "", "", starttls=False))
    deaf = replace(bench.desk, channels=(Inbox(), mail))
    with deaf.store.write() as tx:
        tx.operation.hold_restored(bench.clock.now(), {"saved_at": bench.clock.now().isoformat(), "cause": "test"})
    sound_alarms(deaf, SYSTEM)
    [row, *_] = list_alarms(deaf, SYSTEM)
    assert row.trouble.zh.startswith("邮件服务器（")
    assert row.trouble.en.startswith("Mail server (")
    program = Browser(create_app(deaf, settings_for_tests()), bench, "admin")
    program.client.set_cookie("laurel_language", "en")
    assert "Not sent: Mail server (" in program.get("/monitor/health").text
    [told, *_] = program.get("/api/v1/health").json["alarms"]
    assert (told["trouble"], told["trouble_en"]) == (row.trouble.zh, row.trouble.en)
    with pytest.raises(Invalid) as refused:
        try_alarm(deaf, bench.admin)
    assert refused.value.message.en.startswith("It could not be sent: Mail server (")


def test_an_alarm_without_any_channel_says_so_in_both_languages(bench: Bench) -> None:
    desk = replace(bench.desk, channels=(Inbox(),))
    with desk.store.write() as tx:
        tx.operation.hold_restored(bench.clock.now(), {"saved_at": bench.clock.now().isoformat(), "cause": "test"})
    sound_alarms(desk, SYSTEM)
    [row, *_] = list_alarms(desk, SYSTEM)
    assert "没有可以通知的渠道" in row.trouble.zh
    assert "no channel" in row.trouble.en


def test_who_was_not_reached_is_tried_again_and_the_others_are_left_in_peace(
    bench: Bench, mail_server: MailServer
) -> None:
    Gateway.kept.clear()
    clock = MovedClock(bench.desk.clock.now())
    desk = posted(bench, clock, mail_server)
    with desk.store.write() as tx:
        tx.operation.hold_restored(clock.at, {"saved_at": clock.at.isoformat(), "cause": "test"})
    with HTTPServer(("127.0.0.1", 0), Gateway) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        gateway = SignedWebhook(WebhookTarget(address, "sixteen letters!", private=True))
        deaf = SignedWebhook(WebhookTarget("http://127.0.0.1:1/", "sixteen letters!", private=True))
        assert sound_alarms(replace(desk, channels=(*desk.channels, deaf)), SYSTEM) == 2  # the restore, and the gateway
        assert len(mail_server.messages) == 2
        assert {row.told for row in list_alarms(desk, SYSTEM)} == {row.level for row in list_alarms(desk, SYSTEM)}
        assert "消息网关" in list_alarms(desk, SYSTEM)[0].trouble.zh
        city = replace(bench.admin, seats=tuple(replace(s, jurisdiction="testville") for s in bench.admin.seats))
        assert "消息网关" not in list_alarms(desk, city)[0].trouble.zh
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        clock.at += timedelta(minutes=6)
        sound_alarms(replace(desk, channels=(*desk.channels, gateway)), SYSTEM)
        server.shutdown()
    assert len(Gateway.kept) == 1
    assert "恢复" in str(Gateway.kept[0]["text"])
    assert len(mail_server.messages) == 2
    assert {row.trouble.zh for row in list_alarms(desk, SYSTEM)} == {""}


def test_a_second_incident_that_grows_old_is_told_too(bench: Bench, mail_server: MailServer) -> None:
    clock = MovedClock(bench.desk.clock.now())
    desk = posted(bench, clock, mail_server)
    words = {"zh": "…", "en": "…"}
    told = []
    for number in range(2):
        with desk.store.write() as tx:
            row = IncidentRow(
                jurisdiction="*", kind=f"x{number}", what=words, consequence=words, remedy=words, since=clock.at
            )
            tx.incidents.open(row)
            for lane in LANES:
                tx.operation.beat(lane_beat(lane), clock.at + timedelta(days=2))
        clock.at += timedelta(hours=25)
        told.append((sound_alarms(desk, SYSTEM), sound_alarms(desk, SYSTEM)))
    assert told == [(1, 0), (1, 0)]
    assert len(mail_server.messages) == 4


def test_a_key_folder_that_was_moved_away_is_a_fault_and_is_not_made_anew(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "ballot-keys"
    keys = KeyFiles(folder)
    desk = replace(bench.desk, ballot_keys=keys)
    demand_belonging(desk)
    assert found(desk, "ballot-keys").level is Level.FINE
    folder.rename(tmp_path / "elsewhere")
    for process in (desk, replace(desk, ballot_keys=KeyFiles(folder))):  # the server, and the doctor beside it
        assert found(process, "ballot-keys").level is Level.FAULT
        assert "LAUREL_BALLOT_KEYS" in found(process, "ballot-keys").found.zh
    assert not folder.exists()
    (tmp_path / "elsewhere").rename(folder)
    assert found(desk, "ballot-keys").level is Level.FINE


def test_several_processes_tell_of_it_once(bench: Bench, mail_server: MailServer) -> None:
    clock = MovedClock(bench.desk.clock.now())
    desk = posted(bench, clock, mail_server)
    with desk.store.write() as tx:
        tx.operation.hold_restored(clock.at, {"saved_at": clock.at.isoformat(), "cause": "test"})
    with ThreadPoolExecutor(4) as several:
        told = list(several.map(lambda _: sound_alarms(desk, SYSTEM), range(4)))
    assert sorted(told) == [0, 0, 0, 1]
    assert len(mail_server.messages) == 2


class Gateway(BaseHTTPRequestHandler):
    """A gateway that keeps what is posted."""

    kept: ClassVar[list[dict[str, object]]] = []

    def do_POST(self) -> None:
        self.kept.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


def test_what_goes_wrong_while_an_alarm_is_told_is_told_too(bench: Bench) -> None:
    clock = MovedClock(bench.desk.clock.now())
    words = {"zh": "…", "en": "…"}

    def grow_old(kind: str) -> None:
        with desk.store.write() as tx:
            since = clock.at - timedelta(hours=25)
            tx.incidents.open(
                IncidentRow(jurisdiction="*", kind=kind, what=words, consequence=words, remedy=words, since=since)
            )

    class Meanwhile(Gateway):
        """While the first message is taken a second incident grows old, and another process looks."""

        kept: ClassVar[list[dict[str, object]]] = []

        def do_POST(self) -> None:
            if not self.kept:
                clock.at += timedelta(minutes=1)
                grow_old("second")
                sound_alarms(desk, SYSTEM)
            super().do_POST()

    with HTTPServer(("127.0.0.1", 0), Meanwhile) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        channels = (SignedWebhook(WebhookTarget(address, "sixteen letters!", private=True)),)
        desk = replace(bench.desk, clock=clock, channels=channels)
        choose_limits(desk, bench.admin, DEFAULTS, "", webhook=True)
        grow_old("first")
        assert [sound_alarms(desk, SYSTEM) for _ in range(3)] == [1, 1, 0]
        server.shutdown()
    assert len(Meanwhile.kept) == 2


def test_the_gateway_is_told_beside_the_administrators_own_addresses(bench: Bench, mail_server: MailServer) -> None:
    Gateway.kept.clear()
    with HTTPServer(("127.0.0.1", 0), Gateway) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        target = WebhookTarget(f"http://127.0.0.1:{server.server_port}/", "sixteen letters!", private=True)
        mail = SmtpMail(Smtp(mail_server.host, mail_server.port, "award@example.cn", "", "", starttls=False))
        desk = replace(bench.desk, channels=(Inbox(), mail, SignedWebhook(target)))
        with desk.store.write() as tx:
            tx.operation.hold_restored(bench.clock.now(), {"saved_at": bench.clock.now().isoformat(), "cause": "test"})
        assert sound_alarms(desk, SYSTEM) == 1
        program = Browser(create_app(desk, settings_for_tests()), bench, "admin")
        assert len(program.send("POST", "/api/v1/health/trial", {}).json["told"]) == 2
        server.shutdown()
    assert [one["To"] for one in mail_server.messages] == ["admin@example.cn"] * 2
    assert ["恢复" in str(one["text"]) for one in Gateway.kept] == [True, False]
    assert Gateway.kept[0]["recipient"] == dict.fromkeys(("login", "name", "telephone", "email"))


def test_dead_work_old_incidents_and_a_silent_sweeper_are_found(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = MovedClock(bench.desk.clock.now())
    desk = replace(bench.desk, clock=clock)
    assert found(desk, "dead-work").level is Level.FINE
    give_up(desk)
    assert found(desk, "dead-work").level is Level.WARNING
    monkeypatch.setattr("service.casework.health.running.SystemClock", MovedClock)
    with desk.store.write() as tx:
        words = {"zh": "…", "en": "…"}
        tx.incidents.open(
            IncidentRow(jurisdiction="*", kind="x", what=words, consequence=words, remedy=words, since=clock.at)
        )
        tx.operation.beat("sweeper", clock.at)
    assert found(desk, "incidents").level is Level.WARNING
    assert found(desk, "sweeper").level is Level.FINE
    clock.at += timedelta(hours=25)
    assert found(desk, "incidents").level is Level.FAULT
    assert found(desk, "sweeper").level is Level.WARNING


def test_a_restored_installation_that_is_not_started_yet_has_no_fault(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = MovedClock(bench.desk.clock.now())
    desk = replace(bench.desk, clock=clock)
    monkeypatch.setattr("service.casework.health.running.SystemClock", MovedClock)
    with desk.store.write() as tx:
        tx.operation.hold_restored(clock.at, {"saved_at": clock.at.isoformat(), "cause": "test"})
        tx.work.enqueue_many([NewWork("mail", None, "mail:waits", {}, clock.at)], clock.at)
        tx.operation.beat("sweeper", clock.at)
    clock.at += timedelta(hours=3)
    assert found(desk, "hold").level is Level.WARNING
    assert found(desk, "queue").level is Level.WARNING
    with desk.store.write() as tx:
        tx.operation.beat("sweeper", clock.at)
    assert found(desk, "queue").level is Level.FAULT  # somebody works, and does not get to it
    told = found(desk, "queue").found
    assert (told.zh, told.en) == ("到期未办 1 项，最早已等 3小时", "1 due, the oldest for 3 hours")


def test_a_calendar_that_ends_this_year_warns_before_the_year_does(bench: Bench) -> None:
    last = min(c.last_published_year() or 0 for c in bench.desk.calendars.values())
    for day, level in (
        (datetime(last, 6, 1, tzinfo=UTC), Level.FINE),
        (datetime(last, 11, 1, tzinfo=UTC), Level.WARNING),
        (datetime(last + 1, 1, 2, tzinfo=UTC), Level.FAULT),
    ):
        assert found(replace(bench.desk, clock=MovedClock(day)), "calendars").level is level


def test_calendars_by_which_no_place_here_counts_are_left_alone(bench: Bench) -> None:
    """Nobody of another place can take a year in for them, so that the fault would stay for good."""
    calendars, last = bench.desk.calendars, bench.desk.calendar("cn").last_published_year() or 0
    assert len(calendars["cn-xinjiang-kizilsu"].layers) > len(calendars["cn-xinjiang"].layers), (
        "one more than testville's"
    )
    desk = replace(bench.desk, clock=MovedClock(datetime(last + 1, 6, 1, tzinfo=UTC)))
    told = found(desk, "calendars")
    assert told.level is Level.FAULT
    for layer in calendars["cn-xinjiang"].layers:
        assert layer.name.zh in told.found.zh
        calendars = with_year(calendars, layer.key, CalendarYear(last + 1))
    held = replace(desk, calendars=calendars)
    assert calendars["cn-xinjiang-kizilsu"].last_published_year() == last
    assert found(held, "calendars").level is Level.FINE
    assert read_vitals(held, SYSTEM).calendar_until_year == last + 1


def test_disk_backups_and_certificate_of_the_machine(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "certificate.pem"
    premises = Premises((Volume("data", Text("数据目录", "Data"), tmp_path),), tmp_path / "backups", file)
    desk = replace(bench.desk, premises=premises)
    assert found(desk, "backups").level is Level.WARNING
    assert found(desk, "certificate").level is Level.WARNING  # there is none
    (tmp_path / "backups").mkdir()
    backup = tmp_path / "backups" / "laurel-1.tar.gz"
    backup.write_bytes(b"x")
    assert found(desk, "backups").level is Level.FINE
    three_days_ago = (datetime.now(UTC) - timedelta(days=3)).timestamp()
    os.utime(backup, (three_days_ago, three_days_ago))
    assert found(desk, "backups").level is Level.WARNING
    for days, level in ((90, Level.FINE), (10, Level.WARNING), (-1, Level.FAULT)):
        file.write_bytes(certificate_for(days))
        assert found(desk, "certificate").level is level
    typed = {**DEFAULTS, "disk_megabytes": "10000000"}
    choose_limits(desk, bench.admin, typed, "", webhook=False)
    assert found(desk, "disk-data").level is not Level.FINE


def certificate_for(days: int) -> bytes:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "award.example.cn")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(now - timedelta(days=400)).not_valid_after(now + timedelta(days=days))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(
    ("typed", "mails", "words"),
    [
        ({"backup_days": "0"}, "", "备份"),
        ({"disk_megabytes": "much"}, "", "磁盘"),
        ({}, "nobody", "邮箱"),
        ({}, " ".join(f"p{n}@example.cn" for n in range(11)), "10 个"),
    ],
)
def test_limits_that_cannot_be_are_refused(bench: Bench, typed: dict[str, str], mails: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        choose_limits(bench.desk, bench.admin, {**DEFAULTS, **typed}, mails, webhook=True)


def test_every_check_has_a_name_of_its_own_and_is_in_the_metrics(bench: Bench) -> None:
    names = [one.name for one in look_at_all(bench.desk, SYSTEM)]
    assert len(names) == len(set(names))
    assert {one.name for one in look_quietly(bench.desk, SYSTEM)} == set(names)
    assert {"database", "files", "ballot-keys", "channel-mail", "channel-webhook"} <= set(names)


def test_a_mail_server_that_is_away_is_in_the_metrics_once_the_watchman_looked(
    bench: Bench, mail_server: MailServer
) -> None:
    desk = posted(bench, MovedClock(bench.desk.clock.now()), mail_server)
    deaf = replace(desk, channels=(SmtpMail(Smtp("127.0.0.1", 1, "a@example.cn", "", "", starttls=False)),))
    assert sound_alarms(desk, SYSTEM) == 0
    assert found(deaf, "channel-mail").level is Level.FINE  # nobody connects for the metrics
    assert sound_alarms(deaf, SYSTEM) == 1
    assert found(deaf, "channel-mail").level is Level.FAULT
    assert "连接不上（对方没有开启服务，连接被拒绝）" in found(deaf, "channel-mail").found.zh


def test_who_is_refused_again_and_again_raises_an_alarm(bench: Bench) -> None:
    def found() -> tuple[Level, str]:
        (one,) = attacks(bench.desk, Limits(refusals_hour=3))
        return one.level, one.found.zh

    assert found() == (Level.FINE, "一小时内没有")
    for number in range(3):
        assert found()[0] is Level.FINE, number
        with from_where("203.0.113.7"), pytest.raises(WrongPassword):
            sign_in(bench.desk, "office", f"wrong-{number}", 12, origin="203.0.113.7")
    level, told = found()
    assert (level, "203.0.113.7 被拒 3 次" in told) == (Level.WARNING, True)
    later = bench.clock.now() + timedelta(hours=1, minutes=1)
    bench.clock.move_to(later)
    assert found()[0] is Level.FINE
