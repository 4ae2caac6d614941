"""Services outside of the program that an installation may use: mail, a gateway of messages, a bucket for files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.domain.text import Text
from service.settings.reading import SECRET_LENGTH, BadSetting, flag, is_web_address, number, one_of

_MAILBOX = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


@dataclass(frozen=True, slots=True)
class Smtp:
    """Where mail leaves; ``user`` empty: without signing in."""

    host: str
    port: int
    sender: str
    user: str
    password: str = field(repr=False)
    starttls: bool


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Gateway that takes messages; ``private`` permits plain HTTP and addresses of one's own network."""

    url: str
    secret: str = field(repr=False)
    private: bool


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket of a service that speaks S3, and the ``prefix`` in it under which the files of this installation lie."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScannerPlace:
    """A clamd: the socket ``path``, or ``host`` and ``port``; ``needed``: no file is taken without its verdict."""

    path: Path | None
    host: str
    port: int
    needed: bool


def scanner_in(environment: Mapping[str, str]) -> ScannerPlace | None:
    """Return where the virus scanner listens, None where none is set; raises BadSetting."""
    raw = environment.get("LAUREL_SCANNER", "").strip()
    needed = one_of(environment, "LAUREL_SCANNER_AWAY", ("", "refuse", "take")) != "take"
    if not raw:
        return None
    if raw.startswith("unix:/"):
        return ScannerPlace(Path(raw.removeprefix("unix:")), "", 0, needed)
    host, _, port = raw.removeprefix("tcp:").rpartition(":")
    if raw.startswith("tcp:") and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536:
        return ScannerPlace(None, host, int(port), needed)
    raise BadSetting(
        Text(
            f"LAUREL_SCANNER 应为 unix:/run/clamav/clamd.ctl 或 tcp:主机:3310，现为“{raw}”。",
            f"LAUREL_SCANNER must be unix:/run/clamav/clamd.ctl or tcp:HOST:3310, it is {raw!r}.",
        )
    )


@dataclass(frozen=True, slots=True)
class AnchorsMail:
    """Addresses outside that are sent the signed heads of the records."""

    addresses: tuple[str, ...]


def anchors_mail_in(environment: Mapping[str, str]) -> AnchorsMail | None:
    """Return who is sent the anchors, None where nobody is; raises BadSetting."""
    named = [word.strip() for word in environment.get("LAUREL_ANCHORS_MAIL", "").split(",") if word.strip()]
    if not named:
        return None
    if not all(_MAILBOX.fullmatch(word) for word in named) or not environment.get("LAUREL_SMTP_HOST", "").strip():
        raise BadSetting(
            Text(
                f"LAUREL_ANCHORS_MAIL 应为邮箱地址，以逗号分隔，并须设置 LAUREL_SMTP_HOST；现为“{','.join(named)}”。",
                "LAUREL_ANCHORS_MAIL must name mail addresses parted by commas, and LAUREL_SMTP_HOST must be set;"
                f" it is {','.join(named)!r}.",
            )
        )
    return AnchorsMail(tuple(dict.fromkeys(named)))


def files_in(environment: Mapping[str, str], data: Path) -> Path | S3Place:
    """Return where files lie: a folder or a bucket; raises BadSetting."""
    raw = environment.get("LAUREL_FILES", "").strip()
    if not raw.startswith("s3://"):
        return Path(raw) if raw else data / "files"
    bucket, _, prefix = raw.removeprefix("s3://").partition("/")
    endpoint = environment.get("LAUREL_FILES_ENDPOINT", "").strip().rstrip("/")
    key, secret = (environment.get(f"LAUREL_FILES_{name}", "").strip() for name in ("KEY", "SECRET"))
    if not (bucket and key and secret and is_web_address(endpoint, ("https", "http"))):
        raise BadSetting(
            Text(
                "LAUREL_FILES 为 s3://桶名/前缀 时，还须设置 LAUREL_FILES_ENDPOINT（https:// 开头的服务地址）、"
                "LAUREL_FILES_KEY 和 LAUREL_FILES_SECRET；服务要求的，另设 LAUREL_FILES_REGION。",
                "With LAUREL_FILES=s3://bucket/prefix, LAUREL_FILES_ENDPOINT (the service's address, https://…),"
                " LAUREL_FILES_KEY and LAUREL_FILES_SECRET must be set too, and LAUREL_FILES_REGION where the service asks.",
            )
        )
    region = environment.get("LAUREL_FILES_REGION", "").strip() or "us-east-1"
    return S3Place(bucket, prefix.strip("/"), endpoint, region, key, secret)


def smtp_in(environment: Mapping[str, str]) -> Smtp | None:
    """Return where mail leaves, None where it does not; raises BadSetting."""
    host, port = environment.get("LAUREL_SMTP_HOST", ""), number(environment, "LAUREL_SMTP_PORT", 25, 1, 65535)
    starttls = flag(environment, "LAUREL_SMTP_STARTTLS")
    if not host:
        return None
    sender = environment.get("LAUREL_SMTP_SENDER", "")
    if "@" not in sender:
        raise BadSetting(
            Text(
                "设置了 LAUREL_SMTP_HOST，还须在 LAUREL_SMTP_SENDER 中填写发件人邮箱地址。",
                "LAUREL_SMTP_HOST is set; LAUREL_SMTP_SENDER must hold the sender's address too.",
            )
        )
    return Smtp(
        host,
        port,
        sender,
        environment.get("LAUREL_SMTP_USER", ""),
        environment.get("LAUREL_SMTP_PASSWORD", ""),
        starttls,
    )


def webhook_in(environment: Mapping[str, str]) -> WebhookTarget | None:
    """Return the gateway of messages, None where there is none; raises BadSetting."""
    url, secret = environment.get("LAUREL_WEBHOOK_URL", "").strip(), environment.get("LAUREL_WEBHOOK_SECRET", "")
    if not url:
        return None
    private = flag(environment, "LAUREL_WEBHOOK_PRIVATE")
    if not is_web_address(url, ("https", "http") if private else ("https",)):
        raise BadSetting(
            Text(
                "LAUREL_WEBHOOK_URL 应为 https:// 开头的网址，不带用户名，空格和汉字写成 %20 一类；"
                "网关在本单位内网的，另设 LAUREL_WEBHOOK_PRIVATE=yes，可用 http://。",
                "LAUREL_WEBHOOK_URL must begin with https://, without a user, spaces and other letters written as %20;"
                " with LAUREL_WEBHOOK_PRIVATE=yes, for a gateway in your own network, http:// is possible too.",
            )
        )
    if len(secret) < SECRET_LENGTH:
        raise BadSetting(
            Text(
                f"设置了 LAUREL_WEBHOOK_URL，还须在 LAUREL_WEBHOOK_SECRET 中填写不少于 {SECRET_LENGTH} 个字符的签名密钥。",
                f"LAUREL_WEBHOOK_URL is set; LAUREL_WEBHOOK_SECRET must hold a signing key of {SECRET_LENGTH} characters or more.",
            )
        )
    return WebhookTarget(url, secret, private)
