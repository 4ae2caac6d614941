"""What an installation stands on, as its settings name it: the machine, the scanner, the space for the public."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from service.casework.desk.desk import Desk
from service.casework.desk.premises import OwnSpace, Premises, PublicSpace, SignInRules, Volume
from service.domain.text import Text
from service.office import Scanner
from service.settings import Settings
from service.store import DataKeys
from service.store.connections.database import sqlite_file


def sign_in_rules_of(settings: Settings) -> SignInRules:
    """Return the rules; where the clock is moved by hand, in a demonstration, no sign-in grows old."""
    if settings.demo:
        return SignInRules()
    return SignInRules(
        _minutes(settings.idle_minutes),
        _minutes(settings.step_up_minutes),
        timedelta(days=settings.password_days) if settings.password_days else None,
        settings.administrators_from,
    )


def _minutes(count: int) -> timedelta | None:
    return timedelta(minutes=count) if count else None


def premises_of(settings: Settings) -> Premises:
    """Return the folders and the certificate that are looked after."""
    volumes = [
        Volume("data", Text("数据目录", "Data"), settings.data),
        Volume("ballot-keys", Text("表决密钥目录", "Ballot keys"), settings.ballot_keys),
    ]
    if isinstance(settings.files, Path):
        volumes.insert(1, Volume("files", Text("附件目录", "Files"), settings.files))
    file = sqlite_file(settings.database)
    if file is not None and file.parent != settings.data.resolve():
        volumes.append(Volume("database", Text("数据库目录", "Database"), file.parent))
    if settings.backups is not None:
        volumes.append(Volume("backups", Text("备份目录", "Backups"), settings.backups))
    if settings.anchors is not None:
        volumes.append(Volume("anchors", Text("记录头目录", "Signed heads"), settings.anchors))
    return Premises(
        tuple(volumes),
        settings.backups,
        settings.certificate,
        settings.anchors,
        settings.digest,
        sign_in_rules_of(settings),
        DataKeys(settings.data_keys, settings.cipher),
        settings.exposed_secrets,
        settings.anchors_mail,
        settings.sign_command,
    )


def settled(desk: Desk, settings: Settings) -> Desk:
    """Return a desk with the space for uploads, the time limits of its own and the scanner that its installation chose."""
    place = settings.scanner
    return replace(
        desk,
        public_space=PublicSpace(settings.public_address_bytes, settings.public_bytes, settings.public_hours),
        own_space=OwnSpace(settings.person_bytes, settings.case_bytes),
        rating_days=settings.rating_days,
        scanner=None if place is None else Scanner(place.path, place.host, place.port, place.needed),
    )
