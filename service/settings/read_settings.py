"""The settings of an installation, read from its environment: each with its default for a single machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from service.domain.proof.algorithms import AES, CIPHERS, DIGESTS, SHA256
from service.settings.database_address import database_address
from service.settings.identity import identity_in
from service.settings.imprint import imprint_in
from service.settings.loopback import demand_loopback, demand_nobody_in_front
from service.settings.names import demand_spelt
from service.settings.outside import (
    anchors_mail_in,
    files_in,
    scanner_in,
    smtp_in,
    webhook_in,
)
from service.settings.plain_lines import demand_encrypted
from service.settings.reading import (
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
    web_address,
)
from service.settings.secrets import ServiceSecrets, exposed_secrets, secrets_in_use, with_secrets
from service.settings.settings import Settings


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
        demand_nobody_in_front(environment)
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
        files=files_in(environment, data),
        backups=place(environment, "LAUREL_BACKUPS"),
        certificate=place(environment, "LAUREL_CERTIFICATE"),
        anchors=folder(environment, "LAUREL_ANCHORS"),
        anchors_mail=anchors_mail_in(environment),
        sign_command=environment.get("LAUREL_SIGN_COMMAND", "").strip(),
        database_wait=number(environment, "LAUREL_DATABASE_WAIT", 60, 0, 3600),
        rating_days=number(environment, "LAUREL_RATING_DAYS", 15, 1, 90),
        imprint=imprint_in(environment),
        identity=identity_in(environment),
        separation=one_of(environment, "LAUREL_SEPARATION", ("", "three", "one")) or ("one" if demo else "three"),
        second_factor=roles(environment, "LAUREL_SECOND_FACTOR"),
        scanner=scanner_in(environment),
        **_cryptography_in(environment, data),
        log=one_of(environment, "LAUREL_LOG", ("", "json", "text")),
        database_owner=database_address(environment.get("LAUREL_DATABASE_OWNER", ""), "LAUREL_DATABASE_OWNER"),
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
    """Return what records are hashed by, and what columns and backups are encrypted by; raises BadSetting."""
    return {
        "digest": one_of(environment, "LAUREL_DIGEST", ("", *DIGESTS)) or SHA256,
        "cipher": one_of(environment, "LAUREL_CIPHER", ("", *CIPHERS)) or AES,
        "data_keys": Path(environment.get("LAUREL_DATA_KEYS") or f"{data}-data-keys/keys"),
        "backup_command": environment.get("LAUREL_BACKUP_COMMAND", "").strip(),
    }
