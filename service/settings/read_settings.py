"""Read all settings, and refuse what does not fit together."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.settings.declared import (
    SECRET_LENGTH,
    build_refusal,
    declared_in,
    is_loopback,
    is_web_address,
    read_flag_setting,
    read_group,
)
from service.settings.settings import (
    AnchorsMail,
    CasPlace,
    Imprint,
    OidcPlace,
    S3Place,
    ScannerPlace,
    Settings,
    Smtp,
    WebhookTarget,
    exposed_secrets,
    with_secrets,
)

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


def require_encrypted(settings: Settings, environment: Mapping[str, str]) -> None:
    """Refuse a line to another machine that is not encrypted, unless ``LAUREL_PLAIN_LINES`` names it.

    Raises:
        BadSetting: naming every such line and how to encrypt it, or a word of the setting that names none.
    """
    allowed_lines = settings.plain_lines
    if allowed_lines - set(_REMEDIES):
        raise build_refusal(
            f"{_SETTING} 只能列出 {'、'.join(_REMEDIES)}，以逗号分隔。",
            f"{_SETTING} names {', '.join(_REMEDIES)}, parted by commas, and nothing else.",
        )
    plain = [line for line in dict.fromkeys(_iterate_plain_lines(settings, environment)) if line not in allowed_lines]
    if plain:
        raise build_refusal(
            f"与其他机器的连接须加密。{'；'.join(_REMEDIES[line].zh for line in plain)}。"
            f"这段线路另有保护（专线、容器内部网络）的，设置 {_SETTING}={','.join(plain)}。",
            f"Lines to other machines must be encrypted: {'; '.join(_REMEDIES[line].en for line in plain)}."
            f" Where the line is protected otherwise, set {_SETTING}={','.join(plain)}.",
        )


def _iterate_plain_lines(settings: Settings, environment: Mapping[str, str]) -> Iterator[str]:
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
    query = parse_qs(parts.query)
    service = bool(query.get("service") or environment.get("PGSERVICE"))

    def names_from(name: str, variable: str) -> list[str]:
        return query.get(name) or ([] if service else [environment.get(variable, "")])

    named = query.get("host") or [parts.netloc.rpartition("@")[2]]
    named = [item for item in named if item] or names_from("host", "PGHOST")
    numbers = names_from("hostaddr", "PGHOSTADDR")  # it is what libpq connects to, whatever host is named beside it
    unknown = service and not (any(named) and any(numbers))
    hosts = [_without_port(host) for names in (*named, *numbers) for host in names.split(",")]
    mode = (names_from("sslmode", "PGSSLMODE") or [""])[-1]
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


DECLARED = tuple(declared_in(Settings, Imprint, Smtp, WebhookTarget, S3Place, OidcPlace, CasPlace))
NAMES = frozenset({setting.name for setting in DECLARED} | {"LAUREL_SETTINGS"})
SECRETS = tuple(sorted(setting.name for setting in DECLARED if setting.secret))

_ALIKE = 0.93
"""From so much on two names are one, misspelt: a letter that is missing, doubled, swapped or another."""
_MAILBOX = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that ``environment`` gives, with defaults for a single machine.

    Raises:
        BadSetting: if a value cannot be used, or a name is misspelt.
    """
    _require_spelt(environment)
    whole = {
        **_compute_defaults(environment),
        **{name: raw for name, raw in with_secrets(environment, SECRETS).items() if raw.strip()},
    }
    settings = read_group(
        Settings,
        whole,
        imprint=read_group(Imprint, whole),
        smtp=_read_smtp(whole),
        webhook=_read_webhook(whole),
        files=Path("files"),
        anchors_mail=None,
        scanner=None,
        identity=_read_identity(whole),
        exposed_secrets=exposed_secrets(environment, SECRETS),
    )
    settings = replace(
        settings,
        files=_read_file_place(settings, whole),
        anchors_mail=_anchors_mail(settings),
        scanner=_read_scanner(settings),
    )
    if settings.demo:
        require_loopback(settings.host)
        _require_nobody_in_front(settings, environment)
    require_encrypted(settings, whole)
    return settings


def require_loopback(host: str) -> None:
    """Refuse demonstration mode where others could reach it; raises BadSetting."""
    if not is_loopback(host):
        raise build_refusal(
            f"演示模式允许任何人扮演任何角色，只能在本机使用：LAUREL_HOST 现为“{host}”，"
            "请改为 127.0.0.1，或者关闭 LAUREL_DEMO。",
            f"Demonstration mode lets anybody play anybody, so it runs on this machine only: LAUREL_HOST is "
            f"{host!r}; set it to 127.0.0.1, or switch LAUREL_DEMO off.",
        )


def _require_nobody_in_front(settings: Settings, environment: Mapping[str, str]) -> None:
    public = urlsplit(environment.get("LAUREL_PUBLIC_URL", "")).hostname
    names = ["LAUREL_TRUSTED_PROXY"] if settings.trusted_proxy else []
    names += ["LAUREL_HTTPS"] if settings.https else []
    names += ["LAUREL_PUBLIC_URL"] if public is not None and not is_loopback(public) else []
    if names:
        raise build_refusal(
            f"演示模式允许任何人扮演任何角色，只能在本机使用，不能放在反向代理或公开网址之后：请去掉 {'、'.join(names)}，"
            "或者关闭 LAUREL_DEMO。",
            "Demonstration mode lets anybody play anybody, so nothing may lead to it from outside: "
            f"remove {', '.join(names)}, or switch LAUREL_DEMO off.",
        )


def _require_spelt(environment: Mapping[str, str]) -> None:
    """Raise BadSetting for a misspelt name; other names with our prefix are somebody else's."""
    for name in sorted(environment):
        if name.startswith("LAUREL_") and name not in NAMES:
            suggestions = difflib.get_close_matches(name, NAMES, 1, _ALIKE)
            if suggestions and suggestions[0] not in environment:
                raise build_refusal(
                    f"没有名为 {name} 的设置，应为 {suggestions[0]}：写错的名称不起作用。请在设置文件中改正。",
                    f"There is no setting {name}; {suggestions[0]} is meant? A misspelt name has no effect: correct it.",
                )


def _compute_defaults(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of settings that depend on others where they are not set."""

    def get_or_default(name: str, otherwise: str) -> str:
        return environment.get(name, "").strip() or otherwise

    data = Path(get_or_default("LAUREL_DATA", "var"))
    return {
        "LAUREL_DATABASE": f"sqlite:///{data / 'laurel.db'}",
        "LAUREL_FILES": str(data / "files"),
        "LAUREL_BALLOT_KEYS": f"{data}-ballot-keys",
        "LAUREL_DATA_KEYS": f"{data}-data-keys/keys",
        "LAUREL_PUBLIC_URL": f"http://{get_or_default('LAUREL_HOST', '127.0.0.1')}:{get_or_default('LAUREL_PORT', '8000')}",
        "LAUREL_SEPARATION": "one" if read_flag_setting("LAUREL_DEMO", get_or_default("LAUREL_DEMO", "")) else "three",
    }


def _read_smtp(environment: Mapping[str, str]) -> Smtp | None:
    smtp = read_group(Smtp, environment)
    if smtp.host and "@" not in smtp.sender:
        raise build_refusal(
            "设置了 LAUREL_SMTP_HOST，还须在 LAUREL_SMTP_SENDER 中填写发件人邮箱地址。",
            "LAUREL_SMTP_HOST is set; LAUREL_SMTP_SENDER must hold the sender's address too.",
        )
    return smtp if smtp.host else None


def _read_webhook(environment: Mapping[str, str]) -> WebhookTarget | None:
    target = read_group(WebhookTarget, environment)
    if not target.url:
        return None
    if not is_web_address(target.url, ("https", "http") if target.private else ("https",)):
        raise build_refusal(
            "LAUREL_WEBHOOK_URL 应为 https:// 开头的网址，不带用户名，空格和汉字写成 %20 一类；"
            "网关在本单位内网的，另设 LAUREL_WEBHOOK_PRIVATE=yes，可用 http://。",
            "LAUREL_WEBHOOK_URL must begin with https://, without a user, spaces and other letters written as %20;"
            " with LAUREL_WEBHOOK_PRIVATE=yes, for a gateway in your own network, http:// is possible too.",
        )
    if len(target.secret) < SECRET_LENGTH:
        raise build_refusal(
            f"设置了 LAUREL_WEBHOOK_URL，还须在 LAUREL_WEBHOOK_SECRET 中填写不少于 {SECRET_LENGTH} 个字符的签名密钥。",
            f"LAUREL_WEBHOOK_URL is set; LAUREL_WEBHOOK_SECRET must hold a signing key of {SECRET_LENGTH} characters or more.",
        )
    return target


def _read_file_place(settings: Settings, environment: Mapping[str, str]) -> Path | S3Place:
    if not settings.files_place.startswith("s3://"):
        return Path(settings.files_place)
    bucket, _, prefix = settings.files_place.removeprefix("s3://").partition("/")
    place = read_group(S3Place, environment, bucket=bucket, prefix=prefix.strip("/"))
    place = replace(place, endpoint=place.endpoint.rstrip("/"))
    if not (bucket and place.key and place.secret and is_web_address(place.endpoint, ("https", "http"))):
        raise build_refusal(
            "LAUREL_FILES 为 s3://桶名/前缀 时，还须设置 LAUREL_FILES_ENDPOINT（https:// 开头的服务地址）、"
            "LAUREL_FILES_KEY 和 LAUREL_FILES_SECRET；服务要求的，另设 LAUREL_FILES_REGION。",
            "With LAUREL_FILES=s3://bucket/prefix, LAUREL_FILES_ENDPOINT (the service's address, https://…),"
            " LAUREL_FILES_KEY and LAUREL_FILES_SECRET must be set too, and LAUREL_FILES_REGION where the service asks.",
        )
    return place


def _anchors_mail(settings: Settings) -> AnchorsMail | None:
    named = settings.anchors_to
    if named and not (settings.smtp and all(map(_MAILBOX.fullmatch, named))):
        raise build_refusal(
            f"LAUREL_ANCHORS_MAIL 应为邮箱地址，以逗号分隔，并须设置 LAUREL_SMTP_HOST；现为“{','.join(named)}”。",
            "LAUREL_ANCHORS_MAIL must name mail addresses parted by commas, and LAUREL_SMTP_HOST must be set;"
            f" it is {','.join(named)!r}.",
        )
    return AnchorsMail(named) if named else None


def _read_scanner(settings: Settings) -> ScannerPlace | None:
    raw, needed = settings.scanner_place, settings.scanner_away == "refuse"
    if not raw:
        return None
    if raw.startswith("unix:/"):
        return ScannerPlace(Path(raw.removeprefix("unix:")), "", 0, needed)
    host, _, port = raw.removeprefix("tcp:").rpartition(":")
    if raw.startswith("tcp:") and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536:
        return ScannerPlace(None, host, int(port), needed)
    raise build_refusal(
        f"LAUREL_SCANNER 应为 unix:/run/clamav/clamd.ctl 或 tcp:主机:3310，现为“{raw}”。",
        f"LAUREL_SCANNER must be unix:/run/clamav/clamd.ctl or tcp:HOST:3310, it is {raw!r}.",
    )


def _read_identity(environment: Mapping[str, str]) -> OidcPlace | CasPlace | None:
    oidc, cas = read_group(OidcPlace, environment), read_group(CasPlace, environment)
    if oidc.issuer and cas.url:
        raise build_refusal(
            "LAUREL_OIDC_ISSUER 和 LAUREL_CAS_URL 只能设置一个。", "Set one of LAUREL_OIDC_ISSUER and LAUREL_CAS_URL."
        )
    for name, url in (("LAUREL_OIDC_ISSUER", oidc.issuer), ("LAUREL_CAS_URL", cas.url)):
        if url and not _arrives_unchanged(url):
            raise build_refusal(
                f"{name} 应为 https:// 开头的网址（只有本机的可用 http://），不带用户名、空格和汉字。",
                f"{name} must begin with https:// (http:// for this machine alone), without a user or blanks.",
            )
    if oidc.issuer and not (oidc.client and len(oidc.secret) >= SECRET_LENGTH):
        raise build_refusal(
            f"设置了 LAUREL_OIDC_ISSUER，还须设置 LAUREL_OIDC_CLIENT 和不少于 {SECRET_LENGTH} 个字符的 LAUREL_OIDC_SECRET。",
            "LAUREL_OIDC_ISSUER is set; LAUREL_OIDC_CLIENT and LAUREL_OIDC_SECRET of"
            f" {SECRET_LENGTH} characters or more must be too.",
        )
    if oidc.issuer:
        return oidc
    return replace(cas, url=cas.url.rstrip("/")) if cas.url else None


def _arrives_unchanged(url: str) -> bool:
    """Return whether what a provider says arrives unchanged: by HTTPS, or from this machine."""
    if is_web_address(url, ("https",)):
        return True
    return is_web_address(url, ("http",)) and is_loopback(urlsplit(url).hostname or "")


def make_folder(data: Path) -> None:
    """Make the folder of the data where there is none; raises BadSetting."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise build_refusal(
            f"数据目录 {data} 不能使用（{cause_words(error).zh}）。请用 LAUREL_DATA 指明可以读写的目录。",
            f"The data folder {data} cannot be used ({error.strerror}): name one that can be written in LAUREL_DATA.",
        ) from error
