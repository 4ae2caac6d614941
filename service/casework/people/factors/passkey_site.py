"""The site that passkeys belong to: a key made for one address serves at no other."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

_LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class PasskeySite:
    """``id`` is the host name (relying party id of WebAuthn), ``origin`` scheme, host and port as browsers say them."""

    id: str
    origin: str


def passkey_site(public_url: str) -> PasskeySite | None:
    """Return the site of an installation; None where browsers make no passkeys: no https, or a number for a name.

    The page of this machine (``http://localhost``) is the one address that does without https.
    """
    parts = urlsplit(public_url)
    host = (parts.hostname or "").lower()
    secure = parts.scheme == "https" or (parts.scheme == "http" and host == _LOCAL)
    if not host or not secure or _is_number(host):
        return None
    usual = parts.port in (None, 443 if parts.scheme == "https" else 80)
    return PasskeySite(host, f"{parts.scheme}://{host}" + ("" if usual else f":{parts.port}"))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
