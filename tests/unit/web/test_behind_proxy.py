"""Several processes trust the same proxy as one does, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from service.settings import read_settings
from service.web.serving import behind_proxy

SIGN_STATE_WORDS = {
    "HTTP_X_FORWARDED_FOR": "198.51.100.9, 203.0.113.7",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "elsewhere.example",
    "HTTP_FORWARDED": "for=192.0.2.60",
}


def tell(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    left = sorted(name for name in environ if name.startswith(("HTTP_X_FORWARDED", "HTTP_FORWARDED")))
    host = environ.get("HTTP_HOST", "")
    return [f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']} {host} {' '.join(left)}".encode()]


@pytest.mark.parametrize(
    ("proxy", "seen"),
    [
        ("127.0.0.1", "203.0.113.7 https here.example HTTP_X_FORWARDED_FOR HTTP_X_FORWARDED_PROTO"),
        ("192.0.2.1", "127.0.0.1 http here.example "),
        ("", "127.0.0.1 http here.example "),
    ],
)
def test_only_the_proxy_that_is_named_says_who_asks(proxy: str, seen: str) -> None:
    application = behind_proxy(tell, read_settings({"LAUREL_TRUSTED_PROXY": proxy, "LAUREL_PLAIN_LINES": "pages"}))
    environ = {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "HTTP_HOST": "here.example", **SIGN_STATE_WORDS}
    assert b"".join(application(environ, lambda *_: None)).decode() == seen  # type: ignore[arg-type,return-value]


def test_the_demonstration_is_handed_what_it_refuses() -> None:
    assert behind_proxy(tell, read_settings({"LAUREL_DEMO": "1"})) is tell
