"""Settings of one installation, read once from the environment."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from service.domain.errors import LaurelError
from service.domain.text import Text

_YES = frozenset({"1", "true", "yes", "on"})
_SECRET_LENGTH = 16
_NO = frozenset({"", "0", "false", "no", "off"})
_DATABASES = ("sqlite://", "postgresql://", "postgresql+psycopg://")


class BadSetting(LaurelError):
    """A setting cannot be used; the sentence names the variable and what it may hold."""

    code = "bad_setting"


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
class Settings:
    """What an installation chooses.

    ``database`` is a database URL; ``data`` is the folder of uploaded and produced files; ``host``
    and ``port`` are where the server listens, ``threads`` how many requests it serves at once.
    ``https`` marks cookies as secure; ``demo`` loads a fictional season and lets every visitor play every person,
    which is refused unless ``host`` is a loopback address. ``smtp`` is None where messages stay in the inbox.
    ``ballot_keys`` is the folder of the keys of running ballots; it must never be backed up.
    ``fonts`` is a folder with the office's own typefaces for documents; None: those of the machine.
    ``languages`` is a folder of gettext catalogues, one ``LANGUAGE.mo`` for each further language; None: there is none.
    ``metrics_token`` is what a monitoring system shows to read ``/metrics``; empty: nobody reads them.
    ``transfer_to`` is the database that ``laurel transfer`` fills; empty: there is none.
    ``trusted_proxy`` is the address of the reverse proxy in front, which says who really asks; empty: there is none.
    """

    database: str
    data: Path
    host: str
    port: int
    threads: int
    https: bool
    demo: bool
    public_url: str
    session_hours: int
    upload_bytes: int
    smtp: Smtp | None
    ballot_keys: Path = Path("var-ballot-keys")
    trusted_proxy: str = ""
    fonts: Path | None = None
    languages: Path | None = None
    webhook: WebhookTarget | None = None
    metrics_token: str = ""
    transfer_to: str = field(default="", repr=False)

    @property
    def loopback(self) -> bool:
        """Return whether only this machine can reach the server."""
        return is_loopback(self.host)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that ``environment`` gives, with defaults for a single machine.

    Raises:
        BadSetting: if a value cannot be used.
    """
    data = Path(environment.get("LAUREL_DATA", "var"))
    host = environment.get("LAUREL_HOST", "127.0.0.1")
    port = _number(environment, "LAUREL_PORT", 8000, 0, 65535)
    demo = _flag(environment, "LAUREL_DEMO")
    if demo:
        demand_loopback(host)
        _demand_nobody_in_front(environment)
    return Settings(
        database=_database(environment.get("LAUREL_DATABASE") or f"sqlite:///{data / 'laurel.db'}", "LAUREL_DATABASE"),
        data=data,
        host=host,
        port=port,
        threads=_number(environment, "LAUREL_THREADS", 8, 1, 64),
        https=_flag(environment, "LAUREL_HTTPS"),
        demo=demo,
        public_url=environment.get("LAUREL_PUBLIC_URL", f"http://{host}:{port}").rstrip("/"),
        session_hours=_number(environment, "LAUREL_SESSION_HOURS", 12, 1, 24 * 14),
        upload_bytes=_number(environment, "LAUREL_UPLOAD_MEGABYTES", 50, 1, 2048) * 1024 * 1024,
        smtp=_smtp(environment),
        ballot_keys=Path(environment.get("LAUREL_BALLOT_KEYS") or f"{data}-ballot-keys"),
        trusted_proxy=_address(environment, "LAUREL_TRUSTED_PROXY"),
        fonts=_folder(environment, "LAUREL_FONTS"),
        languages=_folder(environment, "LAUREL_LANGUAGES"),
        webhook=_webhook(environment),
        metrics_token=_secret(environment, "LAUREL_METRICS_TOKEN"),
        transfer_to=_database(environment.get("LAUREL_TRANSFER_TO", ""), "LAUREL_TRANSFER_TO"),
    )


def demand_loopback(host: str) -> None:
    """Refuse demonstration mode where others could reach it; raises BadSetting."""
    if not is_loopback(host):
        raise BadSetting(
            Text(
                f"演示模式允许任何人扮演任何角色，只能在本机使用：LAUREL_HOST 现为“{host}”，"
                "请改为 127.0.0.1，或者关闭 LAUREL_DEMO。",
                f"Demonstration mode lets anybody play anybody, so it runs on this machine only: LAUREL_HOST is "
                f"{host!r}; set it to 127.0.0.1, or switch LAUREL_DEMO off.",
            )
        )


def _demand_nobody_in_front(environment: Mapping[str, str]) -> None:
    """Refuse demonstration mode where something says that others reach it through a proxy; raises BadSetting."""
    public = urlsplit(environment.get("LAUREL_PUBLIC_URL", "")).hostname
    found = [name for name in ("LAUREL_TRUSTED_PROXY",) if environment.get(name, "").strip()]
    found += ["LAUREL_HTTPS"] if _flag(environment, "LAUREL_HTTPS") else []
    found += ["LAUREL_PUBLIC_URL"] if public is not None and not is_loopback(public) else []
    if found:
        raise BadSetting(
            Text(
                f"演示模式允许任何人扮演任何角色，只能在本机使用，不能放在反向代理或公开网址之后：请去掉 {'、'.join(found)}，"
                "或者关闭 LAUREL_DEMO。",
                "Demonstration mode lets anybody play anybody, so nothing may lead to it from outside: "
                f"remove {', '.join(found)}, or switch LAUREL_DEMO off.",
            )
        )


def is_loopback(host: str) -> bool:
    """Return whether ``host`` names this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _database(url: str, name: str) -> str:
    if not url or url.startswith(_DATABASES):
        return url
    raise BadSetting(
        Text(
            f"{name} 应为 sqlite:///路径 或 postgresql://…，现为“{url.split(':')[0]}:…”。",
            f"{name} must be sqlite:///path or postgresql://…, it begins with {url.split(':')[0]!r}.",
        )
    )


def _number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    raw = environment.get(name, "")
    if not raw:
        return default
    if raw.isascii() and raw.isdigit() and least <= int(raw) <= most:
        return int(raw)
    raise BadSetting(
        Text(
            f"{name} 应为 {least} 至 {most} 之间的整数，现为“{raw}”。",
            f"{name} must be a whole number from {least} to {most}, it is {raw!r}.",
        )
    )


def _address(environment: Mapping[str, str], name: str) -> str:
    raw = environment.get(name, "").strip()
    try:
        return str(ipaddress.ip_address(raw)) if raw else ""
    except ValueError:
        raise BadSetting(
            Text(
                f"{name} 应为反向代理的 IP 地址（如 127.0.0.1），现为“{raw}”。",
                f"{name} must be the IP address of the reverse proxy, such as 127.0.0.1; it is {raw!r}.",
            )
        ) from None


def _folder(environment: Mapping[str, str], name: str) -> Path | None:
    raw = environment.get(name, "").strip()
    if not raw or Path(raw).is_dir():
        return Path(raw) if raw else None
    raise BadSetting(
        Text(f"{name} 应为已有的目录，现为“{raw}”。", f"{name} must be a folder that exists, it is {raw!r}.")
    )


def _flag(environment: Mapping[str, str], name: str) -> bool:
    raw = environment.get(name, "").strip().lower()
    if raw in _YES or raw in _NO:
        return raw in _YES
    raise BadSetting(Text(f"{name} 应为 yes 或 no，现为“{raw}”。", f"{name} must be yes or no, it is {raw!r}."))


def _secret(environment: Mapping[str, str], name: str) -> str:
    """Return a secret that is long enough not to be guessed, empty where none is set; raises BadSetting."""
    secret = environment.get(name, "").strip()
    if secret and len(secret) < _SECRET_LENGTH:
        raise BadSetting(
            Text(
                f"{name} 至少要有 {_SECRET_LENGTH} 个字符。", f"{name} must have at least {_SECRET_LENGTH} characters."
            )
        )
    return secret


def _smtp(environment: Mapping[str, str]) -> Smtp | None:
    host = environment.get("LAUREL_SMTP_HOST", "")
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
        _number(environment, "LAUREL_SMTP_PORT", 25, 1, 65535),
        sender,
        environment.get("LAUREL_SMTP_USER", ""),
        environment.get("LAUREL_SMTP_PASSWORD", ""),
        _flag(environment, "LAUREL_SMTP_STARTTLS"),
    )


def _webhook(environment: Mapping[str, str]) -> WebhookTarget | None:
    url, secret = environment.get("LAUREL_WEBHOOK_URL", "").strip(), environment.get("LAUREL_WEBHOOK_SECRET", "")
    if not url:
        return None
    private = _flag(environment, "LAUREL_WEBHOOK_PRIVATE")
    if not _is_address(url, ("https", "http") if private else ("https",)):
        raise BadSetting(
            Text(
                "LAUREL_WEBHOOK_URL 应为 https:// 开头的网址，不带用户名，空格和汉字写成 %20 一类；"
                "网关在本单位内网的，另设 LAUREL_WEBHOOK_PRIVATE=yes，可用 http://。",
                "LAUREL_WEBHOOK_URL must begin with https://, without a user, spaces and other letters written as %20;"
                " with LAUREL_WEBHOOK_PRIVATE=yes, for a gateway in your own network, http:// is possible too.",
            )
        )
    if len(secret) < _SECRET_LENGTH:
        raise BadSetting(
            Text(
                f"设置了 LAUREL_WEBHOOK_URL，还须在 LAUREL_WEBHOOK_SECRET 中填写不少于 {_SECRET_LENGTH} 个字符的签名密钥。",
                f"LAUREL_WEBHOOK_URL is set; LAUREL_WEBHOOK_SECRET must hold a signing key of {_SECRET_LENGTH} characters or more.",
            )
        )
    return WebhookTarget(url, secret, private)


def _is_address(url: str, schemes: tuple[str, ...]) -> bool:
    """Return whether a message can be posted to ``url`` as it is written."""
    try:
        parts = urlsplit(url)
        (parts.hostname or "").encode("idna")
        usable = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        return False
    rest = f"{parts.path}{parts.query}"
    return usable and parts.scheme in schemes and rest.isascii() and url.isprintable() and " " not in url
