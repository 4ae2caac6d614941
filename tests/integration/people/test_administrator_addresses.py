"""Administrators sign in from named addresses alone; others from anywhere, and a cookie taken elsewhere is nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from service.jobs.put_together import sign_in_rules_of
from service.settings import read_settings
from tests.support.browsers import PASSWORD, Browser, give_password, make_app
from tests.support.desks import Bench

SIGN_IN = "/sign-in"
NAMED = {"LAUREL_ADMINISTRATORS_FROM": "10.8.0.0/24, 192.0.2.5,2001:db8::/48"}


@pytest.fixture
def guarded(bench: Bench) -> Flask:
    rules = sign_in_rules_of(read_settings(NAMED))
    desk = replace(bench.desk, premises=replace(bench.desk.premises, sign_in=rules))
    return make_app(replace(bench, desk=desk), **NAMED)


def answered(app: Flask, bench: Bench, login: str, address: str) -> tuple[int, str]:
    browser = Browser(app, bench)
    browser.client.environ_base["REMOTE_ADDR"] = address
    told = browser.post(SIGN_IN, {"login": login, "password": PASSWORD}, page=SIGN_IN)
    return told.status_code, told.text


@pytest.mark.parametrize("address", ["10.8.0.77", "192.0.2.5", "::ffff:10.8.0.1", "2001:db8::9"])
def test_an_administrator_signs_in_from_a_named_address(guarded: Flask, bench: Bench, address: str) -> None:
    give_password(bench, "admin")
    assert answered(guarded, bench, "admin", address)[0] == 302


@pytest.mark.parametrize("address", ["10.8.1.1", "192.0.2.6", "127.0.0.1"])
def test_from_elsewhere_they_are_refused_in_a_sentence_that_stands_in_the_book(
    guarded: Flask, bench: Bench, address: str
) -> None:
    give_password(bench, "admin")
    status, said = answered(guarded, bench, "admin", address)
    assert status == 403
    assert "管理员只能从指定的地址登录" in said
    with bench.desk.store.read() as tx:
        [entry] = [row for row in tx.acts.select(after=0, limit=100) if row.outcome == "address_not_allowed"]
    assert (entry.origin, entry.person_id) == (address, bench.admin.person_id)


def test_a_session_that_is_taken_elsewhere_opens_nothing_there(guarded: Flask, bench: Bench) -> None:
    taken = Browser(guarded, bench, "admin")  # begun on the machine itself
    for address, status in (("10.8.0.9", 200), ("203.0.113.9", 302)):
        taken.client.environ_base["REMOTE_ADDR"] = address
        assert taken.get("/people").status_code == status
