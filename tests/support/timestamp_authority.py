"""A real timestamp authority for tests: ``openssl ts -reply`` behind a small HTTP server, which can also misbehave."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from service.settings import TimestampsPlace
from tests.support.waiting import ended

POLICY = "1.2.3.4.1"
_CONFIGURATION = """
[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
certs = ca.pem
signer_digest = sha256
default_policy = {policy}
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certified(
    name: str,
    issuer: str,
    days: tuple[int, int],
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    use: str,
) -> x509.Certificate:
    now, root = datetime.now(UTC), use == "root"
    builder = x509.CertificateBuilder().subject_name(_name(name)).issuer_name(_name(issuer))
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now + timedelta(days=days[0])).not_valid_after(now + timedelta(days=days[1]))
    builder = builder.add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
    if not root:
        purpose = ExtendedKeyUsageOID.TIME_STAMPING if use == "stamps" else ExtendedKeyUsageOID.SERVER_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return builder.sign(by, hashes.SHA256())


def write_authority(folder: Path, days: tuple[int, int] = (-1, 30), use: str = "stamps") -> Path:
    """Write keys, certificates and configuration of an authority; returns the file of its root certificate."""
    folder.mkdir(parents=True)
    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    signer = _certified("Laurel test TSA", "Laurel test root", days, own, root, use)
    (folder / "tsa.pem").write_bytes(signer.public_bytes(Encoding.PEM))
    (folder / "tsa.key").write_bytes(own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    itself = _certified("Laurel test root", "Laurel test root", (-10, 60), root, root, "root")
    (folder / "ca.pem").write_bytes(itself.public_bytes(Encoding.PEM))
    (folder / "serial").write_text("01\n", encoding="ascii")
    (folder / "tsa.cnf").write_text(_CONFIGURATION.format(policy=POLICY), encoding="ascii")
    return folder / "ca.pem"


def stamped(folder: Path, request: bytes) -> bytes:
    """Return the answer of the authority of ``folder`` to a request."""
    with tempfile.TemporaryDirectory() as made:
        asked, answered = Path(made, "request.tsq"), Path(made, "reply.tsr")
        asked.write_bytes(request)
        command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", str(asked), "-out", str(answered)]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=30)
        return answered.read_bytes()


@dataclass
class TimestampAuthorityServer:
    """An authority at ``place``; ``mood`` is how it answers: well, garbage, silence, broken (503), long, again (its first answer)."""

    folder: Path
    place: TimestampsPlace
    mood: str = "well"
    asked: int = 0
    first: bytes = b""
    over: Event = field(default_factory=Event)

    def answer(self, request: bytes) -> tuple[int, bytes]:
        """Return status and body."""
        self.asked += 1
        match self.mood:
            case "garbage":
                return 200, b"\x30\x03\x02\x01\x05 not a timestamp"
            case "silence":
                self.over.wait(60)
                return 200, b""
            case "broken":
                return 503, b""
            case "long":
                return 200, b"\x30" * 300_000
            case "again" if self.first:
                return 200, self.first
        reply = stamped(self.folder, request)
        self.first = self.first or reply
        return 200, reply


@contextmanager
def timestamp_authority(
    folder: Path, days: tuple[int, int] = (-1, 30), use: str = "stamps"
) -> Iterator[TimestampAuthorityServer]:
    """Start an authority until the end of the block."""
    certificate = write_authority(folder, days, use)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        place = TimestampsPlace(f"http://127.0.0.1:{server.server_port}/tsa", certificate, POLICY)
        authority = TimestampAuthorityServer(folder, place)
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield authority
        finally:
            authority.over.set()
            server.shutdown()
            ended(thread)
