"""``laurel doctor --before-upgrade``: run with the new program over the old one's database, which is only read."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.queries.law.check_upgrade import check_upgrade, is_another_program
from service.cli.tools import Tools
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import Store

_SHOWN = 50
_TABLES = Text("数据表升级", "Tables")
_NEW = Text(
    "数据库里还没有表，没有要升级的内容；本应有办件的，请核对 LAUREL_DATABASE",
    "there are no tables yet and nothing to upgrade; if there should be cases, look at LAUREL_DATABASE",
)
_CASES = Text("在办办件", "Running cases")
_SAME = Text("上次启动的就是这一程序，没有再逐件读", "this program started last: they were not read again")
_ANYWAY = Text("按 LAUREL_UPGRADE_ANYWAY 没有检查", "not looked at, as LAUREL_UPGRADE_ANYWAY says")


def foresee_start(tools: Tools, *, anyway: bool) -> list[HealthFinding]:
    """Return what `foresee_upgrade` does where another program started last; nothing is looked at ``anyway``."""
    if anyway:
        return [HealthFinding("cases", _CASES, Level.WARNING, _ANYWAY)]
    try:
        desk = tools.look()
        if desk.store.knows_tables() and not is_another_program(desk, SYSTEM, tools.program()):
            return [HealthFinding("cases", _CASES, Level.FINE, _SAME)]
    except (LaurelError, OSError, sqlite3.Error):
        return foresee_upgrade(tools)  # which says what is wrong
    return foresee_upgrade(tools)


def foresee_upgrade(tools: Tools) -> list[HealthFinding]:
    """Return whether the tables can be brought up to date and every running case goes on, those that do not by name.

    An empty database is no fault: the first start of an installation asks this too.
    """
    try:
        desk = tools.look()
        known = desk.store.knows_tables()
        if known is None:
            return [HealthFinding("tables", _TABLES, Level.WARNING, _NEW)]
        if not known:
            found = Text(
                "数据库已由更新版本的程序升级，本版程序不能使用", "a newer program upgraded it; this one cannot use it"
            )
            return [HealthFinding("tables", _TABLES, Level.FAULT, found)]
        return [_tables(desk), *_cases(desk)]
    except (LaurelError, OSError, sqlite3.Error) as error:
        message = error.message if isinstance(error, LaurelError) else Text(str(error), str(error))
        return [HealthFinding("database", Text("数据库", "Database"), Level.FAULT, message)]


def _tables(desk: Desk) -> HealthFinding:
    """Try the migrations on a copy where there is one file; PostgreSQL undoes them itself if one fails."""
    file = desk.store.sqlite_file
    if file is None:
        return HealthFinding("tables", _TABLES, Level.FINE, Text("版本可以识别", "their revision is known"))
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
            return HealthFinding("tables", _TABLES, Level.FAULT, error.message)
        finally:
            store.close()
    return HealthFinding("tables", _TABLES, Level.FINE, Text("在副本上升级成功", "brought up to date on a copy"))


def _cases(desk: Desk) -> list[HealthFinding]:
    found = check_upgrade(desk, SYSTEM)
    lost = len(found.stranded)
    before = lost - len(found.fresh)
    words = Text(
        f"{found.cases} 件、{found.versions} 个流程版本，其中 {lost} 件不能继续办理"
        + (f"（{before} 件升级以前就不能）" if before else ""),
        f"{found.cases} under {found.versions} versions, {lost} cannot go on"
        + (f" ({before} could not before either)" if before else ""),
    )
    lines = [
        HealthFinding(
            f"case-{one.case_id}",
            Text(f"办件 {one.case_id} {one.title}", f"case {one.case_id}"),
            Level.WARNING if one.known else Level.FAULT,
            Text(f"{one.why.zh}（流程版本 {one.version[:8]}）", f"{one.why.en} (version {one.version[:8]})"),
        )
        for one in found.stranded[:_SHOWN]
    ]
    return [HealthFinding("cases", _CASES, Level.FAULT if found.fresh else Level.FINE, words), *lines]
