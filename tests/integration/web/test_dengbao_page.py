"""The page of 等保 shows administrators what each setting is in this installation; what is off is red."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.casework.access.actor import AUDIT_ADMINISTRATOR, SECURITY_ADMINISTRATOR, SYSTEM_ADMINISTRATOR
from service.casework.desk.premises import Premises
from service.casework.health.dengbao import State, view_dengbao
from service.domain.errors import NotAllowed
from service.store import Store
from tests.support.browsers import Browser, make_app, settings_for_tests
from tests.support.desks import Bench, make_bench
from tests.support.officers import officer

PAGE = "/monitor/dengbao"
GOOD = {
    "LAUREL_PASSWORD_DAYS": "90", "LAUREL_HTTPS": "yes", "LAUREL_ADMINISTRATORS_FROM": "127.0.0.0/8",
    "LAUREL_SECOND_FACTOR": "administrator,system_administrator,security_administrator,audit_administrator",
}  # fmt: skip


@pytest.fixture
def bench(sqlite_store: Store) -> Bench:
    return make_bench(sqlite_store)


def row_of(page: str, name: str) -> str:
    found = re.search(rf'<tr data-setting="{name}">.*?</tr>', page, re.S)
    assert found, name
    return found[0]


def is_red(row: str) -> bool:
    return "未达到" in row and "tag-late" in row


@pytest.mark.parametrize(
    ("name", "off"),
    [
        ("password_days", {"LAUREL_PASSWORD_DAYS": "0"}),
        ("password_days", {"LAUREL_PASSWORD_DAYS": "365"}),
        ("idle", {"LAUREL_IDLE_MINUTES": "0"}),
        ("session", {"LAUREL_SESSION_HOURS": "24"}),
        ("step_up", {"LAUREL_STEP_UP_MINUTES": "0"}),
        ("https", {"LAUREL_HTTPS": "no"}),
        ("addresses", {"LAUREL_ADMINISTRATORS_FROM": ""}),
        ("second_factor", {"LAUREL_SECOND_FACTOR": "system_administrator"}),
    ],
)
def test_a_setting_that_is_turned_off_is_red_and_says_what_to_do(bench: Bench, name: str, off: dict[str, str]) -> None:
    def state(changed: dict[str, str]) -> tuple[State, str]:
        settings = settings_for_tests(**{**GOOD, **changed})
        (one,) = [one for one in view_dengbao(bench.desk, bench.admin, settings) if one.name == name]
        return one.state, one.remedy.zh

    assert state({})[0] is State.ON
    assert state(off)[0] is State.OFF
    shown = {**GOOD, **off, "LAUREL_HTTPS": "no"}
    shown["LAUREL_SECOND_FACTOR"] = off.get("LAUREL_SECOND_FACTOR", "")  # whose role has to have one sets it up first
    page = Browser(make_app(bench, **shown), bench, "admin").get(PAGE).text
    assert is_red(row_of(page, name))
    assert state(off)[1] in row_of(page, name)


def test_what_the_checks_of_health_find_stands_here_too(bench: Bench, tmp_path: Path) -> None:
    def red(premises: Premises) -> set[str]:
        desk = replace(bench.desk, premises=premises)
        return {one.name for one in view_dengbao(desk, bench.admin, settings_for_tests()) if one.state is State.OFF}

    none = red(Premises())
    assert {"anchors", "backups", "columns", "scanner", "certificate", "heads_mailed"} <= none
    (tmp_path / f"heads-{datetime.now(UTC):%Y}.jsonl").write_text("{}")
    (tmp_path / "laurel.tar.gz").write_text("x")
    assert none - red(Premises(anchors=tmp_path, backups=tmp_path)) == {"anchors", "backups"}


def test_each_of_the_three_reads_it_and_nobody_else(bench: Bench) -> None:
    app = make_app(bench)
    places = {
        SYSTEM_ADMINISTRATOR: "/monitor/health",
        SECURITY_ADMINISTRATOR: "/monitor/retention",
        AUDIT_ADMINISTRATOR: "/book",
    }
    for role, place in places.items():
        officer(bench, role)
        browser = Browser(app, bench, role)
        assert browser.get(PAGE).status_code == 200
        assert f'href="{place}"' in browser.get("/account").text
        assert f'href="{PAGE}"' in browser.get(place).text
    assert Browser(app, bench, "office").get(PAGE).status_code == 403
    with pytest.raises(NotAllowed):
        view_dengbao(bench.desk, bench.office, settings_for_tests())


def test_the_log_that_its_role_can_change_is_red(store: Store) -> None:
    bench = make_bench(store)
    (one,) = [s for s in view_dengbao(bench.desk, bench.admin, settings_for_tests()) if s.name == "log_rights"]
    assert one.now.zh in ("SQLite 没有数据库角色", "运行账号能够改写事件", "运行账号只能追加事件")
    assert (one.state is State.ON) == (one.now.zh == "运行账号只能追加事件")


def test_who_holds_all_three_parts_them_in_the_browser_once(bench: Bench) -> None:
    app = make_app(bench)
    browser, colleague = Browser(app, bench, "admin"), Browser(app, bench, "office")
    assert colleague.post(PAGE, {}).status_code == 403
    assert "分立三员" in browser.get(PAGE).text
    parted = browser.post(PAGE, {}).text
    links = re.findall(r"/administrator-account#([\w-]+)", parted)
    assert len(links) == 2, "the security and the audit administrator open theirs themselves"
    visitor = Browser(app, bench)
    account = {"name": "安全", "login": "safe", "new": "a sentence to remember", "again": "a sentence to remember"}
    assert "账号已开设" in visitor.post("/administrator-account", {"code": links[0], **account}).text
    assert 'action="/monitor/dengbao"' not in browser.get(PAGE).text, "nobody holds all three any more"
    assert browser.post(PAGE, {}).status_code == 403
    assert browser.get("/book").status_code == 403, "the book is the audit administrator's"
