"""``laurel draft``: drafts of the studio as folders."""

from __future__ import annotations

from pathlib import Path

import click

from service.casework.access.actor import SYSTEM, Actor
from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import acting_as
from service.casework.studio.drafts.transfer import export_draft, import_files
from service.casework.studio.drafts.view_draft import list_drafts
from service.catalog.tree import read_sources
from service.cli.tools import Tools, pass_tools
from service.domain.errors import NotFound
from service.domain.text import Text
from service.domain.wording.counted import counted


@click.group("draft")
def draft() -> None:
    """List drafts of the studio, write one into a folder, or read a folder into one."""


@draft.command("list")
@pass_tools
def show_drafts(tools: Tools) -> None:
    """List every draft that is neither published nor discarded."""
    for place in list_drafts(tools.desk(), SYSTEM):
        for row in place.drafts:
            click.echo(f"{row.id}\t{row.package}\t{row.state}\t{row.revision}\t{row.author}\t{row.title}")


@draft.command("export")
@click.argument("ident", type=int)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@pass_tools
def write_draft(tools: Tools, ident: int, folder: Path) -> None:
    """Write draft IDENT into FOLDER as processes/CITY and forms/CITY; what it has not is removed from these two."""
    files = export_draft(tools.desk(), SYSTEM, ident)
    city = next(iter(sorted(path for path in files if path.endswith("/award.yaml")))).split("/")[1]
    known = {path for path in read_sources(folder) if path.split("/")[1] == city}
    for path in sorted(known - files.keys()):
        (folder / path).unlink()
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    click.echo(f"已写入 {len(files)} 个文件 / {counted(len(files), 'file')} written")


@draft.command("import")
@click.argument("ident", type=int)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--as", "login", required=True, metavar="LOGIN", help="The designer in whose name it is imported.")
@pass_tools
def read_draft(tools: Tools, ident: int, folder: Path, login: str) -> None:
    """Read processes/CITY and forms/CITY below FOLDER into draft IDENT, as a step that can be undone.

    The history says that a command did it.
    """
    desk = tools.desk()
    row = next((d for place in list_drafts(desk, SYSTEM) for d in place.drafts if d.id == ident), None)
    city = row.package.partition("/")[0] if row else ""
    files = {path: data for path, data in read_sources(folder).items() if path.split("/")[1] == city}
    note = f"由命令导入文件夹（以 {login} 的名义）"
    done = import_files(desk, _person(desk, login), ident, files, note)
    click.echo(
        f"修改 {len(done.changed)} 个文件，移除 {len(done.removed)} 个 / {len(done.changed)} changed, {len(done.removed)} removed"
    )


def _person(desk: Desk, login: str) -> Actor:
    found = acting_as(desk, login)
    if found is None:
        raise NotFound(Text(f"没有帐号“{login}”。", f"There is no account “{login}”."))
    return found
