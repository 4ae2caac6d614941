"""Whether database, files and ballot keys belong together: what one process kept, every other must find."""

from __future__ import annotations

import hashlib
import secrets

from service.casework.desk.desk import Desk, KeyKeeper
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import DataKeys, Store
from service.store.models.work import InstallationRow

LOG = "log"
"""Name of the secret of the log: it is there once something was written by this folder of keys."""

_SECRET = "installation"  # noqa: S105  its name; the secret itself is in the folder of ballot keys


class NotTogether(Conflict):
    """This process was given a store of files or a folder of keys that another database belongs to."""

    code = "not_together"


def require_belonging(desk: Desk) -> None:
    """Refuse to go on where files, ballot keys or data keys are not those of the database; the first process settles them.

    Raises:
        DataKeysMissing: if what was written first or last in a column is encrypted under a key that is not here.
        KeysUnreadable: if the file of data keys is damaged, or closed to this process.
        NotTogether: if a file kept here would not be found by another process, or the other way round.
    """
    if desk.premises.data_keys is not None:
        require_data_keys(desk.store, desk.premises.data_keys)
    marks = _build_marks(desk)
    with desk.store.write() as tx:
        row = tx.installation.settle(marks)
    if row.files != marks.files:
        raise NotTogether(
            Text(
                "这里的文件存放处不是这个数据库的：另一个进程把附件和文书放在别处（LAUREL_DATA 或 LAUREL_FILES 不同）。"
                "请让所有进程使用同一个存放处；确已更换的，用备份恢复一次（laurel restore）。",
                "The store of files here is not that of this database: another process keeps files elsewhere (LAUREL_DATA or"
                " LAUREL_FILES differ). Let all processes use the same; if it was replaced, bring back a backup (laurel restore).",
            )
        )
    if row.keys != marks.keys:
        raise NotTogether(
            Text(
                "这里的表决密钥目录不是这个数据库的，在此投票和计票都会失败（LAUREL_BALLOT_KEYS 不同）。"
                "请让所有进程使用同一个目录；确已更换的，用备份恢复一次（laurel restore），进行中的表决须重新进行。",
                "The folder of ballot keys here is not that of this database: nobody could vote or count (LAUREL_BALLOT_KEYS"
                " differs). Let all processes use the same; if it was replaced, bring back a backup (laurel restore), and vote anew what is open.",
            )
        )


def require_data_keys(store: Store, keys: DataKeys) -> None:
    """Raise DataKeysMissing where the first or last rows of a table are encrypted under a key that is not here."""
    with store.read() as tx:
        tx.encrypted.require_at_ends(keys)


def begin_data_keys(store: Store, keys: DataKeys | None) -> None:
    """Make the first data key of an installation; raises DataKeysMissing where the database was encrypted under one that is gone."""
    if keys is None or store.in_memory or keys.ids:
        return
    if store.knows_tables():
        require_data_keys(store, keys)
    keys.make(first=True)


def keys_are_missing(desk: Desk) -> bool:
    """Return whether the folder of ballot keys is not, or no longer, the one that belongs to the database; makes nothing."""
    with desk.store.read() as tx:
        row = tx.installation.find(id=1)
    if row is None:
        return False
    return mark_of_keys(desk.ballot_keys) != row.keys


def mark_of_keys(keys: KeyKeeper) -> str | None:
    """Return by what a database knows a folder of keys; None where none was used yet, and nothing is made."""
    secret = keys.find_stored_secret(_SECRET)
    return None if secret is None else hashlib.sha256(secret).hexdigest()


def adopt_database_storage(desk: Desk) -> None:
    """Let the files and the ballot keys of this process be those of the database from now on, as a restore brings them back.

    Raises NotTogether for keys by which another installation works already: no row of this database was recorded by them.
    """
    marks = _build_marks(desk)
    with desk.store.write() as tx:
        row = tx.installation.settle(marks)
        if row.keys != marks.keys and desk.ballot_keys.find_stored_secret(LOG) is not None:
            raise NotTogether(
                Text(
                    "这里的密钥目录（LAUREL_BALLOT_KEYS）正由另一套安装使用：这个数据库的记录不是以它记下的，采用后结果数据都会列为与记录不符，"
                    "别处的安装也会与之混淆。什么也没有改动：请指向本安装自己的目录；密钥已经丢失的，指向一个空目录再运行。",
                    "Another installation works by the folder of keys here (LAUREL_BALLOT_KEYS): nothing on record in"
                    " this database was recorded by them, and all data that decide would be named as differing. Nothing was changed: name this"
                    " installation's own folder; where its keys are lost, an empty one.",
                )
            )
        tx.installation.change(1, files=marks.files, keys=marks.keys)


def _build_marks(desk: Desk) -> InstallationRow:
    keys = hashlib.sha256(desk.ballot_keys.secret(_SECRET)).hexdigest()
    return InstallationRow(files=desk.store.files.mark(secrets.token_hex(16)), keys=keys, made_at=desk.clock.now())
