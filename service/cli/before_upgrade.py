"""``laurel doctor --before-upgrade``: run with the new program over the old one's database, which is only read."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.queries.check_upgrade import check_upgrade
from service.cli.diagnosis import Diagnosis
from service.cli.tools import Tools
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import Store

_SHOWN = 50
_TABLES = Text("数据表升级", "Tables")
_CASES = Text("在办办件", "Running cases")


def foresee_upgrade(tools: Tools) -> list[Diagnosis]:
    """Return whether the tables can be brought up to date and every running case goes on, those that do not by name."""
    try:
        desk = tools.look()
        if not desk.store.knows_tables():
            found = Text(
                "数据库已由更新版本的程序升级，本版程序不能使用", "a newer program upgraded it; this one cannot use it"
            )
            return [Diagnosis(_TABLES, ok=False, found=found)]
        return [_tables(desk), *_cases(desk)]
    except (LaurelError, OSError) as error:
        message = error.message if isinstance(error, LaurelError) else Text(str(error), str(error))
        return [Diagnosis(Text("数据库", "Database"), ok=False, found=message)]


def _tables(desk: Desk) -> Diagnosis:
    """Try the migrations on a copy where there is one file; PostgreSQL undoes them itself if one fails."""
    file = desk.store.sqlite_file
    if file is None:
        return Diagnosis(_TABLES, ok=True, found=Text("版本可以识别", "their revision is known"))
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy.db"
        with (
            closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(copy)) as other,
        ):
            live.backup(other)
        store = Store(f"sqlite:///{copy}", Path(scratch) / "files", durable=False)
        try:
            store.migrate()
        except LaurelError as error:
            return Diagnosis(_TABLES, ok=False, found=error.message)
        finally:
            store.close()
    return Diagnosis(_TABLES, ok=True, found=Text("在副本上升级成功", "brought up to date on a copy"))


def _cases(desk: Desk) -> list[Diagnosis]:
    found = check_upgrade(desk, SYSTEM)
    lost = len(found.stranded)
    words = Text(
        f"{found.cases} 件、{found.versions} 个流程版本，其中 {lost} 件不能继续办理",
        f"{found.cases} under {found.versions} versions, {lost} cannot go on",
    )
    lines = [
        Diagnosis(
            Text(f"办件 {one.case_id} {one.title}", f"case {one.case_id}"),
            ok=False,
            found=Text(f"{one.why.zh}（流程版本 {one.version[:8]}）", f"{one.why.en} (version {one.version[:8]})"),
        )
        for one in found.stranded[:_SHOWN]
    ]
    return [Diagnosis(_CASES, not found.stranded, words), *lines]
