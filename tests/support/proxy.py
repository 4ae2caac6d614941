"""The nginx of `deploy/nginx.conf`, as it stands there, with other ports and files and a certificate of its own making."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from tests.support.ports import free_port
from tests.support.waiting import until

DEPLOY = Path(__file__).parents[2] / "deploy"
NAME = "award.example.gov.cn"
_AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/start.log warn;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


@dataclass(frozen=True, slots=True)
class RunningProxy:
    """Where it listens, the certificate of who signed its own, and where its logs lie."""

    plain: int
    secure: int
    authority: Path
    logs: Path


class Authority:
    """Signs certificates and says by OCSP (RFC 6960) that none is revoked."""

    def __init__(self, folder: Path) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
        self.certificate = (
            self._begun(self.name, self.key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.file = folder / "authority.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        self.signed = self.certificate

    def _begun(self, name: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )

    def sign(self, folder: Path, asked: str) -> None:
        """Write certificate and key of `NAME`, which names ``asked`` as the address of its OCSP service."""
        key = ec.generate_private_key(ec.SECP256R1())
        where = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(asked))
        self.signed = (
            self._begun(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), key.public_key())
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
            .add_extension(x509.AuthorityInformationAccess([where]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        (folder / "fullchain.pem").write_bytes(self.signed.public_bytes(pem) + self.certificate.public_bytes(pem))
        secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "privkey.pem").write_bytes(secret)

    def answer(self) -> bytes:
        """Return that the certificate which was signed is good."""
        now = datetime.now(UTC)
        return (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=self.signed,
                issuer=self.certificate,
                algorithm=hashes.SHA1(),
                cert_status=ocsp.OCSPCertStatus.GOOD,
                this_update=now - timedelta(hours=1),
                next_update=now + timedelta(hours=1),
                revocation_time=None,
                revocation_reason=None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, self.certificate)
            .sign(self.key, hashes.SHA256())
            .public_bytes(serialization.Encoding.DER)
        )


@contextmanager
def _asked(authority: Authority) -> Iterator[str]:
    class Responder(BaseHTTPRequestHandler):
        """Answers every question of OCSP alike; nginx asks by GET (RFC 6960, A.1)."""

        def do_GET(self) -> None:
            content = authority.answer()
            self.send_response(200)
            self.send_header("Content-Type", "application/ocsp-response")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Write nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Responder) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def site(folder: Path, program: int, plain: int, secure: int) -> str:
    """Return `deploy/nginx.conf` with the ports and files of a test; everything else as it stands."""
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    text = re.sub(r"^.*\[::\].*$\n", "", text, flags=re.MULTILINE)
    for there, here in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{secure} "),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{program};"),
        ("/etc/ssl/laurel/", f"{folder}/"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/etc/nginx/laurel-proxy.conf", str(DEPLOY / "nginx-proxy.conf")),
    ):
        assert there in text, there
        text = text.replace(there, here)
    return text


@contextmanager
def running_proxy(folder: Path, program: int) -> Iterator[RunningProxy]:
    """Run it before the server that listens on the port ``program`` of this machine."""
    authority, plain, secure = Authority(folder), free_port(), free_port()
    with _asked(authority) as address:
        authority.sign(folder, address)
        with running_nginx(folder, site(folder, program, plain, secure), secure):
            yield RunningProxy(plain, secure, authority.file, folder)


@contextmanager
def running_nginx(folder: Path, site: str, port: int) -> Iterator[None]:
    """Run nginx with the configuration ``site`` until it listens on ``port``; its files lie in ``folder``."""
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "whole.conf").write_text(_AROUND.format(user=user, folder=folder, site=site), "utf-8")
    command = [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(folder / "whole.conf"), "-e", str(folder / "e")]
    process = subprocess.Popen(command)
    try:
        until(lambda: _listens(process, port), what="nginx listens")
        yield
    finally:
        process.terminate()
        process.wait(20)


def _listens(process: subprocess.Popen[bytes], port: int) -> bool:
    assert process.poll() is None, "nginx ended: the file is wrong"
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
