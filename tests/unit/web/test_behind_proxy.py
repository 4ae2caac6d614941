"""Lines to other machines: what a proxy says of who asks, and which may be plain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from service.settings import BadSetting, read_settings
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


MAIL = {"LAUREL_SMTP_SENDER": "a@b.cn", "LAUREL_SMTP_HOST": "mail.example.cn"}
GATEWAY = {"LAUREL_WEBHOOK_SECRET": "sixteen letters!", "LAUREL_WEBHOOK_PRIVATE": "yes"}
BUCKET = {"LAUREL_FILES": "s3://award/files", "LAUREL_FILES_KEY": "k", "LAUREL_FILES_SECRET": "s"}
TLS = "sslmode=verify-full&sslrootcert=/etc/ca.pem"

PLAIN = [
    ("database", {"LAUREL_DATABASE": "postgresql+psycopg:///laurel", "PGHOST": "db.example.cn"}),
    ("database", {"LAUREL_DATABASE": "postgresql+psycopg://laurel@/laurel?host=", "PGHOST": "localhost,10.0.0.5"}),
    ("database", {"LAUREL_DATABASE": "postgresql+psycopg:///laurel", "PGHOSTADDR": "10.0.0.5"}),
    ("database", {"LAUREL_DATABASE": "postgresql+psycopg://localhost/laurel", "PGHOSTADDR": "10.0.0.5"}),
    ("database", {"LAUREL_DATABASE": "postgresql+psycopg:///laurel?service=laurel"}),
    ("database", {"LAUREL_DATABASE": "postgresql+psycopg:///laurel", "PGSERVICE": "laurel"}),
    ("database", {"LAUREL_DATABASE": "postgresql+psycopg:///laurel?service=laurel", "PGSSLMODE": "verify-full"}),
    ("database", {"LAUREL_DATABASE": "postgresql+psycopg://laurel@db.example.cn/laurel"}),
    ("database", {"LAUREL_DATABASE": "postgresql://laurel:p@10.0.0.5:5432/laurel?sslmode=prefer"}),
    ("database", {"LAUREL_DATABASE": "postgresql://laurel@/laurel?host=127.0.0.1,10.0.0.5"}),
    ("database", {"LAUREL_TRANSFER_TO": "postgresql://laurel@[2001:db8::1]:5432/laurel"}),
    ("mail", MAIL),
    ("gateway", {**GATEWAY, "LAUREL_WEBHOOK_URL": "http://10.0.0.9/in"}),
    ("files", {**BUCKET, "LAUREL_FILES_ENDPOINT": "http://s3.example.cn"}),
    ("scanner", {"LAUREL_SCANNER": "tcp:10.0.0.7:3310"}),
    ("pages", {"LAUREL_TRUSTED_PROXY": "10.0.0.2"}),
]
ENCRYPTED = [
    {"LAUREL_DATABASE": "postgresql+psycopg:///laurel", "PGHOST": "/run/postgresql"},
    {"LAUREL_DATABASE": "postgresql+psycopg:///laurel", "PGHOST": "db.example.cn", "PGSSLMODE": "verify-full"},
    {"LAUREL_DATABASE": f"postgresql+psycopg:///laurel?service=laurel&{TLS}"},
    {"LAUREL_DATABASE": "postgresql+psycopg://localhost/laurel", "PGHOST": "db.example.cn"},
    {"LAUREL_DATABASE": f"postgresql+psycopg://laurel@db.example.cn/laurel?{TLS}"},
    {"LAUREL_DATABASE": "postgresql://laurel@db.example.cn/laurel", "PGSSLMODE": "verify-ca"},
    {"LAUREL_DATABASE": "postgresql+psycopg://laurel@/laurel?host=/var/run/postgresql"},
    {"LAUREL_DATABASE": "postgresql://laurel@localhost:5433/laurel"},
    {"LAUREL_DATABASE": "postgresql://laurel@[::1]/laurel"},
    {**MAIL, "LAUREL_SMTP_STARTTLS": "yes"},
    {**MAIL, "LAUREL_SMTP_HOST": "127.0.0.1"},
    {**GATEWAY, "LAUREL_WEBHOOK_URL": "https://gateway.example.cn/in"},
    {**GATEWAY, "LAUREL_WEBHOOK_URL": "http://localhost:9000/in"},
    {**BUCKET, "LAUREL_FILES_ENDPOINT": "https://s3.example.cn"},
    {"LAUREL_SCANNER": "unix:/run/clamav/clamd.ctl"},
    {"LAUREL_SCANNER": "tcp:127.0.0.1:3310"},
    {"LAUREL_TRUSTED_PROXY": "127.0.0.1"},
]


@pytest.mark.parametrize(("line", "given"), PLAIN)
def test_a_plain_line_to_another_machine_is_refused_unless_it_is_named(line: str, given: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match=f"LAUREL_PLAIN_LINES={line}"):
        read_settings(given)
    assert read_settings({**given, "LAUREL_PLAIN_LINES": f"{line} , mail"})


@pytest.mark.parametrize("given", ENCRYPTED)
def test_an_encrypted_line_and_one_within_the_machine_are_taken(given: dict[str, str]) -> None:
    assert read_settings(given)
