"""Lines to other machines over which anybody between them could read: refused unless an installation says that it knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

from service.domain.text import Text
from service.settings.declared import is_loopback, refusal
from service.settings.settings import S3Place, Settings

_SETTING = "LAUREL_PLAIN_LINES"
_VERIFIED = frozenset({"verify-ca", "verify-full"})
_REMEDIES = {
    "database": Text(
        "数据库在另一台机器上：请在 LAUREL_DATABASE（LAUREL_TRANSFER_TO）的地址后加 sslmode=verify-full&sslrootcert=机构证书文件",
        "the database stands on another machine: add sslmode=verify-full&sslrootcert=FILE to LAUREL_DATABASE"
        " (LAUREL_TRANSFER_TO)",
    ),
    "mail": Text(
        "邮件服务器在另一台机器上：请设置 LAUREL_SMTP_STARTTLS=yes",
        "the mail server stands on another machine: set LAUREL_SMTP_STARTTLS=yes",
    ),
    "gateway": Text(
        "消息网关在另一台机器上：LAUREL_WEBHOOK_URL 请用 https://",
        "the gateway stands on another machine: begin LAUREL_WEBHOOK_URL with https://",
    ),
    "files": Text(
        "存储桶在另一台机器上：LAUREL_FILES_ENDPOINT 请用 https://",
        "the bucket stands on another machine: begin LAUREL_FILES_ENDPOINT with https://",
    ),
    "scanner": Text(
        "clamd 在另一台机器上，它不加密：请在本机运行 clamd（LAUREL_SCANNER=unix:…），或者经加密隧道连接",
        "clamd stands on another machine and encrypts nothing: run it here (LAUREL_SCANNER=unix:…), or through an encrypted"
        " tunnel",
    ),
    "pages": Text(
        "反向代理（LAUREL_TRUSTED_PROXY）在另一台机器上，它与本程序之间不加密：请把代理放在本机，或者经加密隧道连接",
        "the proxy (LAUREL_TRUSTED_PROXY) stands on another machine and speaks plain HTTP to the program: run it here, or"
        " through an encrypted tunnel",
    ),
}


def demand_encrypted(settings: Settings, environment: Mapping[str, str]) -> None:
    """Refuse a line to another machine that is not encrypted, unless ``LAUREL_PLAIN_LINES`` names it.

    Raises:
        BadSetting: naming every such line and how to encrypt it, or a word of the setting that names none.
    """
    known = settings.plain_lines
    if known - set(_REMEDIES):
        raise refusal(
            f"{_SETTING} 只能列出 {'、'.join(_REMEDIES)}，以逗号分隔。",
            f"{_SETTING} names {', '.join(_REMEDIES)}, parted by commas, and nothing else.",
        )
    plain = [line for line in dict.fromkeys(_plain(settings, environment)) if line not in known]
    if plain:
        raise refusal(
            f"与其他机器的连接须加密。{'；'.join(_REMEDIES[line].zh for line in plain)}。"
            f"这段线路另有保护（专线、容器内部网络）的，设置 {_SETTING}={','.join(plain)}。",
            f"Lines to other machines must be encrypted: {'; '.join(_REMEDIES[line].en for line in plain)}."
            f" Where the line is protected otherwise, set {_SETTING}={','.join(plain)}.",
        )


def _plain(settings: Settings, environment: Mapping[str, str]) -> Iterator[str]:
    for url in (settings.database, settings.database_owner, settings.transfer_to):
        if _is_plain_database(url, environment):
            yield "database"
    if settings.smtp and not settings.smtp.starttls and _is_elsewhere(settings.smtp.host):
        yield "mail"
    if settings.webhook and _is_plain_address(settings.webhook.url):
        yield "gateway"
    if isinstance(settings.files, S3Place) and _is_plain_address(settings.files.endpoint):
        yield "files"
    if settings.scanner and settings.scanner.path is None and _is_elsewhere(settings.scanner.host):
        yield "scanner"
    if settings.trusted_proxy and _is_elsewhere(settings.trusted_proxy):
        yield "pages"


def _is_plain_database(url: str, environment: Mapping[str, str]) -> bool:
    """Return whether a database is reached unencrypted: what an address leaves out libpq takes from its environment.

    Where a service file says it, nothing is known of its host and its encryption but what the address says itself.
    """
    if not url.startswith("postgresql"):
        return False
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    service = bool(asked.get("service") or environment.get("PGSERVICE"))

    def said(name: str, variable: str) -> list[str]:
        return asked.get(name) or ([] if service else [environment.get(variable, "")])

    named = asked.get("host") or [parts.netloc.rpartition("@")[2]]
    named = [one for one in named if one] or said("host", "PGHOST")
    numbers = said("hostaddr", "PGHOSTADDR")  # it is what libpq connects to, whatever host is named beside it
    unknown = service and not (any(named) and any(numbers))
    hosts = [_without_port(host) for names in (*named, *numbers) for host in names.split(",")]
    mode = (said("sslmode", "PGSSLMODE") or [""])[-1]
    return (unknown or any(map(_is_elsewhere, hosts))) and mode not in _VERIFIED


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0] if host.count(":") == 1 else host


def _is_plain_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and _is_elsewhere(parts.hostname or "")


def _is_elsewhere(host: str) -> bool:
    """Return whether a host is another machine: no socket (a path), no loopback address."""
    if not host or host.startswith(("/", "@")):
        return False
    return not is_loopback(host)
