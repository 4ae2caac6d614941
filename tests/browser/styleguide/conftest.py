"""A small site that serves the style guide as the product would: same templates, same bundles, same policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify, render_template, request
from jinja2 import FileSystemLoader
from werkzeug.local import LocalProxy
from werkzeug.serving import make_server

from service.web.frame.page.languages import describe_language
from service.web.frame.requests.parse_values import find_refusal, typed_again
from service.web.frontend import webbuild
from service.web.presentation import FILTERS

HERE = Path(__file__).resolve().parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PLACES = (
    ("待办", "tasks", 7),
    ("办件", "cases", 0),
    ("公示", "notice", 1),
    ("名录", "register", 0),
    ("设计", "studio", 0),
    ("监控", "monitor", 0),
)
STATE = {
    "accept": {"state": "done", "count": 12},
    "examine": {"state": "active", "count": 3, "heat": 3},
    "render": {"state": "incident", "count": 1},
    "fix": {"count": 2, "text": "等申报组织"},
    "gone": {"state": "active", "count": 1},
}


def language() -> str:
    return request.args.get("lang", "zh")


def shown(page: str) -> dict[str, object]:
    """Return what the application puts into every page."""
    other = "zh" if language() == "en" else "en"
    place = {"tasks": "待办", "task": "待办", "notice": "公示", "monitor": "监控"}.get(page)
    trail = [
        {"label": "待办", "href": "/styleguide/tasks"},
        {"label": "XJ-2026-0031", "href": "/c"},
        {"label": "形式审查", "href": None},
    ]
    return {
        "tongue": describe_language(language()),
        "other_languages": [(describe_language(other), f"?lang={other}")],
        "city": "新疆维吾尔自治区",
        "brand": "政府质量奖评审平台",
        "now": datetime(2026, 3, 2, 10, 0, tzinfo=UTC),
        "viewer": {"name": "李娜", "role_name": "形式审查员", "body_name": "乌鲁木齐市市场监督管理局"},
        "switch_url": "/switch",
        "sign_out_url": "/out",
        "menu": {
            "entries": [
                {"label": label, "href": f"/styleguide/{to}", "active": label == place, "count": count}
                for label, to, count in PLACES
            ]
        },
        "breadcrumb": trail if page in ("task", "application", "confirm") else [],
        "demo": None,
        "rows": int(request.args.get("rows", 15)),
        "errors": "errors" in request.args,
        "broken": "broken" in request.args,
        "closed": "closed" in request.args,
    }


def site() -> Flask:
    """Build the site."""
    app = Flask("styleguide", root_path=str(HERE), static_folder=str(webbuild.DIST))
    app.jinja_options = {"loader": FileSystemLoader([HERE / "templates", webbuild.WEB.parent / "templates"])}
    app.secret_key = "styleguide"
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=lambda name: f"{app.static_url_path}/{name}",
        csrf_token=lambda: "token-of-this-session",
        day=date.fromisoformat,
        instant=datetime.fromisoformat,
        page_url=lambda number: f"?page={number}",
        say=str,
        named=str,
        find_refusal=find_refusal,
        typed_again=typed_again,
        admits=lambda _action: True,
        t=lambda zh, en: en if language() == "en" else zh,
        lang=LocalProxy(language),
        this_year=2026,
    )
    app.add_url_rule("/styleguide", view_func=lambda: render_template("styleguide.html", **shown("")), endpoint="guide")
    app.add_url_rule(
        "/styleguide/<page>",
        view_func=lambda page: render_template(f"styleguide/{page}.html", **shown(page)),
        endpoint="page",
    )
    app.add_url_rule(
        "/stages.bpmn",
        view_func=lambda: Response((HERE / "stages.bpmn").read_bytes(), mimetype="application/xml"),
        endpoint="bpmn",
    )
    app.add_url_rule("/state.json", view_func=lambda: jsonify(elements=STATE), endpoint="state")
    app.add_url_rule("/new-tasks", view_func=lambda: jsonify(count=2), endpoint="new")
    app.after_request(guard)
    add_doings(app)
    return app


def add_doings(app: Flask) -> None:
    """Add the routes that forms of the style guide send to."""
    app.extensions["received"] = received = []

    def record(name: str, answer: object, status: int = 200):
        def view():
            received.append((name, request.form.to_dict(flat=False), request.headers.get("X-CSRF-Token")))
            return (jsonify(answer) if isinstance(answer, dict) else answer), status

        return view

    def save_upload():
        file = request.files["file"]
        return jsonify(
            id=f"id-{file.filename}", name=file.filename, size=len(file.read()), url="/f", remove_url="/remove/1"
        )

    field = '<p class="field-error">请填写结束日期</p><input class="date" name="end" aria-label="结束日期" value="2026-6-8">'
    app.add_url_rule("/fields", view_func=record("fields", field, 422), endpoint="fields", methods=["POST"])
    part = '<div class="region" id="followed" hx-swap-oob="true"><label for="note">书面说明</label><input id="note" name="note"></div>'
    app.add_url_rule("/parts", view_func=record("parts", part), endpoint="parts", methods=["POST"])
    refused = {"message": "文件里发现宏，请另存为不带宏的文档后再传"}
    app.add_url_rule("/draft", view_func=record("draft", {"saved_at": "10:33"}), endpoint="draft", methods=["POST"])
    app.add_url_rule(
        "/draft-broken", view_func=record("draft-broken", {}, 503), endpoint="draft-broken", methods=["POST"]
    )
    app.add_url_rule("/upload", view_func=save_upload, endpoint="upload", methods=["POST"])
    app.add_url_rule("/upload-refused", view_func=record("upload", refused, 422), endpoint="refused", methods=["POST"])
    app.add_url_rule(
        "/complete",
        view_func=record("complete", "<title>ok</title><main>ok</main>"),
        endpoint="complete",
        methods=["POST"],
    )
    app.add_url_rule(
        "/bulk", view_func=record("bulk", "<title>ok</title><main>ok</main>"), endpoint="bulk", methods=["POST"]
    )
    app.add_url_rule("/remove/<file>", view_func=lambda file: jsonify(), endpoint="remove", methods=["POST"])


def guard(response: Response) -> Response:
    """Send the product's policy with every answer."""
    response.headers["Content-Security-Policy"] = POLICY
    return response


@pytest.fixture(scope="session")
def guide() -> Iterator[tuple[str, list[tuple[str, dict[str, list[str]], str | None]]]]:
    """Serve the style guide; give its address and the list of what forms have sent."""
    webbuild.build_bundles()
    app = site()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", app.extensions["received"]
    server.shutdown()
