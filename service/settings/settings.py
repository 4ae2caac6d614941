"""Settings of one installation, read once from the environment."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from service.domain.proof.algorithms import AES, CIPHERS, DIGESTS, ED25519, SHA256
from service.domain.text import Text
from service.settings.database_address import database_address
from service.settings.identity import CasPlace, OidcPlace, identity_in
from service.settings.imprint import Imprint, imprint_in
from service.settings.names import demand_spelt
from service.settings.outside import (
    AnchorsMail,
    KeysPlace,
    S3Place,
    ScannerPlace,
    Smtp,
    TimestampsPlace,
    WebhookTarget,
    anchors_mail_in,
    files_in,
    keys_in,
    scanner_in,
    smtp_in,
    timestamps_in,
    webhook_in,
)
from service.settings.plain_lines import demand_encrypted
from service.settings.reading import (
    BadSetting,
    address,
    flag,
    folder,
    networks,
    number,
    one_of,
    place,
    program_in,
    requests_in,
    roles,
    secret,
    signature_in,
    web_address,
)
from service.settings.secrets import ExposedSecret, ServiceSecrets, exposed_secrets, secrets_in_use, with_secrets


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation chooses.

    ``database`` is a database URL; ``data`` is the folder of uploaded and produced files; ``host``
    and ``port`` are where the server listens, ``threads`` how many requests it serves at once.
    ``https`` marks cookies as secure, ``https_below`` holds browsers to it for hosts below this one's name, too;
    ``demo`` loads a fictional season and lets every visitor play every person, which is refused unless ``host`` is a
    loopback address. ``session_hours`` is the longest that a sign-in lasts,
    ``idle_minutes`` after how many without use it ends before (0: it does not), ``step_up_minutes`` how old it may be for
    votes, rights and publications (0: any age), ``password_days`` after how many days a person changes their password
    (0: never). ``requests`` is how often within a minute one address asks, one person asks,
    and one person does what decides something (0: as often as they like). ``smtp`` is None where messages stay in the inbox.
    ``ballot_keys`` is the folder of the keys of running ballots; it must never be backed up. ``keys`` is the key service
    that holds the keys of urns instead; None: there is none.
    ``fonts`` is a folder with the office's own typefaces for documents; None: those of the machine.
    ``languages`` is a folder of gettext catalogues, one ``LANGUAGE.mo`` for each further language; None: there is none.
    ``metrics_token`` is what a monitoring system shows to read ``/metrics``; empty: nobody reads them.
    ``folder_key`` encrypts the secrets in the folder of keys; empty: they lie there as they are.
    ``rehearsal`` is a copy in which a season is rehearsed: nothing leaves it, and administrators move its clock.
    ``transfer_to`` is the database that ``laurel transfer`` fills; empty: there is none.
    ``public_address_bytes`` are those that one address may upload within a day without an account, ``public_bytes``
    what all such files take up until they are submitted; they are removed after ``public_hours``.
    ``person_bytes`` are those that one person may upload within a day, ``case_bytes`` what the files of a case may take up.
    ``files`` is where uploaded and produced files lie: a folder, of the data unless another is named, or a bucket.
    ``backup_recipients`` is a file of public keys for whom backups are encrypted.
    ``backups`` is the folder that backups are put into, ``certificate`` the file of the certificate that visitors see: both
    are only looked at, to say that a backup is old or a certificate ends. ``anchors`` is the folder outside into which the
    signed heads of all records go every hour; None: they stay in the database alone. ``anchors_mail`` are those who get
    them by mail; None: nobody does.
    ``timestamps`` is the authority that says when it was shown each anchor; None: nobody outside does.
    ``log`` is how lines of the log are written, ``json`` or ``text``; empty: as text on a terminal, else as JSON.
    ``trusted_proxy`` is the address of the reverse proxy in front, which says who really asks; empty: there is none.
    ``imprint`` is what stands at the foot of every page.
    ``rating_days`` are the working days within which the office answers a bad rating (no regulation says how many).
    ``separation`` is ``three`` where three people share the administrator's rights, ``one`` for an office of one person.
    ``second_factor`` are the roles whose holders sign in with a one-time code, too; without one they can set it up only.
    ``digest`` is the algorithm of what is added to chains of records, ``sha256`` or ``sm3``; what is there keeps its own;
    ``signature`` is that of what is signed, ``ed25519`` or ``sm2``, likewise.
    ``scanner`` is the virus scanner that sees every uploaded file; None: there is none.
    ``cipher`` encrypts columns of personal data, ``aes`` or ``sm4``, under the keys in the file ``data_keys``, of which a copy
    must be kept apart from database and backups; without that file nothing is encrypted.
    ``identity`` is where people may sign in outside, None where they sign in here alone.
    ``administrators_from`` are the networks from which administrators sign in; empty: from anywhere.
    ``exposed_secrets`` are those that others on the machine may come to see, ``services`` those of other services.
    ``program`` is the mark of the files that were installed; empty: nobody compares them.
    ``database_wait`` are the seconds for which a process that starts waits for a PostgreSQL that does not answer.
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
    idle_minutes: int = 30
    step_up_minutes: int = 15
    password_days: int = 0
    https_below: bool = True
    requests: tuple[int, int, int] = (6000, 1200, 120)
    ballot_keys: Path = Path("var-ballot-keys")
    trusted_proxy: str = ""
    fonts: Path | None = None
    languages: Path | None = None
    webhook: WebhookTarget | None = None
    metrics_token: str = ""
    folder_key: str = field(default="", repr=False)
    files: Path | S3Place = Path("var/files")
    transfer_to: str = field(default="", repr=False)
    rehearsal: bool = False
    public_address_bytes: int = 400 * 1024 * 1024
    public_bytes: int = 5000 * 1024 * 1024
    public_hours: int = 48
    person_bytes: int = 2000 * 1024 * 1024
    case_bytes: int = 5000 * 1024 * 1024
    backups: Path | None = None
    backup_recipients: Path | None = None
    certificate: Path | None = None
    anchors: Path | None = None
    anchors_mail: AnchorsMail | None = None
    log: str = ""
    database_wait: int = 60
    rating_days: int = 15
    separation: str = "three"
    second_factor: frozenset[str] = frozenset()
    digest: str = SHA256
    signature: str = ED25519
    scanner: ScannerPlace | None = None
    cipher: str = AES
    data_keys: Path = Path("var-data-keys/keys")
    imprint: Imprint = field(default_factory=Imprint)
    keys: KeysPlace | None = None
    identity: OidcPlace | CasPlace | None = None
    timestamps: TimestampsPlace | None = None
    exposed_secrets: tuple[ExposedSecret, ...] = ()
    services: ServiceSecrets = field(default_factory=ServiceSecrets)
    program: str = ""
    administrators_from: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    @property
    def loopback(self) -> bool:
        """Return whether only this machine can reach the server."""
        return is_loopback(self.host)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that ``environment`` gives, with defaults for a single machine.

    Raises:
        BadSetting: if a value cannot be used, or a name is misspelt.
    """
    demand_spelt(environment)
    with_all = with_secrets(environment)
    settings = _with_bounds(_read(with_all), with_all)
    demand_encrypted(settings, with_all)
    days = number(environment, "LAUREL_SECRET_DAYS", 90, 0, 3650)
    services = ServiceSecrets(secrets_in_use(with_all), days)
    return replace(settings, exposed_secrets=exposed_secrets(environment), services=services)


def _read(environment: Mapping[str, str]) -> Settings:
    data = Path(environment.get("LAUREL_DATA", "var"))
    host = environment.get("LAUREL_HOST", "127.0.0.1")
    port = number(environment, "LAUREL_PORT", 8000, 0, 65535)
    demo = flag(environment, "LAUREL_DEMO")
    if demo:
        demand_loopback(host)
        _demand_nobody_in_front(environment)
    return Settings(
        database=database_address(
            environment.get("LAUREL_DATABASE") or f"sqlite:///{data / 'laurel.db'}", "LAUREL_DATABASE"
        ),
        data=data,
        host=host,
        port=port,
        threads=number(environment, "LAUREL_THREADS", 8, 1, 64),
        https=flag(environment, "LAUREL_HTTPS"),
        demo=demo,
        public_url=web_address(environment, "LAUREL_PUBLIC_URL", f"http://{host}:{port}").rstrip("/"),
        session_hours=number(environment, "LAUREL_SESSION_HOURS", 12, 1, 24 * 14),
        idle_minutes=number(environment, "LAUREL_IDLE_MINUTES", 30, 0, 24 * 60),
        step_up_minutes=number(environment, "LAUREL_STEP_UP_MINUTES", 15, 0, 24 * 60),
        password_days=number(environment, "LAUREL_PASSWORD_DAYS", 0, 0, 3650),
        upload_bytes=number(environment, "LAUREL_UPLOAD_MEGABYTES", 50, 1, 2048) * 1024 * 1024,
        smtp=smtp_in(environment),
        ballot_keys=Path(environment.get("LAUREL_BALLOT_KEYS") or f"{data}-ballot-keys"),
        trusted_proxy=address(environment, "LAUREL_TRUSTED_PROXY"),
        fonts=folder(environment, "LAUREL_FONTS"),
        languages=folder(environment, "LAUREL_LANGUAGES"),
        webhook=webhook_in(environment),
        metrics_token=secret(environment, "LAUREL_METRICS_TOKEN"),
        folder_key=secret(environment, "LAUREL_FOLDER_KEY"),
        files=files_in(environment, data),
        backups=place(environment, "LAUREL_BACKUPS"),
        certificate=place(environment, "LAUREL_CERTIFICATE"),
        anchors=folder(environment, "LAUREL_ANCHORS"),
        anchors_mail=anchors_mail_in(environment),
        timestamps=timestamps_in(environment),
        database_wait=number(environment, "LAUREL_DATABASE_WAIT", 60, 0, 3600),
        rating_days=number(environment, "LAUREL_RATING_DAYS", 15, 1, 90),
        imprint=imprint_in(environment),
        keys=keys_in(environment),
        identity=identity_in(environment),
        separation=one_of(environment, "LAUREL_SEPARATION", ("", "three", "one")) or ("one" if demo else "three"),
        second_factor=roles(environment, "LAUREL_SECOND_FACTOR"),
        scanner=scanner_in(environment),
        **_cryptography_in(environment, data),
        log=one_of(environment, "LAUREL_LOG", ("", "json", "text")),
        transfer_to=database_address(environment.get("LAUREL_TRANSFER_TO", ""), "LAUREL_TRANSFER_TO"),
    )


def _with_bounds(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """Return the settings with how much may be uploaded, how often one asks, and what HTTPS covers; raises BadSetting."""
    return replace(
        settings,
        requests=requests_in(environment),
        program=program_in(environment),
        administrators_from=networks(environment, "LAUREL_ADMINISTRATORS_FROM"),
        https_below=flag({"LAUREL_HTTPS_BELOW": "yes", **environment}, "LAUREL_HTTPS_BELOW"),
        public_address_bytes=number(environment, "LAUREL_PUBLIC_ADDRESS_MEGABYTES", 400, 1, 10**6) * 1024 * 1024,
        public_bytes=number(environment, "LAUREL_PUBLIC_MEGABYTES", 5000, 1, 10**8) * 1024 * 1024,
        person_bytes=number(environment, "LAUREL_PERSON_MEGABYTES", 2000, 1, 10**6) * 1024 * 1024,
        case_bytes=number(environment, "LAUREL_CASE_MEGABYTES", 5000, 1, 10**7) * 1024 * 1024,
        public_hours=number(environment, "LAUREL_PUBLIC_HOURS", 48, 1, 24 * 60),
    )


def _cryptography_in(environment: Mapping[str, str], data: Path) -> dict[str, Any]:
    """Return what records are hashed and signed by, and what columns and backups are encrypted by; raises BadSetting."""
    return {
        "digest": one_of(environment, "LAUREL_DIGEST", ("", *DIGESTS)) or SHA256,
        "signature": signature_in(environment),
        "cipher": one_of(environment, "LAUREL_CIPHER", ("", *CIPHERS)) or AES,
        "data_keys": Path(environment.get("LAUREL_DATA_KEYS") or f"{data}-data-keys/keys"),
        "backup_recipients": place(environment, "LAUREL_BACKUP_RECIPIENTS"),
    }


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
    found += ["LAUREL_HTTPS"] if flag(environment, "LAUREL_HTTPS") else []
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
