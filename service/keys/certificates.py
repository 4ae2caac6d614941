"""Certificates for the key service and the program that asks it, from an authority whose key nobody keeps."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

AUTHORITY, SERVICE, PROGRAM = "authority.pem", "service.pem", "program.pem"
"""Names of the files: what both sides trust; the key service's own; the program's own."""


def make_certificates(folder: Path, hosts: Sequence[str], now: datetime, days: int) -> None:
    """Write `AUTHORITY`, `SERVICE` and `PROGRAM` into ``folder``, the latter two with their keys (mode 0600).

    ``hosts`` are the names or addresses at which the service is reached. The authority's key is thrown away: nobody can
    make a further certificate, and new ones are made together.

    Raises:
        FileExistsError: one of them is there already.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (AUTHORITY, SERVICE, PROGRAM):
        if (folder / name).exists():
            raise FileExistsError(folder / name)
    root, until = ec.generate_private_key(ec.SECP256R1()), now + timedelta(days=days)
    issuer = _name("laurel keys authority")
    authority = (
        _begun(issuer, issuer, root.public_key(), now, until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(root, hashes.SHA256())
    )
    (folder / AUTHORITY).write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    for name, usage, names in (
        (SERVICE, ExtendedKeyUsageOID.SERVER_AUTH, hosts),
        (PROGRAM, ExtendedKeyUsageOID.CLIENT_AUTH, ()),
    ):
        key = ec.generate_private_key(ec.SECP256R1())
        begun = _begun(_name(f"laurel {name.removesuffix('.pem')}"), issuer, key.public_key(), now, until)
        _write(folder / name, key, _for(begun, usage, names).sign(root, hashes.SHA256()))


def _for(begun: x509.CertificateBuilder, usage: ObjectIdentifier, hosts: Sequence[str]) -> x509.CertificateBuilder:
    begun = begun.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    begun = begun.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return (
        begun.add_extension(x509.SubjectAlternativeName([_host(h) for h in hosts]), critical=False) if hosts else begun
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(until)
    )


def _write(file: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as written:
        written.write(secret + certificate.public_bytes(serialization.Encoding.PEM))


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])
