"""``laurel tables``: the tables of the database, made and brought up to date by their owner."""

from __future__ import annotations

import click

from service.cli.tools import Tools, pass_tools


@click.command("tables")
@pass_tools
def tables(tools: Tools) -> None:
    """Make the tables of the database or bring them up to date; safe to repeat.

    On PostgreSQL the role of LAUREL_DATABASE_OWNER owns them, and that of LAUREL_DATABASE gets the rights of the program.
    """
    tools.desk()
    click.echo("✓ 数据库的表已就绪 / the tables are up to date")
