"""Back an installation up and bring it back: ``python deploy/backup.py make FILE`` and ``… restore FILE``.

Settings are those of the server (``LAUREL_DATABASE``, ``LAUREL_DATA``, ``LAUREL_FILES``; or the file in ``LAUREL_SETTINGS``).
A backup is one .tar.gz with the database and every stored file; it may be made while the server runs. The keys of ballots are never in it:
see deploy/README.md.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
import zlib
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from service.domain.errors import LaurelError
from service.settings import Settings, read_environment_file, read_settings
from service.store import FileStore, open_files

SQLITE, POSTGRES, FILES, NOTE, MARK = "laurel.db", "laurel.dump", "files", "backup.json", "mark"


def make(settings: Settings, target: Path) -> str:
    """Write a backup to ``target``: the database first, then the files, so that every row finds its file."""
    if target.exists():
        raise SystemExit(f"{target} 已存在，不覆盖。 / {target} exists and is not overwritten.")
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as scratch:
        begun = datetime.now(UTC)
        dump = _dump(settings, Path(scratch))
        note = Path(scratch) / NOTE
        note.write_text(json.dumps({"at": begun.isoformat()}))
        unfinished = Path(scratch) / "backup.tar.gz"
        with tarfile.open(unfinished, "w:gz") as archive:
            archive.add(dump, dump.name)
            archive.add(note, NOTE)
            files = open_files(settings.files)
            _add(archive, MARK, io.BytesIO(files.mark(secrets.token_hex(16)).encode()))
            for name in files.names():
                with files.open(name) as content:
                    _add(archive, f"{FILES}/{name[:2]}/{name}", content)
        unfinished.chmod(0o600)
        unfinished.rename(target)
    return f"已备份到 {target}（{target.stat().st_size / 1e6:.1f} MB） / backed up"


def restore(settings: Settings, source: Path) -> str:
    """Bring a backup back into an empty place; refuses where there is something already."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with tarfile.open(source, "r:gz") as archive:
                archive.extractall(scratch, filter="data")
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            raise SystemExit(f"备份读不出，可能已损坏：{error} / The backup cannot be read.") from None
        spoiled = [p.name for p in (Path(scratch) / FILES).rglob("*") if p.is_file() and _digest(p) != p.name]
        if spoiled:
            raise SystemExit(f"备份已损坏：{spoiled[0]} 等 {len(spoiled)} 个文件。 / The backup is damaged.")
        dump = _fitting(settings, Path(scratch))
        saved = _saved_at(Path(scratch), dump)
        files = open_files(settings.files)
        if (mark := Path(scratch) / MARK).exists():
            files.mark(mark.read_text(encoding="ascii"))
        count = _put_files(Path(scratch) / FILES, files)
        _load(settings, dump)
    found = _begun(settings, saved, source.name)
    return (
        f"已恢复数据库和 {count} 个文件，记录到 {saved:%Y-%m-%d %H:%M} UTC 为止；{len(found['ballots'])} 次表决重新发起，"
        "邮件等在“监控—恢复核对”中放行后才发出；请运行 laurel doctor。"
        " / restored; mail waits until it is released in the monitor; run laurel doctor"
    )


def _begun(settings: Settings, saved: datetime, name: str) -> Mapping[str, Any]:
    """Begin the epoch of this restore; returns what it changed. Only this needs the whole program."""
    import handlers
    from service.app import Installation
    from service.casework.access.actor import SYSTEM
    from service.casework.desk.belonging import adopt
    from service.casework.due.begin_epoch import begin_epoch

    handlers.load()
    desk = Installation(settings).desk()
    adopt(desk)
    found: Mapping[str, Any] = begin_epoch(desk, SYSTEM, saved, f"备份 {name}").found
    return found


def _saved_at(folder: Path, dump: Path) -> datetime:
    """Return when the backup was made; one of an earlier program says it by the time of its database."""
    note = folder / NOTE
    if note.exists():
        return datetime.fromisoformat(str(json.loads(note.read_text())["at"]))
    return datetime.fromtimestamp(dump.stat().st_mtime, UTC)


def _dump(settings: Settings, folder: Path) -> Path:
    if settings.database.startswith("sqlite:"):
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


def _fitting(settings: Settings, folder: Path) -> Path:
    """Return the database of the backup; refuses one of the other kind, and a place that is taken."""
    sqlite = settings.database.startswith("sqlite:")
    dump = folder / (SQLITE if sqlite else POSTGRES)
    if not dump.exists():
        raise SystemExit("备份与 LAUREL_DATABASE 不是同一种数据库。 / The backup is of the other kind of database.")
    if sqlite and _sqlite_file(settings).exists():
        raise SystemExit(f"{_sqlite_file(settings)} 已存在，请先移走。 / It exists: move it away first.")
    if not sqlite and _tables(settings):
        raise SystemExit(
            "目标数据库里已经有表，不覆盖：请新建一个空数据库，并让 LAUREL_DATABASE 指向它。"
            " / The database has tables already: make an empty one and let LAUREL_DATABASE name it."
        )
    return dump


def _tables(settings: Settings) -> bool:
    """Return whether somebody's tables are in the database; says so where it cannot be reached."""
    import psycopg

    try:
        with psycopg.connect(_postgres_url(settings), connect_timeout=5) as connection:
            found = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()
    except psycopg.OperationalError as error:
        reason = (str(error).splitlines() or [""])[0]
        raise SystemExit(f"数据库连接不上：{reason} / The database cannot be reached.") from None
    return found is not None


def _load(settings: Settings, dump: Path) -> None:
    if dump.name == SQLITE:
        _sqlite_file(settings).parent.mkdir(parents=True, exist_ok=True)
        _copy(dump, _sqlite_file(settings))
        return
    _postgres(settings, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(dump))


def _postgres(settings: Settings, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database; its password is in no argument, which every user could read."""
    import psycopg.conninfo

    url = psycopg.conninfo.conninfo_to_dict(_postgres_url(settings))
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


def _put_files(source: Path, files: FileStore) -> int:
    """Files are named by their content: one that is there already is the same file."""
    count = 0
    for path in (p for p in source.rglob("*") if p.is_file()):
        with path.open("rb") as content:
            files.put(content)
        count += 1
    return count


def _copy(source: Path, target: Path) -> None:
    part = target.with_name(f"{target.name}.part")
    with source.open("rb") as read, part.open("wb") as write:
        while block := read.read(1 << 20):
            write.write(block)
        os.fsync(write.fileno())
    part.rename(target)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sqlite_file(settings: Settings) -> Path:
    return Path(settings.database.removeprefix("sqlite:///"))


def _postgres_url(settings: Settings) -> str:
    return settings.database.replace("postgresql+psycopg:", "postgresql:", 1)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("make", "restore"):
        raise SystemExit("用法 / usage: python deploy/backup.py make|restore FILE.tar.gz")
    act = make if sys.argv[1] == "make" else restore
    try:
        read_environment_file()
        print(act(read_settings(os.environ), Path(sys.argv[2])))
    except LaurelError as error:
        raise SystemExit(f"{error.message.zh} / {error.message.en}") from None
    except (OSError, sqlite3.Error) as error:
        raise SystemExit(f"没有完成：{error}。请核对磁盘空间、权限和数据库。 / Not done: {error}.") from None
