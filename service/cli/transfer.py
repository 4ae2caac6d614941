"""``laurel transfer``: carry an installation from SQLite to PostgreSQL."""

from __future__ import annotations

import sys

import click

from service.casework.access.actor import SYSTEM
from service.casework.desk.belonging import demand_belonging
from service.casework.desk.desk import Desk
from service.casework.queries.proof.verify_chains import verify_chains
from service.cli.asking import confirm
from service.cli.tools import Tools, pass_tools
from service.domain.calendar import CHINA
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store.connections.database import sqlite_file
from service.store.errors import CarriedOver
from service.store.transfer import is_empty, transfer_rows, undo_transfer

_BACK = Text(
    "回到原来的 SQLite 数据库？迁移以后在新数据库中办理的不会带回。",
    "Go back to the SQLite database, without what was done in the new one since?",
)


@click.command("transfer")
@click.option(
    "--undo", is_flag=True, help="Only let the SQLite database be in use again; nothing comes back from the new one."
)
@click.option("--yes", is_flag=True, help="With --undo: do not ask, as in a script.")
@pass_tools
def transfer(tools: Tools, undo: bool, yes: bool) -> None:
    """Carry the whole SQLite database to the empty PostgreSQL database named in LAUREL_TRANSFER_TO.

    The server must be stopped, and none may run on the new one. Files, ballot keys and data keys must be those of the
    database, as for a server. Every row is compared, every chain of hashes verified; the files stay where they are.
    From then on nothing starts on the SQLite database, which says to where it was carried over, and when.
    """
    if undo:
        _undo(tools, yes=yes)
        return
    with tools.stopped():
        _demand_addresses(tools)
        with tools.over(tools.settings.transfer_to).stopped():
            told = _transfer(tools)
    click.echo(told.zh)
    click.echo(told.en)


def _undo(tools: Tools, *, yes: bool) -> None:
    _demand_old_file(tools)
    confirm(_BACK, yes=yes)
    with tools.stopped():
        at = undo_transfer(tools.settings.database).astimezone(CHINA)
    begun = f"laurel epoch --saved {at:%Y-%m-%dT%H:%M} --cause …"
    click.echo("已撤销，可以在原来的数据库上启动服务。 / Undone: services start on this database again.")
    click.echo(
        f"新数据库上启动过服务的，启动以前先运行 {begun}：否则文号重复，邮件重发，空缺没有记录。"
        f" / Where a service ran on the new one, first run {begun}: else numbers are given and mails sent a second time,"
        " and no gap is on record."
    )


def _demand_old_file(tools: Tools) -> None:
    """Demand the database that was carried over where it was: one that is not there would be made, and empty."""
    file = sqlite_file(tools.settings.database)
    if file is None or not file.is_file():
        place = f"（{file}）" if file else ""
        raise Invalid(
            Text(
                f"LAUREL_DATABASE 所指的{place}不是迁移以前的 SQLite 数据库文件，什么也没有改动。请把移走的旧文件放回原处，让"
                " LAUREL_DATABASE 指向它（原来没有这一行的，去掉），再运行一次。",
                "LAUREL_DATABASE does not name the SQLite file of before the transfer, and nothing was changed: put the file that"
                " was moved away back, let LAUREL_DATABASE name it (take the line out where there was none), and run this again.",
            )
        )


def _demand_addresses(tools: Tools) -> None:
    settings = tools.settings
    if not settings.database.startswith("sqlite:") or not settings.transfer_to.startswith("postgresql"):
        raise Invalid(
            Text(
                "LAUREL_DATABASE 应为现在的 SQLite 数据库，LAUREL_TRANSFER_TO 应为一个空的 PostgreSQL 数据库"
                "（postgresql://…）；口令写在环境变量中，不要写在命令里。",
                "LAUREL_DATABASE must be the SQLite database in use and LAUREL_TRANSFER_TO an empty PostgreSQL database"
                " (postgresql://…); the password belongs into the variable, not on the command line.",
            )
        )


def _transfer(tools: Tools) -> Text:
    settings = tools.settings
    source = _source(tools)
    demand_belonging(source)
    target = tools.over(settings.transfer_to).desk()  # makes the tables
    here = verify_chains(source, SYSTEM)
    counts = transfer_rows(
        settings.database, settings.transfer_to, _tell, source.clock.now(), source.premises.data_keys
    )
    there = verify_chains(target, SYSTEM)
    if there != here:
        undo_transfer(settings.database)
        raise Invalid(
            Text(
                f"记录链核对不符（原 {here.count} 条，新 {there.count} 条）。请不要启用新数据库，并联系维护人员。",
                f"The chains differ (here {here.count}, there {there.count}): do not use the new database, ask a maintainer.",
            )
        )
    return _done(sum(counts.values()), there.count, there.broken)


def _source(tools: Tools) -> Desk:
    """Return a desk over the database to be carried over; raises Invalid where a transfer of before was killed at its very end."""
    try:
        return tools.desk()
    except CarriedOver as over:
        if not is_empty(tools.settings.transfer_to):
            raise
        raise Invalid(
            Text(
                "上一次迁移在最后一步被中断：旧数据库已记着迁走了，新数据库却还是空的，什么也没有丢失。请运行 laurel transfer --undo --yes，"
                "再运行一次 laurel transfer；没有在新数据库上办理过，不需要 laurel epoch。新数据库用过而后被清空的，不要这样做：先恢复它。",
                "The last transfer was broken off at its very end: the old database says that it was carried over, the new one is"
                " empty, and nothing is lost. Run laurel transfer --undo --yes, then laurel transfer again; nothing was done in the"
                " new one, so no laurel epoch is needed. Where it was in use and emptied since, do not: restore it first.",
            )
        ) from over


def _tell(table: str, rows: int) -> None:
    if rows:
        click.echo(f"  {table}: {rows}", err=not sys.stdout.isatty())


def _done(rows: int, chains: int, broken: tuple[str, ...]) -> Text:
    """Say what was carried over; chains that were broken before are broken still, and named."""
    zh = f"已迁移并逐行核对 {rows} 行，{chains} 条记录链。"
    en = f"{rows} rows were carried over and compared one by one, {chains} chains verified."
    if broken:
        zh += f"原来就不完整的链：{'、'.join(broken)}。"
        en += f" These were broken before and are still: {', '.join(broken)}."
    return Text(
        f"{zh}请把 LAUREL_DATABASE 改为新数据库，去掉 LAUREL_TRANSFER_TO，移走旧的数据库文件，运行 laurel doctor 后启动服务。",
        f"{en} Name the new database in LAUREL_DATABASE, remove LAUREL_TRANSFER_TO, move the old file away,"
        " run laurel doctor and start the service.",
    )
