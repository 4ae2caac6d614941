"""Messages posted to a real server: signed, at least once, and nowhere that is not allowed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.desk.channels import Inbox, NoMail
from service.casework.due.run_item import run_item
from service.domain.wording.cause_words import cause_words
from service.jobs import Sweeper
from service.jobs.channels import SignedWebhook, WebhookRefused
from service.settings import BadSetting, WebhookTarget, read_settings
from service.store import Store
from tests.integration.jobs.test_mail import refuse
from tests.support.desks import make_bench
from tests.support.waiting import ended

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


def test_a_message_in_an_inbox_is_posted_too_and_again_until_it_is_taken(
    gateway: Gateway, sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    made = make_bench(open_store(sqlite_url))
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


def test_a_process_that_dies_after_the_post_posts_the_same_key_again(
    gateway: Gateway, sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    def lose_the_answer(point: str) -> None:
        if point == "webhook-sent":
            raise ConnectionError("the process lost what the gateway said")

    made = make_bench(open_store(sqlite_url))
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
