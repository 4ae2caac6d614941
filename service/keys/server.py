"""The key service over HTTPS: whoever asks shows a certificate of the same authority; holders reach their page alone."""

from __future__ import annotations

import errno
import json
import logging
import socket
import ssl
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.keys.errors import KeyServiceRefused
from service.keys.giving import TO_OPEN, TO_RESHARE
from service.keys.page import HEADERS, holders_page
from service.keys.service import KeyService
from service.keys.wire import CALLS, refusal_json

_LOG = logging.getLogger(__name__)
_LARGEST = 64 * 1024 * 1024
_SECONDS = 60.0
_FORM = 8192
_ODD = KeyServiceRefused(Text("密钥服务不认识这个请求。", "The key service does not understand this request."))
_FAILED = KeyServiceRefused(Text("密钥服务出错。", "The key service failed."))


class KeyServer(ThreadingHTTPServer):
    """Listens until told to stop; no line is written of what is asked, one where it fails."""

    daemon_threads = True

    def __init__(self, service: KeyService, address: tuple[str, int], certificate: Path, authority: Path) -> None:
        self.service = service
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.verify_mode = ssl.CERT_OPTIONAL  # holders have none, and get no call answered
        for load, file in ((context.load_verify_locations, authority), (context.load_cert_chain, certificate)):
            try:
                load(file)
            except ssl.SSLError as error:
                raise _not_a_certificate(file) from error
        try:
            super().__init__(address, _Handler)
        except OSError as error:
            raise _not_listening(address, error) from error
        # the handshake is each request's own: nobody who connects and says nothing keeps others waiting
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of who came without a certificate or went away."""


def _not_a_certificate(file: Path) -> KeyServiceRefused:
    return KeyServiceRefused(
        Text(
            f"{file} 用不了：证书读不出来，或者证书和密钥不成对。请核对 --certificate 和 --authority，或用 laurel keys"
            " certificates 重新制作。",
            f"{file} cannot be used: it holds no certificate, or its key is another's. Look at --certificate and --authority,"
            " or make them anew by laurel keys certificates.",
        )
    )


def _not_listening(address: tuple[str, int], error: OSError) -> KeyServiceRefused:
    host, port = address
    if error.errno == errno.EADDRINUSE:
        why = Text(
            "这个端口已被别的程序占用，请另选 --port。", "another program is at this port: choose another --port."
        )
    elif error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        why = Text("本机没有这个地址，请核对 --host。", "this machine has no such address: look at --host.")
    else:
        why = Text(f"{cause_words(error).zh}。", f"{error.strerror}.")
    return KeyServiceRefused(
        Text(f"不能在 {host}:{port} 提供服务：{why.zh}", f"Cannot listen at {host}:{port}: {why.en}")
    )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "laurel-keys", ""
    disable_nagle_algorithm = True
    server: KeyServer

    def setup(self) -> None:
        self.request.settimeout(_SECONDS)
        self.request.do_handshake()
        super().setup()

    def do_GET(self) -> None:
        """Show holders their page."""
        if self.path == "/":
            self._page(200, None)
        else:
            self._answer(404, refusal_json(_ODD))

    def do_POST(self) -> None:
        """Answer a call of `CALLS` to who shows a certificate; take a holder's share."""
        try:
            length = int(self.headers.get("Content-Length", "-1"))
        except ValueError:
            length = -1
        if self.path == "/give" and 0 <= length <= _FORM:
            self._take(self.rfile.read(length))
            return
        call = CALLS.get(self.path.removeprefix("/"))
        known = bool(self.connection.getpeercert())
        if call is None or not known or not 0 <= length <= _LARGEST:
            self.close_connection = True
            self._answer(404 if known else 403, refusal_json(_ODD))
            return
        try:
            told = json.loads(self.rfile.read(length))
            self._answer(200, call(self.server.service, told))
        except LaurelError as refusal:
            self._answer(409, refusal_json(refusal))
        except (KeyError, TypeError, ValueError, AttributeError):
            self._answer(400, refusal_json(_ODD))
        except Exception as error:  # the client learns no more; the next request is served
            trouble = error.strerror if isinstance(error, OSError) else None
            _LOG.error("%s failed: %s %s", self.path, type(error).__name__, trouble or "")  # nothing of what was asked
            self._answer(500, refusal_json(_FAILED))

    def _take(self, form: bytes) -> None:
        told = dict(parse_qsl(form.decode(errors="replace")))
        try:
            purpose = told["purpose"] if told["purpose"] == TO_RESHARE else TO_OPEN
            passphrase = told["passphrase"].encode()
            self._page(200, self.server.service.give(told["box"], told["holder"], passphrase, purpose))
        except KeyError:
            self._page(400, _ODD.message)
        except LaurelError as refusal:
            self._page(409, refusal.message)

    def _page(self, status: int, said: Text | None) -> None:
        content = holders_page(self.server.service.waiting(), said).encode()
        self._send(status, content, HEADERS)

    def _answer(self, status: int, told: Any) -> None:
        content = json.dumps(told, ensure_ascii=False).encode()
        self._send(status, content, {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"})

    def _send(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: a line per request would say when somebody voted."""
