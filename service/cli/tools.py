"""The tools that the composition root hands to commands, their words and questions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar

import click

from service.domain.errors import LaurelError
from service.domain.text import Text

if TYPE_CHECKING:
    from service.casework.desk.desk import Desk
    from service.domain.text import Text
    from service.settings import Settings


_WORDS: Mapping[str, Text] = {
    "unreachable": Text(
        "连接不上数据库，或者连接中断，这条命令没有办完；已提交的内容不受影响。请在数据库所在的机器上查看它"
        "（systemctl status postgresql）和网络，核对 LAUREL_DATABASE（迁移时还有 LAUREL_TRANSFER_TO），再运行一次。",
        "The database cannot be reached, or the line broke: this command was not done, and what was submitted is safe. Look at it"
        " on its machine (systemctl status postgresql), at the network and at LAUREL_DATABASE (for a transfer at"
        " LAUREL_TRANSFER_TO too), then run it again.",
    ),
    "occupied": Text(
        "其他进程占着数据库，这条命令没有办完：可能是另一条命令、大批量办理，或者被终止的备份、恢复留下的 pg_dump、pg_restore。"
        "请等它结束，或者在数据库中查看是谁（select pid, application_name, state, query from pg_stat_activity），再运行一次。",
        "Others keep the database, and this command was not done: another command, work in bulk, or the pg_dump or pg_restore that a"
        " killed backup or restore left. Wait for its end, or look who it is (select pid, application_name, state, query from"
        " pg_stat_activity), then run it again.",
    ),
    "storage_full": Text(
        "磁盘已满，这条命令没有办完；已提交的内容没有损坏。请用 df -h 查看数据库、附件和临时目录所在的磁盘，腾出空间后再运行一次。",
        "A disk is full, and this command was not done; what was submitted is not damaged. See by df -h which of database, files or"
        " temporary folder it is, make room, then run it again.",
    ),
    "read_only": Text(
        "数据库只能读，这条命令没有办完。用 SQLite 的，请核对数据库文件、所在文件夹和磁盘是否可写；"
        "用 PostgreSQL 的，可能连到了备用库或者正在切换，请核对 LAUREL_DATABASE 指向主库。然后再运行一次。",
        "The database can only be read, and this command was not done. With SQLite, see that its file, folder and disk can be"
        " written; with PostgreSQL it may be a standby or in a switch-over: LAUREL_DATABASE must name the primary. Then run it again.",
    ),
}


_FILE_READ_ONLY = Text(
    "数据库文件只能读，这条命令没有办完，数据没有损坏：磁盘只读，或者文件、目录的权限不允许写。"
    "请核对 LAUREL_DATA（或 LAUREL_DATABASE）所指的文件和目录，用 mount、ls -l 查看磁盘和权限，再运行一次。",
    "The file of the database can only be read, and this command was not done; nothing is damaged: its disk is read-only, or the"
    " rights of file or folder forbid it. Look at what LAUREL_DATA (or LAUREL_DATABASE) names by mount and ls -l, then run it again.",
)


def words_of(error: LaurelError) -> Text:
    """Return what a failure says at the command line."""
    if getattr(error, "of_file", False):
        return _FILE_READ_ONLY
    reason = getattr(error, "reason", None) if error.code == "files_unreachable" else None
    if reason is None:
        return _WORDS.get(error.code, error.message)
    return Text(
        f"连接不上存放附件和文书的地方（{reason.zh}），这条命令没有办完。请核对 LAUREL_FILES、LAUREL_FILES_ENDPOINT、"
        "它的密钥和网络，再运行一次。",
        f"The place of files cannot be reached ({reason.en}), and this command was not done. Look at LAUREL_FILES,"
        " LAUREL_FILES_ENDPOINT, its key and the network, then run it again.",
    )


class Tools(Protocol):
    """What a command may ask for."""

    @property
    def root(self) -> Path:
        """The folder that holds processes/ and forms/."""

    @property
    def settings(self) -> Settings:
        """What the installation chose."""

    def desk(self) -> Desk:
        """Return a desk over the installation's database, its tables up to date."""

    def as_owner(self) -> Tools:
        """Return the tools of the same installation by the role that owns its tables."""

    def over(self, database: str) -> Tools:
        """Return the tools of the same installation over another database."""

    def stopped(self) -> AbstractContextManager[None]:
        """Keep servers and workers from starting meanwhile; raises InUse, naming who is at work."""

    def wait_for_database(self, patience: float = ...) -> Text | None:
        """Return None once the database lets us in; after ``patience`` seconds, 0: where it does not at once, why not."""

    def serve(self, with_work: bool | None = None) -> None:
        """Serve pages until the process is told to stop."""

    def serve_processes(self, count: int) -> None:
        """Serve pages by ``count`` processes until told to stop; raises BadSetting on SQLite."""

    def demo_is_prepared(self) -> bool:
        """Return whether the demonstration's seasons were prepared to their end."""

    def prepare_demo(self) -> None:
        """Prepare the demonstration's seasons."""

    def work(self, lanes: Sequence[str], threads: int) -> None:
        """Do the due work of ``lanes`` until the process is told to stop; raises BadSetting on SQLite."""


pass_tools: Callable[..., Callable[..., object]] = click.make_pass_decorator(object)


def exit_with_refusal(error: LaurelError) -> NoReturn:
    """Say what is wrong in both languages on standard error and leave with exit code 2."""
    words = words_of(error)
    click.echo(f"{words.zh} / {words.en}", err=True)
    sys.exit(2)


_Answer = TypeVar("_Answer")


class Unanswered(LaurelError):
    """A command asked, and nobody was there to answer; nothing was done."""

    code = "unanswered"


def asked(ask: Callable[[], _Answer], beforehand: Text) -> _Answer:
    """Return what ``ask`` is answered; ``beforehand`` says how to answer where there is no terminal.

    Raises:
        Abort: if somebody at the terminal breaks it off.
        Unanswered: if the input ends without an answer.
    """
    try:
        return ask()
    except click.Abort:
        if sys.stdin.isatty():
            raise
        click.echo(err=True)  # the question ends no line
        raise Unanswered(
            Text(
                f"没有办理：这里没有终端可以回答。{beforehand.zh}",
                f"Nothing was done: there is no terminal to answer at. {beforehand.en}",
            )
        ) from None


def require_confirmation(question: Text, *, yes: bool) -> None:
    """Go on where ``question`` is affirmed, or ``yes`` was said on the command line; raises as `asked`, and Abort for a no."""
    beforehand = Text("确要办理的，加上 --yes 再运行。", "Run it with --yes where you are sure.")
    if not yes and not asked(lambda: click.confirm(f"{question.zh} / {question.en}"), beforehand):
        raise click.Abort
