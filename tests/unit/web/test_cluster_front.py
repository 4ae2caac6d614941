"""The nginx before a cluster: the demonstration, which takes nobody whom a proxy names, is served through it all the same."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from service.domain.errors import NotAllowed
from service.web.frame.requests.request_checks import demand_direct
from tests.support.cluster import NotServed, RunningCluster, nginx_conf
from tests.support.waiting import ended


def passed_on(conf: str) -> dict[str, str]:
    """Return the headers that it passes on with what a visitor of this machine would have in them."""
    values = {"$http_host": "127.0.0.1:8000", "$remote_addr": "127.0.0.1", "$scheme": "http", '""': ""}
    return {name: values[value] for name, value in re.findall(r"proxy_set_header (\S+) (\S+);", conf)}


@pytest.mark.parametrize("direct", [True, False])
def test_the_demonstration_is_reached_through_it(tmp_path: Path, direct: bool) -> None:
    headers = passed_on(nginx_conf(tmp_path, 8000, [8001, 8002], None, direct=direct))
    with Flask("pages").test_request_context("/readyz", headers=headers):
        if direct:
            demand_direct()
        else:
            with pytest.raises(NotAllowed):
                demand_direct()


@pytest.fixture
def refusing() -> Iterator[str]:
    """A server that refuses everybody, with a reason."""

    class Refuses(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(403)
            self.end_headers()
            self.wfile.write("演示模式只能在本机直接打开".encode())

        def log_message(self, *_: object) -> None:
            return

    server = http.server.HTTPServer(("127.0.0.1", 0), Refuses)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    ended(thread)
    server.server_close()


def test_an_answer_that_does_not_pass_is_told_at_once(refusing: str, tmp_path: Path) -> None:
    cluster = RunningCluster(refusing, [], tmp_path, {})
    with pytest.raises(NotServed, match=r"403.*演示模式只能在本机直接打开"):
        cluster.until_served(refusing)


def test_where_nothing_works_on_the_wait_ends_with_what_was_said_last(tmp_path: Path) -> None:
    (tmp_path / "web-0.log").write_text("数据库读不到\n")
    with pytest.raises(NotServed, match=r"(?s)no process works on.*web-0.log.*数据库读不到"):
        RunningCluster("", [], tmp_path, {}).until_served("http://127.0.0.1:9", 0.2)
