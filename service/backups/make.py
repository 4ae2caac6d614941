"""Make a backup: database and stored files in one archive, encrypted for those who may open it."""

from __future__ import annotations

import io
import json
import secrets
import tarfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.backups.contents import DATA_KEYS, MARK, NOTE, add_files, add_member, stored_files
from service.backups.databases import dump_into, table_names
from service.backups.keys import demand_data_keys, keys_of_database
from service.backups.scratch import scratch_folder, settle
from service.backups.times import demo_ahead
from service.settings import Settings
from service.store import DataKeys, Store
from service.store.files.age_files import encrypt_for


def make(settings: Settings, target: Path, *, plain: bool = False) -> str:
    """Write a backup to ``target``: the database first, then the files, so that every row finds its file.

    It is encrypted for the recipients that the settings name; without any it is made only if it may be ``plain``.
    """
    if target.exists():
        raise SystemExit(f"{target} 已存在，不覆盖。 / {target} exists and is not overwritten.")
    _demand_in_use(settings)
    recipients = None if plain else settings.backup_recipients
    if recipients is None and not plain and not settings.demo:
        raise SystemExit(
            "备份含全部个人信息，须加密：请用 age-keygen 生成密钥，把公钥写入一个文件，并让 LAUREL_BACKUP_RECIPIENTS 指向它；"
            "确实不加密的（例如存放处已加密），加 --plain。什么也没有写。 / A backup holds all personal data and is encrypted:"
            " make a key by age-keygen, put its public half into a file and let LAUREL_BACKUP_RECIPIENTS name it; --plain"
            " writes it as it is, as to a place that is encrypted itself. Nothing was written."
        )
    if recipients is not None:
        demand_data_keys(settings)
    with scratch_folder(target.resolve().parent) as scratch:
        ahead = demo_ahead(settings)
        begun = datetime.now(UTC) + (ahead or timedelta())
        dump = dump_into(settings, scratch)
        note = scratch / NOTE
        newest = DataKeys(settings.data_keys, settings.cipher).ids[-1:]
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
            if recipients is not None and settings.data_keys.is_file():
                add_member(archive, DATA_KEYS, io.BytesIO(settings.data_keys.read_bytes()))
        if recipients is not None:
            clear, unfinished = unfinished, scratch / "backup.age"
            encrypt_for(recipients, clear, unfinished)
            clear.unlink()
        unfinished.chmod(0o600)
        settle(unfinished, target)
    told = "已加密" if recipients is not None else "未加密，也不含数据密钥"
    also = "encrypted" if recipients is not None else "not encrypted, and without the data keys"
    if gone:
        told += f"；{gone} 个文件在备份期间到期清除，不在其中"
        also += f"; {gone} files were erased meanwhile and are not in it"
    return f"已备份到 {target}（{target.stat().st_size / 1e6:.1f} MB，{told}） / backed up, {also}"


def _demand_in_use(settings: Settings) -> None:
    """Raise RestoreUnfinished where a restore was begun and not finished."""
    if table_names(settings):
        with closing(Store(settings.database, settings.files)) as store:
            store.knows_tables()
