"""The machine of an installation, as its settings name it."""

from __future__ import annotations

from pathlib import Path

from service.casework.desk.premises import Premises, Volume
from service.domain.text import Text
from service.jobs.sign_in_rules import sign_in_rules_of
from service.settings import Settings


def premises_of(settings: Settings) -> Premises:
    """Return the folders and the certificate that are looked after."""
    volumes = [
        Volume("data", Text("数据目录", "Data"), settings.data),
        Volume("ballot-keys", Text("表决密钥目录", "Ballot keys"), settings.ballot_keys),
    ]
    if isinstance(settings.files, Path):
        volumes.insert(1, Volume("files", Text("附件目录", "Files"), settings.files))
    if settings.backups is not None:
        volumes.append(Volume("backups", Text("备份目录", "Backups"), settings.backups))
    if settings.anchors is not None:
        volumes.append(Volume("anchors", Text("锚定目录", "Anchors"), settings.anchors))
    return Premises(
        tuple(volumes),
        settings.backups,
        settings.certificate,
        settings.anchors,
        settings.separation,
        settings.digest,
        sign_in_rules_of(settings),
        None if settings.rehearsal else settings.keys,
    )
