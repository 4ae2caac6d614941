"""A form in a real browser, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from service.domain.forms import Form, compile_form
from service.web.forms import FormUrls, render_form, render_regions
from service.web.frame.page.frame import DIST
from tests.prepare import browser_program

from .conftest import GOOD, TODAY

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not DIST.is_dir(), reason="the browser side is not built"),
    pytest.mark.skipif(browser_program() is None, reason="no Chromium on this machine"),
]
LOOK = {"today": TODAY, "urls": FormUrls("/refresh", "/upload", "/files/{id}")}


def serve(form: Form) -> Flask:
    app = Flask("forms", static_folder=str(DIST.parent), static_url_path="/static")

    def page(body: str) -> str:
        return (
            '<!doctype html><html lang="zh-CN"><head><title>表单</title><script type="module" src="/static/dist/shell.js">'
            '</script></head><body><form method="post" action="/submit" enctype="multipart/form-data" novalidate>'
            f"{body}<button>提交</button></form></body></html>"
        )

    @app.get("/")
    def show() -> str:
        return page(render_form(form, GOOD, **LOOK))

    @app.post("/refresh")
    def refresh() -> str:
        values, by_script = form.from_html(request.form), "HX-Request" in request.headers
        if by_script and not form.changes_rows(request.form):
            return str(render_regions(form, values, seen=request.form.getlist("_seen"), **LOOK))
        body = render_form(form, values, focus=form.added_row(values, request.form), **LOOK)
        return str(body) if by_script else page(body)

    @app.post("/submit")
    def submit() -> str:
        values = form.from_html(request.form)
        result = form.check(values, today=TODAY)
        return page(render_form(form, values, result.errors, **LOOK)) if result.errors else "收到"

    return app


@pytest.fixture(scope="module")
def address(form: Form) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, serve(form), threaded=True)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def page(chromium: Browser, address: str, scripts: bool) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def update(page: Page, scripts: bool) -> None:
    if not scripts:
        page.get_by_role("button", name="更新").click()


def test_computed_values_follow_what_is_typed(page: Page, scripts: bool) -> None:
    page.fill("#f-finance-0-revenue", "2,000")
    page.locator("#f-finance-0-revenue").blur()
    update(page, scripts)
    expect(page.get_by_text("三年营业收入合计：4000 万元")).to_be_visible()
    expect(page.get_by_text("6.17 %")).to_be_visible()


def test_a_condition_hides_and_shows_again_what_was_typed(page: Page, scripts: bool) -> None:
    page.check("input[value=no]")
    update(page, scripts)
    page.locator("#f-org-previous").wait_for(state="detached")
    page.check("input[value=yes]")
    update(page, scripts)
    expect(page.locator("#f-org-previous")).to_have_value("曾于去年申报未获奖")


def test_rows_come_and_go_without_losing_anything(page: Page) -> None:
    page.fill("#f-org-name", "新名称")
    page.get_by_role("button", name="添加一行").click()
    page.locator("#f-finance-2-year").wait_for()
    assert page.evaluate("document.activeElement.id") == "f-finance-2-year"
    page.locator("button[value='finance.0']").click()
    page.locator("#f-finance-2-year").wait_for(state="detached")
    assert (page.input_value("#f-org-name"), page.input_value("#f-finance-0-year")) == ("新名称", "2024")


@pytest.mark.parametrize(("unit", "beside"), [("元", "= 200.05 万元"), ("万元", "= 20,005,000,000 元")])
def test_an_amount_stands_in_the_other_unit_too(chromium: Browser, unit: str, beside: str) -> None:
    field = {"type": "number", "id": "x", "key": "prize", "label": "奖金", "appearance": {"suffixAdorner": unit}}
    server = make_server("127.0.0.1", 0, serve(compile_form({"id": "f", "components": [field]})), threaded=True)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    page = chromium.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.fill("#f-prize", "2,000,500")
    expect(page.locator(".counted")).to_have_text(beside)
    page.fill("#f-prize", "")
    expect(page.locator(".counted")).to_have_text("")
    page.close()
    server.shutdown()
