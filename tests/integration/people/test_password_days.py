"""Where the installation says so, a password is changed after so many days, before anything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.casework.desk.premises import Premises, SignInRules
from service.jobs.put_together import sign_in_rules_of
from tests.support.browsers import PASSWORD, Browser, give_password, make_app, settings_for_tests
from tests.support.desks import Bench

NEW = "一句新的好记的话 2026"


@pytest.fixture
def strict(bench: Bench) -> Bench:
    bench.desk = replace(bench.desk, premises=Premises(sign_in=SignInRules(password=timedelta(days=90))))
    give_password(bench, "office")
    return bench


def days(bench: Bench, count: int) -> None:
    bench.clock.move_to(bench.clock.now() + timedelta(days=count, minutes=1))


def signed_in(bench: Bench, password: str = PASSWORD) -> Browser:
    browser = Browser(make_app(bench), bench)
    sent = browser.post("/sign-in", {"login": "office", "password": password}, page="/sign-in")
    assert sent.status_code == 302, sent.text
    return browser


def test_an_old_password_opens_its_change_and_nothing_else(strict: Bench) -> None:
    days(strict, 89)
    assert signed_in(strict).get("/tasks").status_code == 200
    days(strict, 1)
    browser = signed_in(strict)
    turned = browser.get("/tasks")
    assert (turned.status_code, turned.headers["Location"]) == (302, "/password?next=%2Ftasks")
    told = browser.get("/api/v1/tasks")
    assert (told.status_code, told.json["code"], "每 90 天" in told.json["detail_zh"]) == (
        403,
        "password_to_change",
        True,
    )
    page = browser.get("/password")
    assert (page.status_code, "每 90 天须更换一次" in page.text) == (200, True)
    assert browser.get("/portal").status_code == 200
    sent = browser.post("/password", {"old": PASSWORD, "new": NEW, "again": NEW}, page="/password")
    assert sent.status_code == 302, sent.text
    assert browser.get("/tasks").status_code == 200
    days(strict, 89)
    assert signed_in(strict, NEW).get("/tasks").status_code == 200
    days(strict, 1)
    assert signed_in(strict, NEW).get("/tasks").status_code == 302


def test_it_is_off_by_default_and_set_in_days() -> None:
    assert sign_in_rules_of(settings_for_tests()).password is None
    assert sign_in_rules_of(settings_for_tests(LAUREL_PASSWORD_DAYS="90")).password == timedelta(days=90)
