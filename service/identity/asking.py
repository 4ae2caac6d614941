"""Asking a provider over HTTPS: nothing is followed, nothing may be long or large, and certificates are the machine's."""

from __future__ import annotations

import ssl
from typing import Any

import requests

from service.domain.text import Text
from service.identity.port import ProviderUnreachable

SECONDS = 8.0
"""How long a provider may take to answer."""

MOST = 1024 * 1024
"""Bytes of an answer that are read."""

_SILENCES: tuple[tuple[type[Exception], str], ...] = (
    (requests.exceptions.SSLError, "加密连接没有建立，或者证书未通过核对"),
    (requests.Timeout, "规定时间内没有应答"),
    (requests.ConnectionError, "连接不上"),
)


def get_trusted_authorities() -> str | bool:
    """Return the file or folder of the authorities that this machine trusts (``SSL_CERT_FILE`` names another)."""
    paths = ssl.get_default_verify_paths()
    return paths.cafile or paths.capath or True


def configure_session(session: requests.Session) -> requests.Session:
    """Let ``session`` ask as this machine is set, and take no proxies or passwords from the environment."""
    session.trust_env = False
    session.verify = get_trusted_authorities()
    return session


def fetch_provider_answer(session: requests.Session, url: str, **more: Any) -> bytes:
    """Return what ``url`` answers; raises ProviderUnreachable for anything but 200."""
    try:
        with session.get(url, timeout=SECONDS, allow_redirects=False, stream=True, **more) as answer:
            if answer.status_code != 200:
                raise ProviderUnreachable(
                    _strip_secrets(url), Text(f"应答为 HTTP {answer.status_code}", f"HTTP {answer.status_code}")
                )
            body = answer.raw.read(MOST + 1, decode_content=True)
    except (requests.RequestException, OSError) as error:
        raise ProviderUnreachable(_strip_secrets(url), describe_silence(error)) from error
    if len(body) > MOST:
        raise ProviderUnreachable(_strip_secrets(url), Text(f"应答超过 {MOST} 字节", f"more than {MOST} bytes"))
    return bytes(body)


def describe_silence(error: Exception) -> Text:
    """Return why a provider gave no answer, without what the answer or the address held."""
    return Text(next((zh for kind, zh in _SILENCES if isinstance(error, kind)), "应答不完整"), type(error).__name__)


def _strip_secrets(url: str) -> str:
    """Return an address without what may be secret in it."""
    return url.partition("?")[0]
