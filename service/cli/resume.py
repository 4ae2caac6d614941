"""``laurel resume``: a database that was brought back to an earlier time begins no due work unseen."""

from __future__ import annotations

from datetime import datetime

import click

from service.casework.access.actor import SYSTEM
from service.casework.due.hold import HoldView, foresee_restored, hold_restored, resume_work, view_hold
from service.casework.people.factors.sessions import acting_as
from service.cli.tools import Tools, pass_tools, require_confirmation
from service.domain.calendar import CHINA
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text


def note_recovery(tools: Tools, saved: str, cause: str, skip: int, *, yes: bool) -> None:
    """Put an installation on hold whose database was recovered to ``saved`` by PostgreSQL's own log; raises Invalid."""
    at = _read_instant(saved)
    with tools.stopped():
        foreseen = foresee_restored(tools.desk(), SYSTEM, at)
        newest = f"{foreseen.newest.astimezone(CHINA):%Y-%m-%d %H:%M}" if foreseen.newest else "–"
        click.echo(
            f"将在 {foreseen.cases} 件在办办件中记明空缺，作废并重新发起 {foreseen.ballots} 次表决，编号跳号，所有人重新登录；"
            f"库中最后一条记录：{newest}。"
            f" / {foreseen.cases} running cases get the gap on record, {foreseen.ballots} ballots are called anew, numbers skip"
            f" ahead, everybody signs in again; the newest entry is of {newest}."
        )
        if foreseen.newest and foreseen.newest > at:
            click.echo(
                "注意：最后一条记录晚于所写的恢复时间，请核对时间；也可能恢复之后服务已经运行过。"
                " / Note: the newest entry is later than the time given: look at the time; or a server ran since the restore."
            )
        require_confirmation(Text("登记这次恢复？不能撤回。", "Note this restore? It cannot be undone."), yes=yes)
        seen = hold_restored(tools.desk(), SYSTEM, at, cause, skip).seen
    click.echo(
        f"已登记恢复：{seen['cases']} 件在办办件记明空缺，{len(seen['numbers'])} 个编号系列跳号，{len(seen['ballots'])} 次表决重新"
        "发起；系统暂停运行到期事项，请在“监控—恢复运行”中或用 laurel resume 恢复。"
        " / noted; due work is on hold until it is resumed in the monitor or by laurel resume"
    )


@click.command("resume")
@click.option("--as", "login", metavar="LOGIN", help="The system administrator in whose name work is resumed.")
@click.option("--reason", help="What was checked; goes on record.")
@click.option("--drop", is_flag=True, help="Send none of the messages that may have been sent before the restore.")
@click.option("--yes", is_flag=True, help="Do not ask, as in a script.")
@pass_tools
def resume(tools: Tools, login: str | None, reason: str | None, drop: bool, yes: bool) -> None:
    """List what is due and what would be sent while the installation is on hold, and let it go on.

    Without --as and --reason it only lists. Runs beside the server.
    """
    desk = tools.desk()
    view = view_hold(desk, SYSTEM)
    if view is None:
        click.echo("系统没有暂停。 / The installation is not on hold.")
        return
    _print_holds(view)
    if login is None or reason is None:
        click.echo(
            "要恢复运行，请加 --as 管理员账号 --reason 核对情况。 / To resume add --as LOGIN --reason WHAT-WAS-CHECKED."
        )
        return
    require_confirmation(Text("恢复运行？", "Resume?"), yes=yes)
    actor = acting_as(desk, login)
    if actor is None:
        raise NotFound(Text(f"没有账户“{login}”。", f"There is no account {login!r}."))
    dropped = resume_work(desk, actor, view.hold.version, reason, drop_doubtful=drop)
    click.echo(f"已恢复运行，{dropped} 条消息不再发送。 / Resumed; {dropped} messages are not sent.")


def _print_holds(view: HoldView) -> None:
    click.echo(f"{view.why.zh} / {view.why.en}")
    click.echo(f"到期未办 {sum(count for _, count in view.due_counts)} 项 / due:")
    for name, count in view.due_counts:
        click.echo(f"  {count} × {name.zh} / {name.en}")
    for line in view.due:
        click.echo(f"  {line.due_at.astimezone(CHINA):%Y-%m-%d %H:%M} {line.name.zh} {line.case_title}")
    click.echo(
        f"待发送 {view.send_count} 条，其中 {view.doubtful_count} 条可能已经发出（--drop 不再发送）"
        f" / {view.send_count} to be sent, {view.doubtful_count} of them may have been sent already (--drop sends none of these)"
    )
    for message in view.sends:
        mark = "? " if message.doubtful else "  "
        click.echo(f"{mark}{message.queued_at.astimezone(CHINA):%Y-%m-%d %H:%M} {message.address} {message.subject}")


def _read_instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(Text("时间请写成 2026-03-02T04:00。", "Write the time like 2026-03-02T04:00.")) from None
    return at if at.tzinfo else at.replace(tzinfo=CHINA)
