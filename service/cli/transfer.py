"""``laurel transfer``: carry an installation from SQLite to PostgreSQL."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from service.casework.desk.belonging import require_belonging
from service.casework.soundness.checks import broken_chains
from service.cli.tools import Tools, pass_tools
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store.transfer import transfer_rows


@click.command("transfer")
@pass_tools
def transfer(tools: Tools) -> None:
    """Carry the whole SQLite database to the empty PostgreSQL database named in LAUREL_TRANSFER_TO.

    The server must be stopped, and none may run on the new one. Files, ballot keys and data keys must be those of the
    database, as for a server. Every row is compared, every chain of hashes verified; the files stay where they are.
    """
    with tools.stopped():
        _require_addresses(tools)
        with tools.over(tools.settings.transfer_to).stopped():
            message = _transfer_rows(tools)
    click.echo(message.zh)
    click.echo(message.en)


def _require_addresses(tools: Tools) -> None:
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


def _transfer_rows(tools: Tools) -> Text:
    settings = tools.settings
    source = tools.desk()
    require_belonging(source)
    target = tools.over(settings.transfer_to).desk()  # makes the tables
    source_chains = [*broken_chains(source)]
    counts = transfer_rows(settings.database, settings.transfer_to, _print_rows, source.premises.data_keys)
    there = [*broken_chains(target)]
    if there != source_chains:
        raise Invalid(
            Text(
                f"记录链核对不符（原 {len(source_chains)} 条，新 {len(there)} 条）。请不要启用新数据库，并联系维护人员。",
                f"The chains differ (here {len(source_chains)}, there {len(there)}): do not use the new database, ask a maintainer.",
            )
        )
    return _describe_transfer(
        sum(counts.values()), len(there), [f"{name}: {first}" for name, first in there if first is not None]
    )


def _print_rows(table: str, rows: int) -> None:
    if rows:
        click.echo(f"  {table}: {rows}", err=not sys.stdout.isatty())


def _describe_transfer(rows: int, chains: int, broken: Sequence[str]) -> Text:
    """Say what was carried over; chains that were broken before are broken still, and named."""
    zh = f"已迁移并逐行核对 {rows} 行，{chains} 条记录链。"
    en = f"{rows} rows were carried over and compared one by one, {chains} chains verified."
    if broken:
        zh += f"原来就不完整的链：{'、'.join(broken)}。"
        en += f" These were broken before and are still: {', '.join(broken)}."
    return Text(
        f"{zh}请把 LAUREL_DATABASE 改为新数据库，去掉 LAUREL_TRANSFER_TO，移走旧的数据库文件，"
        "以表的所有者运行 laurel doctor --tables，再运行 laurel doctor 后启动服务。",
        f"{en} Name the new database in LAUREL_DATABASE, remove LAUREL_TRANSFER_TO, move the old file away,"
        " run laurel doctor --tables as the owner of the tables, then laurel doctor, and start the service.",
    )
