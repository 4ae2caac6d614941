"""``laurel epoch``: after a database was brought back to an earlier time, by a backup or by its own log."""

from __future__ import annotations

from datetime import datetime

import click

from service.casework.access.actor import SYSTEM
from service.casework.due.begin_epoch import SKIPPED, begin_epoch
from service.cli.tools import Tools, pass_tools
from service.domain.calendar import CHINA
from service.domain.errors import Invalid
from service.domain.text import Text


@click.command("epoch")
@click.option("--saved", required=True, metavar="TIME", help="The time that was restored, such as 2026-03-02T04:00.")
@click.option("--cause", required=True, help="What was restored, and why; goes on record in every case.")
@click.option("--skip", default=SKIPPED, show_default=True, help="How many numbers each series leaves out.")
@pass_tools
def epoch(tools: Tools, saved: str, cause: str, skip: int) -> None:
    """Begin an epoch: numbers skip ahead, open ballots are called anew, mail waits for a release, the gap is on record.

    `deploy/backup.py restore` does this itself; it is for a point-in-time recovery. Run it before the server starts.
    """
    row = begin_epoch(tools.desk(), SYSTEM, _instant(saved), cause, skip)
    found = row.found
    click.echo(
        f"已开始新纪元 {row.id}：{found['cases']} 件在办办件记明空缺，{len(found['numbers'])} 个编号系列跳号，"
        f"{len(found['ballots'])} 次表决重新发起；请在“监控—恢复核对”中放行对外发送。"
        f" / epoch {row.id} has begun: release mail in the monitor"
    )


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(Text("时间请写成 2026-03-02T04:00。", "Write the time like 2026-03-02T04:00.")) from None
    return found if found.tzinfo else found.replace(tzinfo=CHINA)
