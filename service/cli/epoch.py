"""``laurel epoch``: after a database was brought back to an earlier time, by a backup or by its own log."""

from __future__ import annotations

from datetime import datetime

import click

from service.casework.access.actor import SYSTEM
from service.casework.due.begin_epoch import SKIPPED, EpochForeseen, begin_epoch, foresee_epoch
from service.cli.asking import confirm
from service.cli.tools import Tools, pass_tools
from service.domain.calendar import CHINA
from service.domain.errors import Invalid
from service.domain.text import Text


@click.command("epoch")
@click.option("--saved", required=True, metavar="TIME", help="The time that was restored, such as 2026-03-02T04:00.")
@click.option("--cause", required=True, help="What was restored, and why; goes on record in every case.")
@click.option("--skip", default=SKIPPED, show_default=True, help="How many numbers each series leaves out.")
@click.option("--yes", is_flag=True, help="Do not ask, as in a script.")
@pass_tools
def epoch(tools: Tools, saved: str, cause: str, skip: int, yes: bool) -> None:
    """Begin an epoch: numbers skip ahead, open ballots are called anew, mail waits for a release, the gap is on record.

    `deploy/backup.py restore` does this itself; it is for a point-in-time recovery. Servers and workers must be stopped.
    """
    at = _instant(saved)
    with tools.stopped():
        _ask(foresee_epoch(tools.desk(), SYSTEM, at), at, yes=yes)
        row = begin_epoch(tools.desk(), SYSTEM, at, cause, skip)
    found = row.found
    click.echo(
        f"已开始新纪元 {row.id}：{found['cases']} 件在办办件记明空缺，{len(found['numbers'])} 个编号系列跳号，"
        f"{len(found['ballots'])} 次表决重新发起；请在“监控—恢复核对”中放行对外发送。"
        f" / epoch {row.id} has begun: release mail in the monitor"
    )


def _ask(found: EpochForeseen, saved: datetime, *, yes: bool) -> None:
    """Say what an epoch changes, and go on where that is wanted."""
    last = f"{found.newest.astimezone(CHINA):%Y-%m-%d %H:%M}" if found.newest else "–"
    click.echo(
        f"将在 {found.cases} 件在办办件中记明空缺，作废并重新发起 {found.ballots} 次表决，编号跳号，所有人重新登录；"
        f"库中最后一条记录：{last}。"
        f" / {found.cases} running cases get the gap on record, {found.ballots} ballots are called anew, numbers skip ahead,"
        f" everybody signs in again; the newest entry is of {last}."
    )
    if found.newest and found.newest > saved:
        click.echo(
            "注意：最后一条记录晚于所写的恢复时间，请核对时间；也可能恢复之后服务已经运行过。"
            " / Note: the newest entry is later than the time given: look at the time; or a server ran since the restore."
        )
    confirm(Text("开始新纪元？不能撤回。", "Begin the epoch? It cannot be undone."), yes=yes)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(Text("时间请写成 2026-03-02T04:00。", "Write the time like 2026-03-02T04:00.")) from None
    return found if found.tzinfo else found.replace(tzinfo=CHINA)
