"""An installation with everything switched on, as one would run it: what it stands on, its settings, its commands."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service.catalog import Package
from service.keys.certificates import AUTHORITY, PROGRAM, SERVICE, make_certificates
from service.keys.holders import make_holder
from service.keys.service import KeyService
from tests.support import smtp
from tests.support.clamd import clamd_server
from tests.support.identity_provider import CLIENT, SECRET, Provider, provider_running
from tests.support.s3 import free_port
from tests.support.tls import make_certificate

ROOT = Path(__file__).parents[3]
LAUREL = "tests.browser.sealed.program"
ADMINISTRATORS = ("system_administrator", "security_administrator", "audit_administrator")
HOLDERS = ("保管人甲", "保管人乙", "保管人丙")
SM4_CITY, SM3_CITY = "ganzhou", "kizilsu"
"""Cities whose columns are encrypted by SM4, and whose records are hashed by SM3; AES and SHA-256 elsewhere."""

_YEARS = timedelta(days=730)


@dataclass(frozen=True)
class Sealed:
    """What stands around the program: its settings, the key service's folder, mail, provider, certificates."""

    folder: Path
    package: Package
    environment: dict[str, str]
    mail: smtp.MailServer
    certificate: Path
    keys_folder: Path
    passphrases: dict[str, str] = field(default_factory=dict)

    def said(self, *words: str, given: str = "", settings: Mapping[str, str] | None = None) -> str:
        """Run a command of the installation; returns what it printed, raises AssertionError where it fails."""
        return ran([sys.executable, "-m", LAUREL, *words], {**self.environment, **(settings or {})}, given)

    @property
    def keys(self) -> KeyService:
        """What lies in the key service's folder, as supervision's commands there see it."""
        return KeyService(self.keys_folder)

    @property
    def trusted(self) -> list[str]:
        """Fingerprints of the certificates, by which a browser trusts them."""
        return [_fingerprint(one) for one in (self.certificate, self.keys_folder.parent / "certificates" / SERVICE)]


def ran(command: list[str], environment: Mapping[str, str], given: str = "") -> str:
    """Run a command to its end; returns what it printed, raises AssertionError with all it said where it fails."""
    settings = {**os.environ, **environment}
    done = subprocess.run(command, cwd=ROOT, env=settings, input=given, text=True, capture_output=True, check=False)
    told = f"{' '.join(command[2:])} left with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    assert done.returncode == 0, told
    return done.stdout


@contextmanager
def sealed_surroundings(url: str, folder: Path, package: Package) -> Iterator[Sealed]:
    """Start what the program leans on, over the empty database at ``url``; the program itself is not started."""
    for name in ("data", "keys", "anchors", "backups", "key-service"):
        (folder / name).mkdir(mode=0o700)
    certificate = make_certificate(folder, "localhost", datetime.now(UTC) + _YEARS)
    make_certificates(folder / "certificates", ("127.0.0.1",), datetime.now(UTC), _YEARS.days)
    _backup_key(folder)
    post = smtp.MailServer()
    with ExitStack() as stack:
        scanner = stack.enter_context(clamd_server())
        controller = smtp.start(post)
        stack.callback(controller.stop)
        environment = {
            **_places(url, folder),
            **_signing_in(package),
            **_cryptography(package.jurisdiction.id, folder),
            "LAUREL_SCANNER": f"unix:{scanner}",
            "LAUREL_PERSON_MEGABYTES": "1",
            "LAUREL_SMTP_HOST": post.host,
            "LAUREL_SMTP_PORT": str(post.port),
            "LAUREL_SMTP_SENDER": "award@example.cn",
        }
        yield Sealed(folder, package, environment, post, certificate, folder / "key-service")


def _places(url: str, folder: Path) -> dict[str, str]:
    return {
        "LAUREL_DATABASE": url,
        "LAUREL_DATA": str(folder / "data"),
        "LAUREL_BALLOT_KEYS": str(folder / "keys"),
        "LAUREL_ANCHORS": str(folder / "anchors"),
        "LAUREL_BACKUPS": str(folder / "backups"),
        "LAUREL_CERTIFICATE": str(folder / "localhost.pem"),
        "LAUREL_HTTPS": "yes",
        "LAUREL_TRUSTED_PROXY": "127.0.0.1",
        "LAUREL_LOG": "json",
    }


def _signing_in(package: Package) -> dict[str, str]:
    """Demand a second factor of everybody who works here: only who applies is free to choose."""
    staff = sorted(role.id for role in package.jurisdiction.roles.values() if not role.subject)
    return {"LAUREL_SEPARATION": "three", "LAUREL_SECOND_FACTOR": ",".join([*ADMINISTRATORS, *staff])}


def _cryptography(city: str, folder: Path) -> dict[str, str]:
    port = free_port()
    return {
        "LAUREL_CIPHER": "sm4" if city == SM4_CITY else "aes",
        "LAUREL_DIGEST": "sm3" if city == SM3_CITY else "sha256",
        "LAUREL_DATA_KEYS": str(folder / "data-keys" / "keys"),
        "LAUREL_BACKUP_RECIPIENTS": str(folder / "recipients"),
        "LAUREL_KEYS_URL": f"https://127.0.0.1:{port}",
        "LAUREL_KEYS_CERTIFICATE": str(folder / "certificates" / PROGRAM),
        "LAUREL_KEYS_AUTHORITY": str(folder / "certificates" / AUTHORITY),
        "LAUREL_KEYS_FOLDER": str(folder / "key-service"),
        "LAUREL_KEYS_PORT": str(port),
        "LAUREL_SEALED_CERTIFICATES": str(folder / "certificates"),
    }


def _backup_key(folder: Path) -> None:
    key = pyrage.x25519.Identity.generate()
    (folder / "identity").write_text(f"{key}\n")
    (folder / "recipients").write_text(f"{key.to_public()}\n")


def _fingerprint(pem: Path) -> str:
    certificate = x509.load_pem_x509_certificate(pem.read_bytes())
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(public).digest()).decode()


def name_holders(sealed: Sealed) -> None:
    """Let three people hold the shares of this city's urns, of whom two open one, each by a passphrase of theirs."""
    for name in HOLDERS:
        phrase = sealed.passphrases[name] = f"湖水 椅子 {name} 又晴"
        holder = make_holder(name, phrase.encode())
        sealed.keys.change_circle(
            sealed.package.jurisdiction.id, lambda circle, named=holder: circle.with_holder(named), name
        )


@contextmanager
def key_service(sealed: Sealed) -> Iterator[None]:
    """Let the key service run as a process of its own."""
    with (sealed.folder / "key-service.log").open("ab") as log:
        command = [sys.executable, "-m", LAUREL, "keys", "serve"]
        running = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **sealed.environment}, stdout=log, stderr=log)
    try:
        yield
    finally:
        running.terminate()
        running.wait()


@contextmanager
def single_sign_on(sealed: Sealed, address: str, clock: object) -> Iterator[Provider]:
    """Run a provider that knows the program at ``address``, and tell the settings."""
    with provider_running(f"{address}/sign-in/outside/answer", clock) as provider:  # type: ignore[arg-type]
        provider.people[""] = {"sub": "gov-1", "name": "统一身份", "amr": ["otp"]}
        sealed.environment.update(
            LAUREL_OIDC_ISSUER=provider.issuer,
            LAUREL_OIDC_CLIENT=CLIENT,
            LAUREL_OIDC_SECRET=SECRET,
            LAUREL_OIDC_SECOND_FACTOR="otp",
        )
        yield provider
