"""The keys of encrypted data, which an encrypted backup holds, and its encryption by the operator's command."""

from __future__ import annotations

import json
import shlex
import subprocess
from contextlib import closing
from pathlib import Path

from service.backups.scratch import rename_durably
from service.backups.times import DATA_KEYS, NOTE
from service.settings import Settings
from service.store import DataKeys, Store

_GZIP = b"\x1f\x8b"


def encrypt_by(command: str, source: Path, target: Path) -> None:
    """Write what ``command`` makes of a file, which it gets on its standard input; leaves with a sentence where it fails."""
    with source.open("rb") as plain, target.open("wb") as encrypted:
        try:
            subprocess.run(shlex.split(command), stdin=plain, stdout=encrypted, stderr=subprocess.PIPE, check=True)  # noqa: S603  the operator set it
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            why = (
                error.stderr.decode(errors="replace").strip()
                if isinstance(error, subprocess.CalledProcessError)
                else ""
            )
            raise SystemExit(
                f"LAUREL_BACKUP_COMMAND 没有加密成功（{why or error}），什么也没有写。"
                f" / The command of LAUREL_BACKUP_COMMAND failed ({why or error}); nothing was written."
            ) from None
    with target.open("rb") as made:
        if made.read(len(_GZIP)) in (b"", _GZIP):
            raise SystemExit(
                "LAUREL_BACKUP_COMMAND 的输出不是密文，什么也没有写：命令应把标准输入加密后写到标准输出。"
                " / What LAUREL_BACKUP_COMMAND wrote is not encrypted; nothing was written: it encrypts its standard input and"
                " writes to its standard output."
            )


def is_encrypted(file: Path) -> bool:
    """Return whether a file is something else than the archive that a backup is."""
    with file.open("rb") as opened:
        return opened.read(len(_GZIP)) != _GZIP


def require_backed_up_keys(settings: Settings) -> None:
    """Refuse a backup without the keys of what is encrypted: older ones, which hold them, would be removed for it.

    Raises:
        DataKeysMissing, KeysUnreadable: where their file is lost, or cannot be read.
    """
    keys = DataKeys(settings.data_keys, settings.cipher)
    with closing(Store(settings.database, settings.files, keys=keys)) as store:
        if store.knows_tables():
            with store.read() as tx:
                tx.encrypted.require_at_ends(keys)


def keys_of_database(settings: Settings) -> str | None:
    """Return by what the database knows its folder of keys; None where no process settled that yet."""
    with closing(Store(settings.database, settings.files)) as store:
        if not store.knows_tables():
            return None
        with store.read() as tx:
            row = tx.installation.find(id=1)
    return None if row is None else row.keys


def put_data_keys(settings: Settings, keys_file: Path) -> None:
    """Put the keys of encrypted columns and files where they belong; keys that are there already stay, and come first."""
    if not keys_file.is_file():
        return
    place = settings.data_keys
    there = place.read_text("ascii").splitlines(keepends=True) if place.is_file() else []
    lines = [line for line in keys_file.read_text("ascii").splitlines(keepends=True) if line not in there]
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.part")
    part.touch(mode=0o600)
    part.write_text("".join([*there, *lines]), "ascii")
    rename_durably(part, place)


def require_keys_at_hand(settings: Settings, scratch: Path) -> None:
    """Refuse a backup whose key nobody here has, before anything is put: its files would lie open, its rows unreadable."""
    note = scratch / NOTE
    needed = set(json.loads(note.read_text()).get("data_keys", ())) if note.exists() else set()
    for file in (settings.data_keys, scratch / DATA_KEYS):
        needed -= set(DataKeys(file, settings.cipher).ids)
    if needed:
        ident = needed.pop()
        raise SystemExit(
            f"备份里的个人信息用数据密钥 {ident} 加密，{settings.data_keys} 中没有它，什么也没有改动：请把当时另外保管的数据密钥文件"
            "放到这里（已有别的安装的密钥的，换一个空的地方），再运行一次。"
            f" / Its personal data are encrypted under the data key {ident}, which is not in {settings.data_keys}; nothing was"
            " changed: put the file of data keys that was kept apart there, and run it again."
        )


def require_no_other_keys(settings: Settings, scratch: Path) -> None:
    """Refuse a backup beside keys of another installation, or some of its own alone: by others its records were not written."""
    from service.casework.desk.belonging import LOG, mark_of_keys
    from service.store import KeyFiles

    note = scratch / NOTE
    needed = json.loads(note.read_text()).get("keys") if note.exists() else None
    keys = KeyFiles(settings.ballot_keys)
    there = mark_of_keys(keys)
    in_use = there is not None or keys.find_stored_secret(LOG) is not None
    if needed is not None and there != needed and in_use:
        raise SystemExit(
            f"{settings.ballot_keys} 里是另一套安装的密钥（*.secret），或者只是本安装的一部分，备份里的记录不是用它写的，恢复后每一行都算被改动；"
            "什么也没有改动：请把备份所属安装的 *.secret 放进一个空的目录，并让 LAUREL_BALLOT_KEYS 指向它；已经没有的，"
            "指向一个空目录，恢复后照 README 的“恢复到另一台机器”办理。"
            f" / {settings.ballot_keys} holds the keys of another installation, or some of this one alone: the records in the backup were not"
            " written with them, so every row would count as changed. Nothing was changed: put *.secret of the installation"
            " that the backup is of into an empty folder and let LAUREL_BALLOT_KEYS name it; where they are lost, name an empty folder and go on"
            " as the README says of another machine."
        )
