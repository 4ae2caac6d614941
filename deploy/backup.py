"""Back an installation up and bring it back: ``python deploy/backup.py make FILE`` and ``… restore FILE``.

Settings are those of the server (``LAUREL_DATABASE``, ``LAUREL_DATA``). A backup is one .tar.gz with the database and
every stored file; it may be made while the server runs. The keys of ballots are never in it: see deploy/README.md.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from service.settings import Settings, read_settings

SQLITE, POSTGRES, FILES = "laurel.db", "laurel.dump", "files"


def make(settings: Settings, target: Path) -> str:
    """Write a backup to ``target``: the database first, then the files, so that every row finds its file."""
    if target.exists():
        raise SystemExit(f"{target} 已存在，不覆盖。 / {target} exists and is not overwritten.")
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as scratch:
        dump = _dump(settings, Path(scratch))
        unfinished = Path(scratch) / "backup.tar.gz"
        with tarfile.open(unfinished, "w:gz") as archive:
            archive.add(dump, dump.name)
            for path in sorted((settings.data / FILES).glob("??/*")):
                archive.add(path, f"{FILES}/{path.parent.name}/{path.name}")
        unfinished.chmod(0o600)
        unfinished.rename(target)
    return f"已备份到 {target}（{target.stat().st_size / 1e6:.1f} MB） / backed up"


def restore(settings: Settings, source: Path) -> str:
    """Bring a backup back into an empty place; refuses where there is something already."""
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(source, "r:gz") as archive:
        archive.extractall(scratch, filter="data")
        spoiled = [p.name for p in (Path(scratch) / FILES).rglob("*") if p.is_file() and _digest(p) != p.name]
        if spoiled:
            raise SystemExit(f"备份已损坏：{spoiled[0]} 等 {len(spoiled)} 个文件。 / The backup is damaged.")
        dump = _fitting(settings, Path(scratch))
        count = _put_files(Path(scratch) / FILES, settings.data / FILES)
        _load(settings, dump)
    return f"已恢复数据库和 {count} 个文件；请运行 laurel doctor。 / restored; run laurel doctor"


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
    command = ["pg_dump", "--format=custom", f"--file={folder / POSTGRES}", _postgres_url(settings)]
    subprocess.run(command, check=True)  # noqa: S603  no shell, our own arguments
    return folder / POSTGRES


def _fitting(settings: Settings, folder: Path) -> Path:
    """Return the database of the backup; refuses one of the other kind, and a place that is taken."""
    sqlite = settings.database.startswith("sqlite:")
    dump = folder / (SQLITE if sqlite else POSTGRES)
    if not dump.exists():
        raise SystemExit("备份与 LAUREL_DATABASE 不是同一种数据库。 / The backup is of the other kind of database.")
    if sqlite and _sqlite_file(settings).exists():
        raise SystemExit(f"{_sqlite_file(settings)} 已存在，请先移走。 / It exists: move it away first.")
    return dump


def _load(settings: Settings, dump: Path) -> None:
    if dump.name == SQLITE:
        _sqlite_file(settings).parent.mkdir(parents=True, exist_ok=True)
        _copy(dump, _sqlite_file(settings))
        return
    command = ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction"]
    command += [f"--dbname={_postgres_url(settings)}", str(dump)]
    subprocess.run(command, check=True)  # noqa: S603  no shell, our own arguments


def _put_files(source: Path, target: Path) -> int:
    """Files are named by their content: one that is there already is the same file."""
    count = 0
    for path in (p for p in source.rglob("*") if p.is_file()):
        place = target / path.relative_to(source)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            _copy(path, place)
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
    print(act(read_settings(os.environ), Path(sys.argv[2])))
