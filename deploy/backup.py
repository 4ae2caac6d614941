"""Back an installation up and bring it back: ``python deploy/backup.py make FILE`` and ``… restore FILE --identity KEY``.

A backup is encrypted (age) for the recipients in ``LAUREL_BACKUP_RECIPIENTS`` and then holds the data keys; ``make --plain``
encrypts nothing and leaves them out.

Settings are those of the server (``LAUREL_DATABASE``, ``LAUREL_DATA``, ``LAUREL_FILES``; or the file in ``LAUREL_SETTINGS``).
A backup is one .tar.gz (.age where it is encrypted) with the database and every stored file; it may be made while the
server runs. The keys of ballots are never in it:
see deploy/README.md.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import secrets
import shutil
import sqlite3
import stat
import subprocess
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, LiteralString

from service.cli.operator_words import words_of
from service.domain.errors import LaurelError, NotFound
from service.domain.wording.cause_words import cause_words
from service.settings import Settings, read_environment_file, read_settings
from service.store import DataKeys, FileStore, Store, open_files
from service.store.files.age_files import decrypt_by, encrypt_for, is_age
from service.store.held_folder import held_folder
from service.store.restoring import MARK as UNFINISHED

if TYPE_CHECKING:
    import psycopg

SQLITE, POSTGRES, FILES, NOTE, MARK = "laurel.db", "laurel.dump", "files", "backup.json", "mark"
DATA_KEYS = "data-keys"
SCRATCH = "unfinished-backup-"
"""How folders begin whose content is not encrypted yet."""


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
        _demand_data_keys(settings)
    with _scratch(target.resolve().parent) as scratch:
        ahead = _demo_ahead(settings)
        begun = datetime.now(UTC) + (ahead or timedelta())
        dump = _dump(settings, scratch)
        note = scratch / NOTE
        newest = DataKeys(settings.data_keys, settings.cipher).ids[-1:]
        led = {} if ahead is None else {"ahead": ahead.total_seconds()}
        keys = _keys_of_database(settings)
        note.write_text(json.dumps({"at": begun.isoformat(), "data_keys": newest, "keys": keys, **led}))
        unfinished = scratch / "backup.tar.gz"
        with tarfile.open(unfinished, "w:gz") as archive:
            archive.add(dump, dump.name)
            archive.add(note, NOTE)
            files = _files(settings)
            _add(archive, MARK, io.BytesIO(files.mark(secrets.token_hex(16)).encode()))
            gone = _add_files(archive, files)
            if recipients is not None and settings.data_keys.is_file():
                _add(archive, DATA_KEYS, io.BytesIO(settings.data_keys.read_bytes()))
        if recipients is not None:
            clear, unfinished = unfinished, scratch / "backup.age"
            encrypt_for(recipients, clear, unfinished)
            clear.unlink()
        unfinished.chmod(0o600)
        _settle(unfinished, target)
    told = "已加密" if recipients is not None else "未加密，也不含数据密钥"
    also = "encrypted" if recipients is not None else "not encrypted, and without the data keys"
    if gone:
        told += f"；{gone} 个文件在备份期间到期清除，不在其中"
        also += f"; {gone} files were erased meanwhile and are not in it"
    return f"已备份到 {target}（{target.stat().st_size / 1e6:.1f} MB，{told}） / backed up, {also}"


def _add_files(archive: tarfile.TarFile, files: FileStore) -> int:
    """Add every stored file; returns how many went meanwhile, as by an erasure, which is done once more after a restore."""
    gone = 0
    for name in files.names():
        try:
            content = files.open(name)
        except NotFound:
            gone += 1
            continue
        with content:
            _add(archive, f"{FILES}/{name[:2]}/{name}", content)
    return gone


def restore(settings: Settings, source: Path, *, identity: Path | None = None) -> str:
    """Bring a backup back into an empty place; refuses where there is something already, and goes on where it broke off.

    No server may be at work on the database, not even one whose file was moved away. The database bears a mark from
    before it is loaded until its epoch has begun: meanwhile the program starts nowhere. One that is encrypted is opened by
    ``identity``, and the data keys in it are put where none are yet.
    """
    from service.app import Installation

    with _scratch(Path(tempfile.gettempdir())) as scratch:
        if is_age(source):
            demand_space(scratch, source.stat().st_size)
        try:
            archived = _opened(source, identity, scratch)
            with tarfile.open(archived, "r:gz") as archive:
                demand_space(scratch, sum(member.size for member in archive))
            with tarfile.open(archived, "r:gz") as archive:
                archive.extractall(scratch, filter="data")
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:  # of the disk, such as one that is full
                raise
            raise SystemExit(
                f"备份读不出，可能已损坏。 / The backup cannot be read, and may be damaged: {error}."
            ) from None
        spoiled = [p.name for p in (scratch / FILES).rglob("*") if p.is_file() and _digest(p) != p.name]
        if spoiled:
            raise SystemExit(f"备份已损坏：{spoiled[0]} 等 {len(spoiled)} 个文件。 / The backup is damaged.")
        dump = _dump_in(settings, scratch)
        saved = _saved_at(scratch, dump)
        ahead = _noted_ahead(settings, scratch)
        _demand_past(settings, saved, ahead)
        _demand_keys_at_hand(settings, scratch)
        with Installation(settings).stopped():
            begun, loaded = _demand_room(settings, saved)
            if not begun:
                _demand_no_other_keys(settings, scratch)
                _mark(settings, saved, scratch)
            _lead_clock(settings, ahead)
            _put_data_keys(settings, scratch / DATA_KEYS)
            count = _put_files(scratch, _files(settings))
            if not loaded:
                _load(settings, dump, saved)
            found = _begun(settings, saved, source.name)
    return (
        f"已恢复数据库和 {count} 个文件，记录到 {saved:%Y-%m-%d %H:%M} UTC 为止；{len(found['ballots'])} 次表决重新发起，"
        "邮件等在“监控—恢复核对”中放行后才发出；请运行 laurel doctor。"
        " / restored; mail waits until it is released in the monitor; run laurel doctor"
    )


def demand_space(folder: Path, needed: int) -> None:
    """Refuse, before anything is unpacked, where the volume of ``folder`` has no room for so many bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SystemExit(
            f"临时目录 {folder.parent} 所在的磁盘剩余 {_gigabytes(free)}，解开备份需要 {_gigabytes(needed)}，什么也没有改动："
            "请腾出空间，或者用环境变量 TMPDIR 指定另一个磁盘上的目录，再运行一次。"
            f" / The disk of the temporary folder {folder.parent} has {_gigabytes(free)} left, and the backup takes"
            f" {_gigabytes(needed)} when it is unpacked; nothing was changed: make room, or name a folder on another disk by the"
            " environment variable TMPDIR, then run it again."
        )


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"


def _demand_in_use(settings: Settings) -> None:
    """Raise RestoreUnfinished or CarriedOver where the database is not, or no longer, the one that people use."""
    if _tables(settings):
        with closing(Store(settings.database, settings.files)) as store:
            store.knows_tables()


def _demand_data_keys(settings: Settings) -> None:
    """Refuse a backup without the keys of what is encrypted: older ones, which hold them, would be removed for it.

    Raises:
        DataKeysMissing, KeysUnreadable: where their file is lost, or cannot be read.
    """
    keys = DataKeys(settings.data_keys, settings.cipher)
    with closing(Store(settings.database, settings.files, keys=keys)) as store:
        if store.knows_tables():
            with store.read() as tx:
                tx.sealing.demand_at_ends(keys)


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Make a folder for what is not encrypted; those of the same user's runs that were killed are removed first."""
    for left in folder.glob(f"{SCRATCH}*"):
        found = left.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
            with suppress(BlockingIOError), held_folder(left):
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder) as made, held_folder(Path(made)):
        yield Path(made)


def _settle(part: Path, target: Path) -> None:
    """Let a file take its name once the disk has it whole: a loss of power leaves the one before, or this."""
    _sync(part)
    part.rename(target)
    _sync(target.parent)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _opened(source: Path, identity: Path | None, scratch: Path) -> Path:
    """Return the archive of a backup, decrypted into ``scratch`` where it is encrypted."""
    if not is_age(source):
        return source
    if identity is None:
        raise SystemExit(
            "这个备份是加密的，请用 --identity 指出私钥文件，什么也没有改动。"
            " / This backup is encrypted: name the file of the identity by --identity. Nothing was changed."
        )
    clear = scratch / "backup.tar.gz"
    decrypt_by(identity, source, clear)
    return clear


def _put_data_keys(settings: Settings, kept: Path) -> None:
    """Put the keys of encrypted columns where they belong; keys that are there already stay, others come before them."""
    if not kept.is_file():
        return
    place = settings.data_keys
    there = place.read_text("ascii").splitlines(keepends=True) if place.is_file() else []
    lines = [line for line in kept.read_text("ascii").splitlines(keepends=True) if line not in there]
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.part")
    part.touch(mode=0o600)
    part.write_text("".join([*lines, *there]), "ascii")
    _settle(part, place)


def _demand_keys_at_hand(settings: Settings, scratch: Path) -> None:
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


def _keys_of_database(settings: Settings) -> str | None:
    """Return by what the database knows its folder of keys; None where no process settled that yet."""
    with closing(Store(settings.database, settings.files)) as store:
        if not store.knows_tables():
            return None
        with store.read() as tx:
            kept = tx.installation.kept()
    return None if kept is None else kept.keys


def _demand_no_other_keys(settings: Settings, scratch: Path) -> None:
    """Refuse a backup beside the keys of another installation: nothing in it would bear their seals, nobody could sign in."""
    from service.casework.desk.belonging import mark_of_keys
    from service.store import KeyFiles
    from service.store.secrecy.wrapped_secrets import FolderKey

    opener = FolderKey(settings.folder_key, settings.cipher) if settings.folder_key else None
    note = scratch / NOTE
    needed = json.loads(note.read_text()).get("keys") if note.exists() else None
    there = mark_of_keys(KeyFiles(settings.ballot_keys, folder_key=opener))
    if needed is not None and there not in (None, needed):
        raise SystemExit(
            f"{settings.ballot_keys} 里是另一套安装的密钥（*.secret），备份里的账号、角色、记录都没有它的印记，恢复后谁也不能登录；"
            "什么也没有改动：请把备份所属安装的 *.secret 和 *.notes 放进一个空的目录，并让 LAUREL_BALLOT_KEYS 指向它；已经没有的，"
            "指向一个空目录，恢复后照 README 的“恢复到另一台机器”办理。"
            f" / {settings.ballot_keys} holds the keys of another installation: no account, role or record in the backup bears its"
            " seal, and nobody could sign in. Nothing was changed: put *.secret and *.notes of the installation that the backup"
            " is of into an empty folder and let LAUREL_BALLOT_KEYS name it; where they are lost, name an empty folder and go on"
            " as the README says of another machine."
        )


def _begun(settings: Settings, saved: datetime, name: str) -> Mapping[str, Any]:
    """Begin the epoch of this restore; returns what it changed. Only this needs the whole program."""
    import handlers
    from service.app import Installation
    from service.casework.access.actor import SYSTEM
    from service.casework.desk.belonging import adopt
    from service.casework.due.begin_epoch import begin_epoch

    handlers.load()
    desk = Installation(settings, restoring=True).desk()
    adopt(desk)
    found: Mapping[str, Any] = begin_epoch(desk, SYSTEM, saved, f"备份 {name}").found
    return found


def _saved_at(folder: Path, dump: Path) -> datetime:
    """Return when the backup was made; one of an earlier program says it by the time of its database."""
    note = folder / NOTE
    if note.exists():
        return datetime.fromisoformat(str(json.loads(note.read_text())["at"]))
    return datetime.fromtimestamp(dump.stat().st_mtime, UTC)


def _demo_ahead(settings: Settings) -> timedelta | None:
    """Return how far the clock of a prepared demonstration is before the machine's; None where people go by the machine's."""
    from service.app import Installation
    from service.casework.desk.demo_clock import DemoClock

    clock = Installation(settings).clock
    return clock.ahead if isinstance(clock, DemoClock) and clock.moved else None


def _noted_ahead(settings: Settings, folder: Path) -> timedelta | None:
    """Return by how far the clock of this place will be before the machine's: as where the backup of a demonstration was made."""
    note = folder / NOTE
    found = json.loads(note.read_text()).get("ahead") if settings.demo and note.exists() else None
    return None if found is None else timedelta(seconds=float(found))


def _lead_clock(settings: Settings, ahead: timedelta | None) -> None:
    """Let the clock of a demonstration go on as it went where the backup was made; without that nothing is done."""
    if ahead is None:
        return
    from service.app import Installation
    from service.casework.desk.demo_clock import DemoClock

    clock = Installation(settings).clock
    if isinstance(clock, DemoClock):
        clock.move_to(datetime.now(UTC) + ahead)


def _dump(settings: Settings, folder: Path) -> Path:
    if _is_sqlite(settings):
        with (
            closing(sqlite3.connect(f"file:{_sqlite_file(settings)}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(folder / SQLITE)) as copy,
        ):
            live.backup(copy)
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise SystemExit("数据库完整性检查未通过，没有备份。 / The database fails its integrity check.")
        return folder / SQLITE
    _postgres(settings, "pg_dump", "--format=custom", f"--file={folder / POSTGRES}")
    return folder / POSTGRES


def _dump_in(settings: Settings, folder: Path) -> Path:
    """Return the database of the backup; refuses one of the other kind."""
    dump = folder / (SQLITE if _is_sqlite(settings) else POSTGRES)
    if not dump.exists():
        raise SystemExit("备份与 LAUREL_DATABASE 不是同一种数据库。 / The backup is of the other kind of database.")
    return dump


def _demand_past(settings: Settings, saved: datetime, ahead: timedelta | None) -> None:
    """Refuse a backup of the future before anything is changed: by the clock of this place no limit and no gap could be told."""
    from service.app import Installation

    now = Installation(settings).clock.now() if ahead is None else datetime.now(UTC) + ahead
    if saved <= now:
        return
    at, here = f"{saved:%Y-%m-%d %H:%M:%S}", f"{now:%Y-%m-%d %H:%M:%S}"
    if settings.demo and ahead is None:
        raise SystemExit(
            f"这里是演示（LAUREL_DEMO），时钟是 {here} UTC；备份不是在准备好的演示里做的，时间是 {at} UTC。什么也没有改动："
            "真实数据请不设 LAUREL_DEMO 恢复；要演练恢复，请用本版程序在演示里重新做一个备份。"
            f" / This is a demonstration, whose clock says {here}, and the backup was made by another clock ({at}). Nothing was"
            " changed: restore real data without LAUREL_DEMO; to rehearse a restore, make a backup of the demonstration anew."
        )
    raise SystemExit(
        f"备份的时间（{at} UTC）晚于本机现在的时间（{here} UTC），什么也没有改动：请先校正本机时钟，再运行一次。"
        " / The backup is later than this machine's clock and nothing was changed: set the clock right, then run it again."
    )


def _demand_room(settings: Settings, saved: datetime) -> tuple[bool, bool]:
    """Return whether this restore was begun before, and whether its database is loaded; refuses a place that is taken."""
    tables = _tables(settings)
    if UNFINISHED in tables:
        if (before := _marked(settings)) != saved:
            raise SystemExit(
                f"这里有另一个备份（{before:%Y-%m-%d %H:%M:%S} UTC）的恢复没有办完：请用那个备份接着恢复，或者换一个空的地方。"
                " / The restore of another backup was not finished here: go on with that one, or take an empty place."
            )
        return True, len(tables) > 1
    if _is_sqlite(settings):
        for taken in _sqlite_files(settings):
            if taken.exists():
                raise SystemExit(f"{taken} 已存在，请先移走。 / It exists: move it away first.")
    if tables:
        raise SystemExit(
            "目标数据库里已经有表，不覆盖：请新建一个空数据库，并让 LAUREL_DATABASE 指向它。"
            " / The database has tables already: make an empty one and let LAUREL_DATABASE name it."
        )
    return False, False


def _tables(settings: Settings) -> frozenset[str]:
    """Return the names of the tables in the database, none where there is no file; says so where it cannot be reached."""
    if _is_sqlite(settings):
        if not _sqlite_file(settings).exists():
            return frozenset()
        with closing(sqlite3.connect(f"file:{_sqlite_file(settings)}?mode=ro", uri=True)) as live:
            return frozenset(name for (name,) in live.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))
    with _postgres_session(settings) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return frozenset(name for (name,) in found)


@contextmanager
def _postgres_session(settings: Settings) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    import psycopg

    try:
        with psycopg.connect(_postgres_url(settings), connect_timeout=5) as connection:
            yield connection
    except psycopg.Error as error:
        reason = (str(error).splitlines() or [""])[0]
        words = (
            ("连接不上", "cannot be reached")
            if isinstance(error, psycopg.OperationalError)
            else ("不能使用", "cannot be used")
        )
        raise SystemExit(
            f"数据库{words[0]}：请核对 LAUREL_DATABASE，以及数据库是否在运行。 / The database {words[1]}: {reason}."
        ) from None


def _mark(settings: Settings, saved: datetime, scratch: Path) -> None:
    """Let the database say that a restore is under way, in one statement; on SQLite by a file that holds nothing else."""
    if not _is_sqlite(settings):
        with _postgres_session(settings) as connection:
            connection.execute(_marking(saved))
        return
    alone = scratch / "mark.db"
    with closing(sqlite3.connect(alone)) as made:
        made.execute(_marking(saved))
    _sqlite_file(settings).parent.mkdir(parents=True, exist_ok=True)
    _copy(alone, _sqlite_file(settings))


def _marking(saved: datetime) -> LiteralString:
    """Return the statement that makes the mark; a time in ISO 8601 holds nothing that ends a word of SQL."""
    return f"CREATE TABLE {UNFINISHED} AS SELECT '{saved.isoformat()}' AS saved_at"


def _marked(settings: Settings) -> datetime:
    """Return when the backup was made whose restore is under way."""
    asked: LiteralString = "SELECT saved_at FROM unfinished_restore"
    if _is_sqlite(settings):
        with closing(sqlite3.connect(f"file:{_sqlite_file(settings)}?mode=ro", uri=True)) as live:
            return datetime.fromisoformat(live.execute(asked).fetchone()[0])
    with _postgres_session(settings) as connection:
        found = connection.execute(asked).fetchone()
        assert found is not None
        return datetime.fromisoformat(found[0])


def _load(settings: Settings, dump: Path, saved: datetime) -> None:
    """Load the database in one act; what is loaded bears the mark."""
    if not _is_sqlite(settings):
        _postgres(settings, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(dump))
        return
    with closing(sqlite3.connect(dump)) as copy:
        copy.execute(_marking(saved))
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file, *beside = _sqlite_files(settings)
    for left in beside:  # of a program that looked at the mark
        left.unlink(missing_ok=True)
    _copy(dump, file)


def _postgres(settings: Settings, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database; its password is in no argument, which every user could read."""
    import psycopg.conninfo

    url: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(_postgres_url(settings))
    password = url.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    command = [program, f"--dbname={psycopg.conninfo.make_conninfo(**url)}", *arguments]
    try:
        done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603  no shell
    except FileNotFoundError:
        raise SystemExit(f"没有找到 {program}：请安装 postgresql-client。 / {program} is not installed.") from None
    if done.returncode:
        raise SystemExit(f"{program} 没有完成：{done.stderr.strip()} / {program} failed: nothing is kept.")


def _add(archive: tarfile.TarFile, name: str, content: BinaryIO) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = content.seek(0, os.SEEK_END), 0o600, int(time.time())
    content.seek(0)
    archive.addfile(member, content)


def _files(settings: Settings) -> FileStore:
    """Return the stored files; in a backup they are as they were before they were encrypted, so that it names them."""
    return open_files(settings.files, keys=DataKeys(settings.data_keys, settings.cipher))


def _put_files(scratch: Path, files: FileStore) -> int:
    """Files are named by their content: one that is there already is the same file. They bear the mark of the backup."""
    if (mark := scratch / MARK).exists():
        files.mark(mark.read_text(encoding="ascii"))
    count = 0
    for path in (p for p in (scratch / FILES).rglob("*") if p.is_file()):
        with path.open("rb") as content:
            files.put(content)
        count += 1
    return count


def _copy(source: Path, target: Path) -> None:
    part = target.with_name(f"{target.name}.part")
    with source.open("rb") as read, part.open("wb") as write:
        while block := read.read(1 << 20):
            write.write(block)
    _settle(part, target)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_sqlite(settings: Settings) -> bool:
    return settings.database.startswith("sqlite:")


def _sqlite_files(settings: Settings) -> tuple[Path, ...]:
    """Return the database's file and those that SQLite keeps beside it; one of another database would spoil it."""
    file = _sqlite_file(settings)
    return file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")


def _sqlite_file(settings: Settings) -> Path:
    return Path(settings.database.removeprefix("sqlite:///"))


def _postgres_url(settings: Settings) -> str:
    return settings.database.replace("postgresql+psycopg:", "postgresql:", 1)


def _asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="backup.py", description="Back Laurel up, or bring a backup back.")
    acts = asked.add_subparsers(dest="act", required=True)
    making = acts.add_parser("make", help="write a backup, encrypted for LAUREL_BACKUP_RECIPIENTS")
    making.add_argument("file", type=Path)
    making.add_argument("--plain", action="store_true", help="do not encrypt it")
    restoring = acts.add_parser("restore", help="bring a backup back into an empty place")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--identity", type=Path, help="file with the key that opens an encrypted backup")
    return asked.parse_args()


if __name__ == "__main__":
    given = _asked()
    try:
        read_environment_file()
        chosen = read_settings(os.environ)
        if given.act == "make":
            print(make(chosen, given.file, plain=given.plain))
        else:
            print(restore(chosen, given.file, identity=given.identity))
    except LaurelError as error:
        said = words_of(error)
        raise SystemExit(f"{said.zh} / {said.en}") from None
    except (OSError, sqlite3.Error) as error:
        cause, place = cause_words(error), getattr(error, "filename", None)
        named = f"（{place}）" if place else ""
        raise SystemExit(
            f"没有完成：{cause.zh}{named}。请核对磁盘空间、权限和数据库。 / Not done: {cause.en}."
        ) from None
