"""Make a backup: database and stored files in one archive, encrypted for those who may open it."""

from __future__ import annotations

import io
import json
import secrets
import tarfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.backups.databases import dump_into, table_names
from service.backups.keys import encrypt_by, keys_of_database, require_backed_up_keys
from service.backups.scratch import rename_durably, scratch_folder
from service.backups.times import DATA_KEYS, MARK, NOTE, add_files, add_member, demo_ahead, stored_files
from service.settings import Settings
from service.store import DataKeys, Store


def make_backup(settings: Settings, target: Path, *, plain: bool = False) -> str:
    """Write a backup to ``target``: the database first, then the files, so that every row finds its file.

    The operator's command encrypts it; without one it is made only if it may be ``plain``, and then without the data keys.
    """
    if target.exists():
        raise SystemExit(f"{target} 已存在，不覆盖。 / {target} exists and is not overwritten.")
    _require_in_use(settings)
    command = "" if plain else settings.backup_command
    if not command and not plain and not settings.demo:
        raise SystemExit(
            "备份须加密：请在 LAUREL_BACKUP_COMMAND 中写明加密的命令（标准输入是备份，标准输出是密文，如 age -R 公钥文件）；"
            "确实不加密的，加 --plain：数据库中加密的列仍是密文，附件、姓名、文书则是明文，数据密钥不在其中。什么也没有写。"
            " / A backup is encrypted: name the command by LAUREL_BACKUP_COMMAND (it reads the backup and writes what is"
            " encrypted, such as age -R FILE); --plain writes it as it is: encrypted columns stay encrypted, while files, names and"
            " documents are plain, and the data keys are left out. Nothing was written."
        )
    if command:
        require_backed_up_keys(settings)
    with scratch_folder(target.resolve().parent) as scratch:
        ahead = demo_ahead(settings)
        begun = datetime.now(UTC) + (ahead or timedelta())
        dump = dump_into(settings, scratch)
        note = scratch / NOTE
        newest = DataKeys(settings.data_keys, settings.cipher).ids
        led = {} if ahead is None else {"ahead": ahead.total_seconds()}
        keys = keys_of_database(settings)
        note.write_text(json.dumps({"at": begun.isoformat(), "data_keys": newest, "keys": keys, **led}))
        unfinished = scratch / "backup.tar.gz"
        with tarfile.open(unfinished, "w:gz") as archive:
            archive.add(dump, dump.name)
            archive.add(note, NOTE)
            files = stored_files(settings)
            add_member(archive, MARK, io.BytesIO(files.mark(secrets.token_hex(16)).encode()))
            gone = add_files(archive, files)
            if command and settings.data_keys.is_file():
                add_member(archive, DATA_KEYS, io.BytesIO(settings.data_keys.read_bytes()))
        if command:
            clear, unfinished = unfinished, scratch / "backup.encrypted"
            encrypt_by(command, clear, unfinished)
            clear.unlink()
        unfinished.chmod(0o600)
        rename_durably(unfinished, target)
    encryption_note = "已加密" if command else "未加密，也不含数据密钥"
    also = "encrypted" if command else "not encrypted, and without the data keys"
    if gone:
        encryption_note += f"；{gone} 个文件在备份期间到期清除，不在其中"
        also += f"; {gone} files were erased meanwhile and are not in it"
    return f"已备份到 {target}（{target.stat().st_size / 1e6:.1f} MB，{encryption_note}） / backed up, {also}"


def _require_in_use(settings: Settings) -> None:
    """Raise RestoreUnfinished where a restore was begun and not finished."""
    if table_names(settings):
        with closing(Store(settings.database, settings.files)) as store:
            store.knows_tables()
