"""Messages posted to a real server: signed, at least once, and nowhere that is not allowed."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.desk.channels import Inbox, NoMail
from service.casework.due.run_item import run_item
from service.domain.wording.cause_words import cause_words
from service.jobs import Sweeper
from service.jobs.channels import SignedWebhook, WebhookRefused, is_public
from service.settings import BadSetting, WebhookTarget, read_settings
from service.store import Store
from tests.integration.jobs.test_mail import refuse
from tests.support.desks import make_bench
from tests.support.tls import make_certificate, server_side
from tests.support.waiting import PATIENCE, ended

SECRET = "sixteen letters!"


class Gateway(HTTPServer):
    """Takes messages and keeps them; answers ``answer``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.taken = 204, list[tuple[dict[str, str], bytes]]()

    @property
    def url(self) -> str:
        """Where it stands."""
        return f"http://127.0.0.1:{self.server_port}/in?from=laurel"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        server.taken.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(server.answer)
        self.send_header("Location", server.url)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        ended(thread)


def test_a_message_arrives_signed_and_bears_its_key(gateway: Gateway) -> None:
    SignedWebhook(WebhookTarget(gateway.url, SECRET, private=True)).post("mail:1:2:webhook", {"subject": "通知"})
    [(headers, body)] = gateway.taken
    assert json.loads(body) == {"key": "mail:1:2:webhook", "subject": "通知"}
    assert headers["Idempotency-Key"] == "mail:1:2:webhook"
    signed = headers["Laurel-Timestamp"].encode() + b"." + body
    assert headers["Laurel-Signature"] == "sha256=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("answer", [302, 400, 500])
def test_what_the_gateway_does_not_take_is_an_error_and_followed_nowhere(gateway: Gateway, answer: int) -> None:
    gateway.answer = answer
    with pytest.raises(WebhookRefused, match=str(answer)):
        SignedWebhook(WebhookTarget(gateway.url, SECRET, private=True)).post("k", {})
    assert len(gateway.taken) == 1


def test_private_addresses_are_refused_unless_allowed(gateway: Gateway) -> None:
    with pytest.raises(WebhookRefused, match="LAUREL_WEBHOOK_PRIVATE") as refused:
        SignedWebhook(WebhookTarget(gateway.url, SECRET, private=False)).post("k", {})
    assert gateway.taken == []
    assert cause_words(refused.value).zh == (
        "127.0.0.1 的地址 127.0.0.1 不是公网地址；网关确在内网的，设 LAUREL_WEBHOOK_PRIVATE=yes"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"LAUREL_WEBHOOK_URL": "http://gateway.example.gov.cn/", "LAUREL_WEBHOOK_SECRET": SECRET},
        {"LAUREL_WEBHOOK_URL": "https://gateway.example.gov.cn/", "LAUREL_WEBHOOK_SECRET": "short"},
        {"LAUREL_WEBHOOK_URL": "gateway", "LAUREL_WEBHOOK_SECRET": SECRET, "LAUREL_WEBHOOK_PRIVATE": "yes"},
    ],
)
def test_a_webhook_that_would_not_be_safe_is_no_setting(wrong: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match="LAUREL_WEBHOOK"):
        read_settings(wrong)


def test_a_message_in_an_inbox_is_posted_too_and_again_until_it_is_taken(gateway: Gateway, sqlite_store: Store) -> None:
    made = make_bench(sqlite_store)
    bench = replace(
        made,
        desk=replace(
            made.desk, channels=(Inbox(), NoMail(), SignedWebhook(WebhookTarget(gateway.url, SECRET, private=True)))
        ),
    )
    sweeper = Sweeper(bench.desk.store, lambda item: run_item(bench.desk, SYSTEM, item), bench.clock.now, "test")
    gateway.answer = 503
    case_id = refuse(bench)
    sweeper.drain(bench.clock.now())
    assert len(gateway.taken) == 1
    gateway.answer = 200
    sweeper.drain(bench.clock.now() + timedelta(minutes=2))
    (first, said), (again, repeated) = gateway.taken
    assert first["Idempotency-Key"] == again["Idempotency-Key"]
    assert said == repeated
    with bench.desk.store.read() as tx:
        [told] = [row for row in tx.mail.select(case_id=case_id) if row.person_id is not None]
        assert [w for w in tx.work.of_case(case_id) if w.kind == "webhook"] == []
    content = json.loads(said)
    assert (content["subject"], content["case"]) == (told.subject, case_id)
    assert content["recipient"]["login"]


def test_a_process_that_dies_after_the_post_posts_the_same_key_again(gateway: Gateway, sqlite_store: Store) -> None:
    def lose_the_answer(point: str) -> None:
        if point == "webhook-sent":
            raise ConnectionError("the process lost what the gateway said")

    made = make_bench(sqlite_store)
    target = WebhookTarget(gateway.url, SECRET, private=True)
    bench = replace(made, desk=replace(made.desk, channels=(Inbox(), NoMail(), SignedWebhook(target))))
    refuse(bench)
    sweeper = Sweeper(bench.desk.store, lambda item: run_item(bench.desk, SYSTEM, item), bench.clock.now, "test")
    bench.desk.store.crash_point = lose_the_answer
    sweeper.drain(bench.clock.now())
    bench.desk.store.crash_point = lambda name: None
    sweeper.drain(bench.clock.now() + timedelta(minutes=2))
    sweeper.drain(bench.clock.now() + timedelta(days=2))
    assert len(gateway.taken) == 2
    assert len({headers["Idempotency-Key"] for headers, _ in gateway.taken}) == 1


"""Seconds after which a line that should have been cut off was not: every one of these gateways goes on for ever."""


class _Thanks(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, _Quiet)
        self.server.taken += 1
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Quiet(HTTPServer):
    taken = 0

    def handle_error(self, *_: object) -> None:
        """Say nothing: who is refused breaks off."""


@contextmanager
def encrypted(certificate: Path) -> Iterator[_Quiet]:
    """Serve with a certificate."""
    with _Quiet(("127.0.0.1", 0), _Thanks) as server:
        server.socket = server_side(certificate).wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            ended(thread)


@contextmanager
def answering(say: Callable[[socket.socket, Event], None]) -> Iterator[str]:
    """Take one connection after the other and let ``say`` answer; yields the address."""
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while not over.is_set():
                line, _ = listening.accept()
                with line, suppress(OSError):
                    say(line, over)

        thread = Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            over.set()
            with suppress(OSError), socket.create_connection(listening.getsockname()):
                pass
            ended(thread)


def drip(line: socket.socket, over: Event) -> None:
    line.recv(65536)
    line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while not over.wait(0.1):
        line.sendall(b"x")


def go_on(line: socket.socket, over: Event) -> None:
    line.recv(65536)
    while not over.wait(0.1):
        line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def hang(_line: socket.socket, over: Event) -> None:
    over.wait(PATIENCE)


def never_ending(line: socket.socket, over: Event) -> None:
    line.recv(65536)
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.is_set():
        line.sendall(b"X: " + b"x" * 60_000 + b"\r\n")


def posting(url: str, seconds: float = 10.0) -> SignedWebhook:
    return SignedWebhook(WebhookTarget(url, SECRET, private=True), seconds)


def test_a_certificate_that_is_trusted_lets_a_message_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = make_certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with encrypted(certificate) as server:
        posting(f"https://localhost:{server.server_port}/").post("k", {})
        posting(f"https://localhost:{server.server_port}/").describe()
        assert server.taken == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with encrypted(make_certificate(tmp_path, "localhost")) as server, pytest.raises(ssl.SSLCertVerificationError):
        posting(f"https://localhost:{server.server_port}/").post("k", {})


@pytest.mark.parametrize(
    ("name", "until"), [("gateway.example.cn", None), ("localhost", datetime.now(UTC) - timedelta(days=1))]
)
def test_a_certificate_for_another_host_or_another_day_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, until: datetime | None
) -> None:
    certificate = make_certificate(tmp_path, name, until)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with encrypted(certificate) as server, pytest.raises(ssl.SSLCertVerificationError):
        posting(f"https://localhost:{server.server_port}/").post("k", {})


@pytest.mark.parametrize("say", [drip, go_on, hang, never_ending])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_gateway_that_answers_without_end_is_cut_off(
    say: Callable[[socket.socket, Event], None], scheme: str
) -> None:
    with answering(say) as url:
        began = monotonic()
        with pytest.raises(OSError):  # noqa: PT011  which one depends on how far it came
            posting(url.replace("http:", f"{scheme}:"), 0.4).post("k", {})
        assert monotonic() - began < PATIENCE


def test_a_gateway_that_did_not_answer_is_left_alone_for_a_moment() -> None:
    asked = []

    def hang_once_more(line: socket.socket, over: Event) -> None:
        asked.append(line)
        hang(line, over)

    with answering(hang_once_more) as url:
        gateway = posting(url, 0.3)
        with pytest.raises(WebhookRefused, match="no answer within"):
            gateway.post("one", {})
        for key in range(20):
            with pytest.raises(WebhookRefused, match=r"not asked.*no answer within"):
                gateway.post(str(key), {})
        assert len(asked) == 1


def test_a_host_of_which_one_address_does_not_answer_is_reached_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    with _Quiet(("127.0.0.1", 0), _Thanks) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        entries = [
            (family, socket.SOCK_STREAM, 6, "", (address, server.server_port))
            for family, address in ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1"))
        ]
        monkeypatch.setattr(socket, "getaddrinfo", _table(entries))
        posting(f"http://gateway.example.cn:{server.server_port}/").post("k", {})
        ended(thread)
        assert server.taken == 1


def _table(entries: list[object]) -> Callable[..., object]:
    real = socket.getaddrinfo

    def found(host: str, *more: object, **other: object) -> object:
        return entries if host.endswith(".cn") else real(host, *more, **other)  # type: ignore[arg-type]

    return found


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fec0::1", "fd00::1", "ff02::1", "2001:db8::1", "::127.0.0.1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::"),
    ],
)
def test_an_address_of_a_private_network_is_known_in_every_dress(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("https://[::1", "https://gateway.cn:99999/", "https://gateway.cn:port/", "https://user:word@gateway.cn/"),
        *(
            "https://gateway.cn/通知",
            "https://gateway.cn/a b",
            f"https://{'a' * 70}.cn/",
            "https://gateway.cn/\r\nX: y",
        ),
    ],
)
def test_an_address_that_nothing_can_be_posted_to_is_no_setting(url: str) -> None:
    with pytest.raises(BadSetting, match="LAUREL_WEBHOOK_URL"):
        read_settings({"LAUREL_WEBHOOK_URL": url, "LAUREL_WEBHOOK_SECRET": SECRET})


def test_the_secret_is_in_no_description_of_the_settings() -> None:
    found = read_settings(
        {
            "LAUREL_WEBHOOK_URL": "https://gateway.cn/",
            "LAUREL_WEBHOOK_SECRET": SECRET,
            "LAUREL_SMTP_HOST": "mail",
            "LAUREL_SMTP_STARTTLS": "yes",
            "LAUREL_SMTP_SENDER": "a@b.cn",
            "LAUREL_SMTP_PASSWORD": "pass-word",
        }
    )
    assert found.webhook is not None
    assert found.webhook.secret == SECRET
    assert SECRET not in f"{found!r}{SignedWebhook(found.webhook)!r}"
    assert "pass-word" not in repr(found)
