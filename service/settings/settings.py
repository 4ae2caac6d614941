"""The settings, each declared once, and where secrets may stand."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from service.domain.proof.algorithms import AES, CIPHERS, DIGESTS, SHA256
from service.settings.declared import (
    MEGABYTE,
    build_choice_reader,
    build_refusal,
    database_address,
    declare_setting,
    folder,
    ip_address,
    line,
    read_flag_setting,
    read_networks_setting,
    read_path_setting,
    read_roles_setting,
    read_secret_setting,
    text,
    web_address,
    whole,
    word_set,
    words,
)

_OTHERS = 0o007
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class ExposedSecret:
    """A secret that others on the machine may come to see: the setting ``name``, in ``file`` or in the environment."""

    name: str
    file: Path | None = None


def with_secrets(environment: Mapping[str, str], names: Sequence[str]) -> Mapping[str, str]:
    """Return the settings with the secrets that stand elsewhere: in the file ``NAME_FILE`` names, or as a credential.

    A credential is a file ``NAME`` in the folder that systemd names in ``CREDENTIALS_DIRECTORY``. Raises BadSetting where
    a file cannot be read or a secret is set in two ways.
    """
    secrets = {name: _read_secret(name, file) for name, file in _iterate_secret_files(environment, names)}
    twice = next((name for name in secrets if environment.get(name, "").strip()), None)
    if twice is not None:
        raise build_refusal(
            f"{twice} 设置了两次：环境变量里一次，文件（{twice}_FILE 或 systemd 凭据）里一次。请去掉环境变量里的。",
            f"{twice} is set twice, in the environment and in a file ({twice}_FILE or a credential of systemd):"
            " take it out of the environment.",
        )
    return {**environment, **secrets} if secrets else environment


def exposed_secrets(environment: Mapping[str, str], names: Sequence[str]) -> tuple[ExposedSecret, ...]:
    """Return the secrets that stand in the environment itself, or in files that every user of the machine may read."""
    loose = [ExposedSecret(name) for name in names if _holds_secret(environment.get(name, ""))]
    loose += [
        ExposedSecret(name, file)
        for name, file in _iterate_secret_files(environment, names)
        if file.stat().st_mode & _OTHERS
    ]
    return tuple(loose)


def _iterate_secret_files(environment: Mapping[str, str], names: Sequence[str]) -> Iterator[tuple[str, Path]]:
    handed = environment.get("CREDENTIALS_DIRECTORY", "")
    for name in names:
        named = environment.get(f"{name}_FILE", "").strip()
        if named:
            yield name, Path(named)
        elif handed and Path(handed, name).is_file():
            yield name, Path(handed, name)


def _read_secret(name: str, file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as stream:
            text = stream.read(_LONGEST + 1).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise build_refusal(
            f"{name} 的文件 {file} 读不出（{type(error).__name__}）。请核对路径，以及运行本程序的用户能否读取。",
            f"The file {file} of {name} cannot be read ({type(error).__name__}): check the path, and that the user who runs"
            " the program may read it.",
        ) from None
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise build_refusal(
            f"{name} 的文件 {file} 应只有一行，即该设置的值，不超过 {_LONGEST} 个字符。",
            f"The file {file} of {name} must hold one line, its value, of {_LONGEST} characters at most.",
        )
    return text


def _holds_secret(value: str) -> bool:
    if "://" not in value:
        return bool(value.strip())
    try:
        parts = urlsplit(value)
        return parts.password is not None or "password" in parse_qs(parts.query)
    except ValueError:  # what it is is refused elsewhere
        return False


_DAY = 24 * 60
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _normalise_scope(_name: str, raw: str) -> str:
    return " ".join(dict.fromkeys(["openid", *raw.split()]))


# fmt: off
# A setting is a line or two: name, reader, default, what it is.
@dataclass(frozen=True, slots=True)
class Smtp:
    """Where mail leaves; ``user`` empty: without signing in."""

    host: str = declare_setting("LAUREL_SMTP_HOST", text, "",
        "邮件服务器；不设则通知只在系统中显示", "mail server; without one messages stay in inboxes")
    port: int = declare_setting("LAUREL_SMTP_PORT", whole(1, 65535), "25", "它的端口", "its port")
    sender: str = declare_setting("LAUREL_SMTP_SENDER", text, "", "发件人邮箱", "the sender's address")
    user: str = declare_setting("LAUREL_SMTP_USER", text, "",
        "登录名；不设则不登录", "name to sign in with; none: without signing in")
    password: str = declare_setting("LAUREL_SMTP_PASSWORD", text, "", "登录密码", "its password", secret=True)
    starttls: bool = declare_setting("LAUREL_SMTP_STARTTLS", read_flag_setting, "no", "以 STARTTLS 加密", "encrypt by STARTTLS")


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Gateway that takes messages (短信、政务微信); ``private`` permits plain HTTP and addresses of one's own network."""

    url: str = declare_setting("LAUREL_WEBHOOK_URL", text, "",
        "消息网关（短信、政务微信）的网址", "address of the gateway of messages")
    secret: str = declare_setting("LAUREL_WEBHOOK_SECRET", text, "",
        "签名密钥，不少于 16 个字符", "signing key of 16 characters or more", secret=True)
    private: bool = declare_setting("LAUREL_WEBHOOK_PRIVATE", read_flag_setting, "no", "网关在本单位内网", "it stands in your own network")


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket of a service that speaks S3, and the ``prefix`` in it under which the files of this installation lie."""

    bucket: str
    prefix: str
    endpoint: str = declare_setting("LAUREL_FILES_ENDPOINT", text, "", "桶所在的服务（https）", "the bucket's service (https)")
    region: str = declare_setting("LAUREL_FILES_REGION", text, "us-east-1", "它的区域", "its region")
    key: str = declare_setting("LAUREL_FILES_KEY", text, "", "访问密钥的编号", "id of the access key", secret=True)
    secret: str = declare_setting("LAUREL_FILES_SECRET", text, "", "访问密钥", "the access key", secret=True)


@dataclass(frozen=True, slots=True)
class ScannerPlace:
    """A clamd: the socket ``path``, or ``host`` and ``port``; ``needed``: no file is taken without its verdict."""

    path: Path | None
    host: str
    port: int
    needed: bool


@dataclass(frozen=True, slots=True)
class AnchorsMail:
    """Addresses outside that are sent the signed heads of the records."""

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    """What stands at the foot of every page, each "" where there is none."""

    operator: str = declare_setting("LAUREL_SITE_OPERATOR", line, "", "主办单位", "who runs the site")
    contact: str = declare_setting("LAUREL_SITE_CONTACT", line, "", "联系方式", "how to reach them")
    record: str = declare_setting("LAUREL_SITE_RECORD", line, "", "ICP备案号", "registration with the ministry")
    police_record: str = declare_setting("LAUREL_SITE_POLICE_RECORD", line, "", "公安备案号", "registration with the police")
    code: str = declare_setting("LAUREL_SITE_CODE", line, "", "政府网站标识码", "the government's number of the site")


@dataclass(frozen=True, slots=True)
class OidcPlace:
    """An OpenID Connect provider where people sign in."""

    issuer: str = declare_setting("LAUREL_OIDC_ISSUER", text, "",
        "OpenID Connect 签发者，与令牌中的 iss 逐字相同", "issuer, as iss says it")
    client: str = declare_setting("LAUREL_OIDC_CLIENT", text, "", "在提供方登记的客户端", "client registered there")
    secret: str = declare_setting("LAUREL_OIDC_SECRET", text, "",
        "客户端密钥，不少于 16 个字符", "the client's secret", secret=True)
    scope: str = declare_setting("LAUREL_OIDC_SCOPE", _normalise_scope, "profile", "请求的范围", "scope asked for")
    second_factor: frozenset[str] = declare_setting("LAUREL_OIDC_SECOND_FACTOR", word_set, "",
        "可代替第二因素的 acr、amr 值", "values of acr or amr that vouch for a second factor")


@dataclass(frozen=True, slots=True)
class CasPlace:
    """A CAS 3.0 server where people sign in."""

    url: str = declare_setting("LAUREL_CAS_URL", text, "",
        "CAS 3.0 服务器；与 OpenID Connect 只设一种", "CAS 3.0 server; this or OpenID Connect")
    second_factor: frozenset[str] = declare_setting("LAUREL_CAS_SECOND_FACTOR", word_set, "",
        "可代替第二因素的 authnContextClass", "values of authnContextClass that vouch for a second factor")


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation chooses; a default that depends on other settings is filled in by `read_settings`."""

    imprint: Imprint
    smtp: Smtp | None
    webhook: WebhookTarget | None
    files: Path | S3Place
    anchors_mail: AnchorsMail | None
    scanner: ScannerPlace | None
    identity: OidcPlace | CasPlace | None
    data: Path = declare_setting("LAUREL_DATA", read_path_setting, "var", "数据目录", "folder of the data")
    database: str = declare_setting("LAUREL_DATABASE", database_address, "",
        "数据库；默认 SQLite，在数据目录中", "database; SQLite in the folder of the data by default", secret=True)
    database_owner: str = declare_setting("LAUREL_DATABASE_OWNER", database_address, "",
        "PostgreSQL 中表的所有者，只供建表、恢复、改写的命令", "owner of the tables of PostgreSQL, for commands that make or rewrite them", secret=True)
    transfer_to: str = declare_setting("LAUREL_TRANSFER_TO", database_address, "",
        "laurel transfer 迁往的数据库", "database that laurel transfer fills", secret=True)
    database_wait: int = declare_setting("LAUREL_DATABASE_WAIT", whole(0, 3600), "60",
        "启动时等待 PostgreSQL 的秒数", "seconds for which a start waits for PostgreSQL")
    files_place: str = declare_setting("LAUREL_FILES", text, "",
        "附件和文书：目录或 s3://桶/前缀；默认在数据目录中", "uploads and documents: a folder or s3://bucket/prefix")
    data_keys: Path = declare_setting("LAUREL_DATA_KEYS", read_path_setting, "",
        "加密列和文件的密钥文件，首次启动时生成，须另外保管一份", "file of the keys of columns and files, made at the first start; keep a copy apart")
    cipher: str = declare_setting("LAUREL_CIPHER", build_choice_reader(*CIPHERS), AES, "加密算法 aes 或 sm4", "cipher, aes or sm4")
    digest: str = declare_setting("LAUREL_DIGEST", build_choice_reader(*DIGESTS), SHA256,
        "新增记录的杂凑 sha256 或 sm3", "digest of records from now on, sha256 or sm3")
    ballot_keys: Path = declare_setting("LAUREL_BALLOT_KEYS", read_path_setting, "",
        "进行中表决的密钥目录，绝不备份", "folder of the keys of running ballots, never backed up")
    backups: Path | None = declare_setting("LAUREL_BACKUPS", read_path_setting, "",
        "备份目录，只看新旧", "folder of backups, looked at for their age")
    backup_command: str = declare_setting("LAUREL_BACKUP_COMMAND", text, "",
        "加密备份的命令（标准输入到标准输出）", "command that encrypts a backup, input to output")
    anchors: Path | None = declare_setting("LAUREL_ANCHORS", folder, "",
        "记录头的库外目录，数据库管理员改不到的地方", "folder outside for signed heads, where no database administrator writes")
    anchors_to: tuple[str, ...] = declare_setting("LAUREL_ANCHORS_MAIL", words, "",
        "记录头寄给谁保存，逗号分隔", "who is mailed the heads, parted by commas")
    sign_command: str = declare_setting("LAUREL_SIGN_COMMAND", text, "",
        "签名记录头的命令（签名验签服务器）", "command that signs heads")
    host: str = declare_setting("LAUREL_HOST", text, "127.0.0.1", "监听地址", "address that is listened at")
    port: int = declare_setting("LAUREL_PORT", whole(0, 65535), "8000", "监听端口", "port that is listened at")
    threads: int = declare_setting("LAUREL_THREADS", whole(1, 64), "8", "同时办理的请求数", "requests served at once")
    https: bool = declare_setting("LAUREL_HTTPS", read_flag_setting, "no", "前面的代理以 HTTPS 提供服务", "the proxy in front speaks HTTPS")
    https_below: bool = declare_setting("LAUREL_HTTPS_BELOW", read_flag_setting, "yes",
        "本域名之下的主机也都用 HTTPS", "hosts below this name do, too")
    trusted_proxy: str = declare_setting("LAUREL_TRUSTED_PROXY", ip_address, "",
        "反向代理的地址", "address of the reverse proxy")
    public_url: str = declare_setting("LAUREL_PUBLIC_URL", web_address, "", "访问者看到的网址", "address that visitors see")
    certificate: Path | None = declare_setting("LAUREL_CERTIFICATE", read_path_setting, "",
        "访问者看到的证书（PEM），只看期限", "certificate that visitors see, looked at for its end")
    plain_lines: frozenset[str] = declare_setting("LAUREL_PLAIN_LINES", word_set, "",
        "另有保护、可以不加密的线路", "lines to other machines that are protected otherwise than by TLS")
    session_hours: int = declare_setting("LAUREL_SESSION_HOURS", whole(1, 24 * 14), "12",
        "登录最多多少小时", "longest that a sign-in lasts, in hours")
    idle_minutes: int = declare_setting("LAUREL_IDLE_MINUTES", whole(0, _DAY), "30",
        "多少分钟没有操作自动退出，0 为不退", "minutes without use after which it ends; 0: none")
    step_up_minutes: int = declare_setting("LAUREL_STEP_UP_MINUTES", whole(0, _DAY), "15",
        "投票、权限、发布须在登录后多少分钟内办理，0 为不要求", "minutes after signing in within which one votes, changes rights, publishes; 0: any time")
    password_days: int = declare_setting("LAUREL_PASSWORD_DAYS", whole(0, 3650), "0",
        "密码多少天须更换，0 为不要求", "days after which a password is changed; 0: never")
    second_factor: frozenset[str] = declare_setting("LAUREL_SECOND_FACTOR", read_roles_setting, "",
        "须用动态口令登录的角色", "roles that sign in with one-time codes, too")
    separation: str = declare_setting("LAUREL_SEPARATION", build_choice_reader("three", "one"), "three",
        "三员分立 three，一人兼任 one", "three administrators, or one person who holds all three offices")
    administrators_from: tuple[Network, ...] = declare_setting("LAUREL_ADMINISTRATORS_FROM", read_networks_setting, "",
        "管理员只能从这些地址登录", "addresses from which administrators sign in")
    requests_per_address: int = declare_setting("LAUREL_REQUESTS_PER_ADDRESS", whole(0, 10**7), "6000",
        "一个地址一分钟的请求数，0 为不限", "requests of one address a minute; 0: no limit")
    requests_per_person: int = declare_setting("LAUREL_REQUESTS_PER_PERSON", whole(0, 10**7), "1200",
        "一个人一分钟的请求数", "requests of one person a minute")
    acts_per_person: int = declare_setting("LAUREL_ACTS_PER_PERSON", whole(0, 10**7), "120",
        "一个人一分钟作出的决定", "acts of one person a minute that decide something")
    upload_bytes: int = declare_setting("LAUREL_UPLOAD_MEGABYTES", whole(1, 2048, MEGABYTE), "50",
        "一个附件的上限（MB）", "largest upload (MB)")
    public_address_bytes: int = declare_setting("LAUREL_PUBLIC_ADDRESS_MEGABYTES", whole(1, 10**6, MEGABYTE), "400",
        "未登录的，一个网络一天上传的上限（MB）", "uploads without an account: of one network a day (MB)")
    public_bytes: int = declare_setting("LAUREL_PUBLIC_MEGABYTES", whole(1, 10**8, MEGABYTE), "5000",
        "未登录的，全部待提交附件的上限（MB）", "of all that wait (MB)")
    public_hours: int = declare_setting("LAUREL_PUBLIC_HOURS", whole(1, 24 * 60), "48",
        "未提交的，多少小时后删除", "hours until they are removed")
    person_bytes: int = declare_setting("LAUREL_PERSON_MEGABYTES", whole(1, 10**6, MEGABYTE), "2000",
        "一个人一天上传的上限（MB）", "what one person uploads in a day (MB)")
    case_bytes: int = declare_setting("LAUREL_CASE_MEGABYTES", whole(1, 10**7, MEGABYTE), "5000",
        "一件办件全部附件的上限（MB）", "what the files of a case take up (MB)")
    scanner_place: str = declare_setting("LAUREL_SCANNER", text, "",
        "clamd：unix:/run/clamav/clamd.ctl 或 tcp:主机:3310", "virus scanner: a socket or tcp:HOST:3310")
    scanner_away: str = declare_setting("LAUREL_SCANNER_AWAY", build_choice_reader("refuse", "take"), "refuse",
        "没有扫描结论的附件", "a file without a verdict is refused, or taken")
    rating_days: int = declare_setting("LAUREL_RATING_DAYS", whole(1, 90), "15",
        "差评答复期限（工作日），各地未作规定", "working days within which a bad rating is answered; no regulation says how many")
    fonts: Path | None = declare_setting("LAUREL_FONTS", folder, "",
        "本单位的仿宋、小标宋字体目录", "folder of the office's own typefaces")
    languages: Path | None = declare_setting("LAUREL_LANGUAGES", folder, "",
        "其他语言的目录（语言.mo）", "folder of catalogues of further languages")
    metrics_token: str = declare_setting("LAUREL_METRICS_TOKEN", read_secret_setting, "",
        "GET /metrics 的令牌，不少于 16 个字符；不设即不提供", "token of GET /metrics; none: there are none", secret=True)
    log: str = declare_setting("LAUREL_LOG", build_choice_reader("", "json", "text"), "",
        "日志 json 或 text", "lines of the log, json or text")
    demo: bool = declare_setting("LAUREL_DEMO", read_flag_setting, "no", "演示模式，只在本机", "demonstration, on this machine alone")
    program_role: str = ""
    exposed_secrets: tuple[ExposedSecret, ...] = ()

    def as_owner(self) -> Settings:
        """Return the settings of a command that makes, restores or rewrites tables: it connects as their owner."""
        if not self.database_owner:
            return self
        role = unquote(urlsplit(self.database).username or "")
        return replace(self, database=self.database_owner, database_owner="", program_role=role)

    @property
    def requests(self) -> tuple[int, int, int]:
        """How often within a minute one address asks, one person asks, and one person decides something."""
        return self.requests_per_address, self.requests_per_person, self.acts_per_person
