"""Asking a provider over HTTPS: nothing is followed, nothing may be long or large, and certificates are the machine's."""

from __future__ import annotations

import ssl
from typing import Any

import requests

from service.identity.port import ProviderUnreachable

SECONDS = 8.0
"""How long a provider may take to answer."""

MOST = 1024 * 1024
"""Bytes of an answer that are read."""


def authorities() -> str | bool:
    """Return the file or folder of the authorities that this machine trusts (``SSL_CERT_FILE`` names another)."""
    paths = ssl.get_default_verify_paths()
    return paths.cafile or paths.capath or True


def plain(session: requests.Session) -> requests.Session:
    """Let ``session`` ask as this machine is set, and take no proxies or passwords from the environment."""
    session.trust_env = False
    session.verify = authorities()
    return session


def fetched(session: requests.Session, url: str, **more: Any) -> bytes:
    """Return what ``url`` answers; raises ProviderUnreachable for anything but 200."""
    try:
        with session.get(url, timeout=SECONDS, allow_redirects=False, stream=True, **more) as answer:
            if answer.status_code != 200:
                raise ProviderUnreachable(f"{_place(url)}: HTTP {answer.status_code}")
            body = answer.raw.read(MOST + 1, decode_content=True)
    except (requests.RequestException, OSError) as error:
        raise ProviderUnreachable(f"{_place(url)}: {type(error).__name__}") from error
    if len(body) > MOST:
        raise ProviderUnreachable(f"{_place(url)}: more than {MOST} bytes")
    return bytes(body)


def _place(url: str) -> str:
    """Return an address without what may be secret in it."""
    return url.partition("?")[0]
