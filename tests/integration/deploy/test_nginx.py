"""The proxy of `deploy/nginx.conf` is started as it stands there: TLS, redirection, limits, and what its log leaves out."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import httpx
import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from service.settings import read_settings
from service.web.serving import create_listening_server
from tests.support.browsers import make_app
from tests.support.desks import Bench
from tests.support.ports import free_port
from tests.support.proxy import DEPLOY, NAME, RunningProxy, running_nginx, running_proxy
from tests.support.waiting import until

MONTH = 30 * 24 * 3600


Program = Callable[[dict[str, str], Callable[..., object]], Iterable[bytes]]


def tell_who_asks(environ: dict[str, str], start: Callable[..., object]) -> Iterable[bytes]:
    seen = quote(environ["PATH_INFO"].encode("latin-1"))
    start("200 OK", [("Content-Type", "text/plain"), ("X-Path", seen)])
    return [f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']}".encode()]


@contextmanager
def served(answering: Program = tell_who_asks, **environment: str) -> Iterator[str]:
    server = create_listening_server(answering, read_settings({"LAUREL_PORT": "0", **environment}))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}/"
    server.trigger.pull_trigger(server.close)  # by its own thread, which may be waiting on what is closed
    thread.join(10)
    assert not thread.is_alive()


@contextmanager
def proxied(folder: Path, answering: Program = tell_who_asks) -> Iterator[RunningProxy]:
    with served(answering, LAUREL_TRUSTED_PROXY="127.0.0.1") as address:
        port = urlsplit(address).port
        assert port is not None
        with running_proxy(folder, port) as running:
            yield running


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProxy]:
    with proxied(tmp_path_factory.mktemp("nginx")) as running:
        yield running


def ask(proxy: RunningProxy, *words: str) -> str:
    """Return what ``openssl s_client`` says of a connection, its answer included."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{proxy.secure}", "-servername", NAME, *words]
    command += ["-CAfile", str(proxy.authority)]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=120, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def client(proxy: RunningProxy) -> httpx.Client:
    trusted = ssl.create_default_context(cafile=str(proxy.authority))
    trusted.check_hostname = False  # asked by its number; that the name stands in it is looked at by openssl
    return httpx.Client(
        base_url=f"https://127.0.0.1:{proxy.secure}", verify=trusted, headers={"Host": NAME}, trust_env=False
    )


def test_plain_requests_are_sent_to_https_and_the_program_learns_who_asks(proxy: RunningProxy) -> None:
    there = httpx.get(f"http://127.0.0.1:{proxy.plain}/tasks?q=1", headers={"Host": NAME}, trust_env=False)
    assert (there.status_code, there.headers["Location"]) == (301, f"https://{NAME}/tasks?q=1")
    with client(proxy) as browser:
        answer = browser.get("/portal", headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.text == "127.0.0.1 https"
    held = re.fullmatch(r"max-age=(\d+); includeSubDomains", answer.headers["Strict-Transport-Security"])
    assert held
    assert int(held[1]) > MONTH
    assert [found.headers["Server"] for found in (there, answer)] == ["nginx", "nginx"], "no version"


@pytest.mark.parametrize(
    ("offered", "taken"), [("-tls1", False), ("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)]
)
def test_old_versions_of_tls_are_refused(proxy: RunningProxy, offered: str, taken: bool) -> None:
    said = ask(proxy, offered, "-cipher", "DEFAULT:@SECLEVEL=0")
    assert ("Cipher is (NONE)" not in said) is taken, said
    assert ("alert protocol version" not in said) is taken, said
    assert ("subject=CN = award.example.gov.cn" in said) is taken, said
    assert "Verify return code: 0 (ok)" in said, said


@pytest.mark.parametrize(
    "weak", ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "AES256-GCM-SHA384"]
)
def test_ciphers_without_forward_secrecy_or_authentication_are_refused(proxy: RunningProxy, weak: str) -> None:
    assert "Cipher is (NONE)" in ask(proxy, "-tls1_2", "-cipher", f"{weak}:@SECLEVEL=0")
    assert "Cipher is ECDHE-ECDSA-AES256-GCM-SHA384" in ask(proxy, "-tls1_2")


def test_the_answer_of_the_ocsp_service_goes_along(proxy: RunningProxy) -> None:
    # nginx asks the service when somebody first comes, and tells who comes next
    until(lambda: "no response sent" not in ask(proxy, "-status"), what="an answer goes along")
    said = ask(proxy, "-status")
    assert "OCSP Response Status: successful" in said, said
    assert "Cert Status: good" in said, said


def test_a_flood_from_one_address_is_answered_by_429(tmp_path: Path) -> None:
    """By a proxy of its own: for a while it refuses whoever comes from here."""
    with proxied(tmp_path) as proxy, client(proxy) as browser, ThreadPoolExecutor(8) as many:
        told = Counter[int]()
        for _ in range(20):  # a busy machine sends hardly more in a second than are let through
            told.update(many.map(lambda _: browser.get("/portal").status_code, range(600)))
            if told[429]:
                break
        assert set(told) == {200, 429}
        assert told[200] >= 200
        until(lambda: browser.get("/portal").status_code == 200, what="the sender is let through again")


def test_the_addresses_of_one_line_are_one_sender(tmp_path: Path) -> None:
    grouped = re.search(r"^map \$binary_remote_addr.*?^}$", (DEPLOY / "nginx.conf").read_text("utf-8"), re.M | re.S)
    assert grouped
    with sender_told(tmp_path, grouped[0]) as sender_of:
        lines = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", "192.0.2.1", "192.0.2.2"]
        senders = [sender_of(address) for address in lines]
        mapped = {sender_of(address) for address in ("::ffff:192.0.2.1", "::ffff:192.0.2.2")}
    assert senders[0] == senders[1] == bytes.fromhex("20010db800010002")
    assert len(set(senders)) == 4
    assert len(mapped) == 2


@contextmanager
def sender_told(folder: Path, grouped: str) -> Iterator[Callable[[str], bytes]]:
    """Run an nginx that answers with the sender which ``grouped`` makes of an address; yield what asks it."""
    port = free_port()
    server = f"server {{ listen 127.0.0.1:{port}; location / {{ return 200 $laurel_sender; }} }}"
    asked = "set_real_ip_from 127.0.0.1; real_ip_header X-Asked-Of;"
    with running_nginx(folder, f"{grouped}\n{asked}\n{server}", port):
        yield (
            lambda address: (
                httpx.get(f"http://127.0.0.1:{port}/", headers={"X-Asked-Of": address}, trust_env=False).content
            )
        )


def test_its_logs_hold_no_searched_word_no_page_before_and_nothing_of_ballots(proxy: RunningProxy) -> None:
    with client(proxy) as browser:
        browser.get("/search?q=zhangsanfeng", headers={"Referer": f"https://{NAME}/people?q=lisi"})
        browser.get("/ballots/7")
        browser.post("/ballots/7")
        browser.get("/search?q=wangwu")
    until(lambda: logged(proxy).count('"GET /search HTTP/1.1" 200') > 1)  # a line for each, in their order
    written = logged(proxy)
    assert [word for word in ("zhangsanfeng", "lisi", "/ballots") if word in written] == []


def tell_a_choice(environ: dict[str, str], start: Callable[..., object]) -> Iterable[bytes]:
    """Answer with as many bytes for every choice, as the pages of ballots do: of one kind in a row, or in turns."""
    choice = "yes" * 400 if environ["QUERY_STRING"] == "one" else "yesno-" * 200
    start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(choice)))])
    return [choice.encode()]


def test_nothing_of_a_ballot_is_compressed_so_that_no_length_on_the_line_tells_a_choice(telling: RunningProxy) -> None:
    with client(telling) as browser:
        answers = [browser.get(f"/ballots/7?{choice}") for choice in ("one", "turns")]
        assert browser.get("/portal").headers["Content-Encoding"] == "gzip"
    assert [one.headers.get("Content-Encoding") for one in answers] == [None, None]
    assert {one.num_bytes_downloaded for one in answers} == {1200}


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProxy]:
    with proxied(tmp_path_factory.mktemp("telling"), tell_a_choice) as running:
        yield running


def logged(proxy: RunningProxy) -> str:
    return "".join(file.read_text("utf-8", "replace") for file in proxy.logs.glob("*.log"))


SPELLINGS = (
    "/ballots/{}", "//ballots/{}", "/./ballots/{}", "/x/../ballots/{}", "/%62allots/{}", "/ballots%2f{}", "/ballots//{}",
    "/tasks/%2e%2e/ballots/{}", "/ballots/1/../{}", "/ballots/{}/%2e", "/ballots;x=1/{}", "/BALLOTS/{}", "/ballots/{}%20",
    "/ballots/{}?next=/tasks", "/ballots/{}#x", "/ballots\\{}", "/%2fballots/{}", "/ballots/{}/",
)  # fmt: skip
"""How an address of a ballot may be written, or be made to look like another."""


def test_proxy_and_program_read_an_address_alike_and_no_spelling_of_a_ballot_is_logged(
    proxy: RunningProxy, bench: Bench
) -> None:
    places, reached = make_app(bench).url_map.bind(NAME), dict[str, str]()
    for number, spelling in enumerate(SPELLINGS, start=70_001):
        asked = spelling.format(number)
        status, seen = raw(proxy, asked)
        if status != 200:
            assert status in (400, 404), (asked, status)
            continue
        whole = unquote(re.split(r"[?#]", asked)[0])
        assert unquote(seen) == re.sub("^/+", "/", whole), asked  # the server takes several first strokes for one
        if leads_to_ballot(places, unquote(seen)):
            reached[str(number)] = asked
    assert len(reached) > 3
    raw(proxy, "/after-them-all")
    until(lambda: "/after-them-all" in logged(proxy), what="the line of the request after them")
    written = logged(proxy)
    assert [asked for number, asked in reached.items() if number in written] == []


def raw(proxy: RunningProxy, address: str) -> tuple[int, str]:
    """Ask for an address as it is written; returns the status, and the path that the program saw."""
    trusted = ssl.create_default_context(cafile=str(proxy.authority))
    trusted.check_hostname = False
    with socket.create_connection(("127.0.0.1", proxy.secure)) as line, trusted.wrap_socket(line) as secure:
        secure.sendall(f"GET {address} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while part := secure.recv(65_536):
            answer += part
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    seen = re.search(r"(?i)^x-path: (.*)$", head, re.MULTILINE)
    return int(head.split(" ")[1]), seen[1].strip() if seen else ""


def leads_to_ballot(places: MapAdapter, path: str) -> bool:
    """Return whether the program answers ``path`` with a page of a ballot, or sends the browser to one."""
    try:
        endpoint, _ = places.match(path, method="GET")
    except RequestRedirect as elsewhere:
        return leads_to_ballot(places, urlsplit(elsewhere.new_url).path)
    except HTTPException:
        return False
    return str(endpoint).startswith("ballots.")


def test_every_address_is_served_by_https_alone() -> None:
    text = re.sub(r"#.*", "", (DEPLOY / "nginx.conf").read_text("utf-8"))
    listening = re.findall(r"listen\s+([^;]+);", text)
    assert sorted(one for one in listening if "ssl" not in one) == ["80", "[::]:80"]
    plain = text.split("server {")[1]
    assert "return 301 https://" in plain
    assert "proxy" not in plain
    assert Path(DEPLOY / "nginx-proxy.conf").read_text("utf-8").count("proxy_pass http://laurel;") == 1


def test_the_server_of_pages_does_not_name_itself() -> None:
    with served() as address:
        assert "Server" not in httpx.get(address, trust_env=False).headers
