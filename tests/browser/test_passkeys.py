"""Means of signing in, in a real browser: a passkey made and used without a name; a new password seen and measured."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from service.casework.access.actor import AUDIT_ADMINISTRATOR, SYSTEM
from service.casework.people.accounts.office_links import offer_offices
from service.store import Store
from tests.support.accessibility import axe
from tests.support.browsers import PASSWORD, give_password
from tests.support.desks import make_bench
from tests.support.served import served, signed_in

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_it_is_made_and_signs_in_by_one_click(sqlite_store: Store, chromium: Browser) -> None:
    bench = make_bench(sqlite_store)
    give_password(bench, "office")
    with served(bench, by_name=True) as base, signed_in(chromium, bench, "office", base) as context:
        page = context.new_page()
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        key = device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        page.goto(f"{base}/account/passkeys")
        assert axe(page, serious=True) == []
        page.get_by_label("名称").fill("办公电脑")
        page.get_by_label("现密码").fill(PASSWORD)
        page.get_by_role("button", name="下一步").click()
        page.get_by_role("button", name="创建通行密钥").click()
        expect(page.locator("main code")).to_have_count(10)
        page.goto(f"{base}/account/passkeys")
        expect(page.locator("main")).to_contain_text("尚未使用")
        page.goto(f"{base}/password")
        new = page.locator("#new")
        for typed, told in (("mima1314", "太短"), ("woaini1314520", "容易被猜中"), ("湖水 椅子 第七天又晴了", "强")):
            new.fill(typed)
            expect(page.get_by_role("status").filter(has_text="强度")).to_have_text(f"强度：{told}")
        page.locator(".password-row", has=new).locator(".password-eye").click()
        expect(new).to_have_attribute("type", "text")
        assert axe(page, serious=True) == []
        with page.expect_navigation():
            page.get_by_role("button", name="退出").click()
        page.goto(f"{base}/sign-in?next=/account/passkeys")
        assert axe(page, serious=True) == []
        whose = {"authenticatorId": key["authenticatorId"]}
        device.send("WebAuthn.setUserVerified", {**whose, "isUserVerified": False})
        page.get_by_role("button", name="用通行密钥登录").click()
        expect(page.get_by_role("alert")).to_contain_text("没有核实您本人")
        device.send("WebAuthn.setUserVerified", {**whose, "isUserVerified": True})
        page.get_by_role("button", name="用通行密钥登录").click()
        expect(page.locator("main")).to_contain_text("上次使用")


def test_the_secret_is_never_sent_in_an_address_and_leaves_the_history(sqlite_store: Store, chromium: Browser) -> None:
    bench = make_bench(sqlite_store)
    with served(bench) as base:
        offices = offer_offices(bench.desk, SYSTEM, base, (AUDIT_ADMINISTRATOR,))
        link = next(one.link for one in offices if one.role == AUDIT_ADMINISTRATOR)
        secret = link.rpartition("#")[2]
        page, asked = chromium.new_page(locale="zh-CN"), []
        page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
        page.goto(link)
        expect(page.get_by_role("heading", name="审计管理员")).to_be_visible()
        assert [url for url in [*asked, page.url] if secret in url] == []
        page.go_back()
        assert secret not in page.url
        page.close()
