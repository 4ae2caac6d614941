"""Errors of the database, in words."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.calendar import CHINA
from service.domain.errors import Conflict, LaurelError, NotFound
from service.domain.text import Text


class Stale(Conflict):
    """Another person changed the row since it was read; try again from the beginning or show both versions."""

    code = "stale"
    sentence = Text(
        "刚才有人先一步改动了这项内容，您的操作没有写入。请刷新后查看最新内容再办理。",
        "Another person changed this a moment ago and nothing of yours was written."
        " Reload, look at what is new and try again.",
    )


class Busy(Stale):
    """The database broke a deadlock or could not put two units in order; the whole unit of work may be tried again."""

    code = "busy"


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says where a disk, a quota or the size of a file is at its end."""


class StorageFull(LaurelError):
    """The disk of the database or of the uploaded files is full."""

    code = "storage_full"
    sentence = Text(
        "服务器磁盘空间已满，内容没有保存。请联系系统管理员清理磁盘后重试。",
        "The server's disk is full and nothing was saved. Ask the administrator to free space, then try again.",
    )


class ReadOnly(LaurelError):
    """The database takes no writing at present."""

    code = "read_only"
    sentence = Text(
        "系统正处于只读状态（可能在备份或切换），可以查看，暂时不能提交。请过几分钟再试；时间较长请联系系统管理员。",
        "The system is read-only at present (a backup or a switch-over): looking is possible, submitting is not."
        " Try again in a few minutes, or ask the administrator.",
    )

    def __init__(self, of_file: bool = False) -> None:
        """``of_file``: it is a file of this machine, so that no standby can be meant."""
        self.of_file = of_file
        super().__init__()


class NotOwner(LaurelError):
    """The account by which the program reaches PostgreSQL may not do what only the owner of the tables may."""

    code = "not_owner"
    sentence = Text(
        "连接数据库的账户不是表的所有者，数据库没有重写。请设置 LAUREL_DATABASE_OWNER（建表的账户）后再试。",
        "The account that connects to the database does not own its tables; nothing was rewritten."
        " Set LAUREL_DATABASE_OWNER, the account that made them, and try again.",
    )


class Unreachable(LaurelError):
    """The database cannot be reached or opened."""

    code = "unreachable"
    why: Text | None = None
    """What the server or the network said, for whoever runs it; None where that is not known."""

    def __init__(self, why: Text | None = None) -> None:
        self.why = why
        reason = Text(f"（{why.zh}）", f" ({why.en})") if why is not None else Text("", "")
        super().__init__(
            Text(
                f"暂时连接不上数据库{reason.zh}，这一步可能没有完成。已提交的内容不会丢失，请过几分钟先查看，没有完成再试；时间较长请联系系统管理员。",
                f"The database cannot be reached{reason.en} and this step may not have been done. What was submitted is safe."
                " Look again in a few minutes and repeat what was not done, or ask the administrator.",
            )
        )


class Displaced(Unreachable):
    """A command has the database for itself, which came while this process had lost its connection."""

    code = "displaced"
    retry_after = 60

    def __init__(self) -> None:
        LaurelError.__init__(
            self,
            Text(
                "系统管理员的一条命令正在单独使用数据库，这一步没有完成。已提交的内容不会丢失，命令结束后自动恢复，请过几分钟再试。",
                "An administrator's command has the database for itself and this step was not done. What was submitted is"
                " safe. It goes on by itself when the command has ended: try again in a few minutes.",
            ),
        )


class Occupied(Unreachable):
    """Others kept the database from this unit of work for as long as one waits: nothing was lost, and nobody raced it."""

    code = "occupied"
    retry_after = 60

    def __init__(self) -> None:
        LaurelError.__init__(
            self,
            Text(
                "数据库正被其他操作占用（例如一条管理命令或大批量办理），这一步没有完成。已提交的内容不会丢失，请过几分钟再试；时间较长请联系系统管理员。",
                "Other work keeps the database (an administrator's command, say, or work in bulk) and this step was not"
                " done. What was submitted is safe. Try again in a few minutes, or ask the administrator.",
            ),
        )


class FilesUnreachable(LaurelError):
    """The place of uploaded and produced files cannot be reached; why is in ``reason``, for who keeps the installation."""

    code = "files_unreachable"

    def __init__(self, reason: Text) -> None:
        super().__init__(
            Text(
                "暂时连接不上存放附件和文书的地方，这一步没有完成。已提交的内容不会丢失，请过几分钟再试；时间较长请联系系统管理员。",
                "The place where files are kept cannot be reached and this step was not done. What was submitted is safe."
                " Try again in a few minutes, or ask the administrator.",
            )
        )
        self.reason = reason


class FileAltered(LaurelError):
    """A stored file is not what its name says."""

    code = "file_altered"

    def __init__(self, sha256: str) -> None:
        super().__init__(
            Text(
                f"文件 {sha256} 的内容与存入时不同，没有改动它。请从备份恢复这个文件，再办一次。",
                f"The file {sha256} is not as it was stored, and was left as it is: restore it from a backup, then try again.",
            )
        )


class RestoreUnfinished(LaurelError):
    """A backup is being brought back, or was and the restore broke off: nothing may go on with what stands there."""

    code = "restore_unfinished"
    sentence = Text(
        "数据库的恢复没有办完：编号还没有跳开，表决还没有作废，对外发送也没有拦下，因此不能启动。"
        "请再运行一次 laurel restore（同一个备份文件），它会接着办完。",
        "A restore of the database was not finished: numbers have not skipped ahead, ballots are not void and mail is"
        " not held, so nothing starts. Run laurel restore with the same backup again: it goes on.",
    )


@dataclass(frozen=True, slots=True)
class Occupant:
    """A process that is at work on a database: its name with machine and number, and since when, where that is known."""

    name: str
    since: datetime | None = None


class InUse(Conflict):
    """Others are at work on the database, and what was asked for needs it alone, or one of them has it alone."""

    code = "in_use"

    def __init__(self, holders: Sequence[Occupant]) -> None:
        self.holders = tuple(holders)
        super().__init__(
            Text(
                f"另一个进程正在使用这个数据库：{'；'.join(map(_describe_holder_zh, holders)) or '已在退出'}。"
                "没有改动任何内容。请先在所列机器上停止它（命令正在运行的，等它结束），再运行一次。",
                f"Another process is at work on this database: {'; '.join(map(_describe_holder_en, holders)) or 'it is just ending'}."
                " Nothing was changed. Stop it on the machine named (or wait for a command to end), then run this again.",
            )
        )


def _describe_holder_zh(holder: Occupant) -> str:
    since = f"（{holder.since.astimezone(CHINA):%Y-%m-%d %H:%M} 起）" if holder.since else ""
    return f"{holder.name}{since}"


def _describe_holder_en(holder: Occupant) -> str:
    return f"{holder.name} (since {holder.since.astimezone(CHINA):%Y-%m-%d %H:%M})" if holder.since else holder.name


def missing(zh: str, en: str, key: object) -> NotFound:
    """Return the error for a row that is not there, named in both languages with its key."""
    return NotFound(
        Text(
            f"找不到{zh}“{key}”，可能链接有误，或者已经删除。",
            f'There is no {en} "{key}": the link may be wrong, or it is gone.',
        )
    )


class Unusable(LaurelError):
    """The database cannot be opened or brought up to date: damaged, without tables, or closed to the account."""

    code = "unusable_database"

    def __init__(self, reason: str, folder: str = "") -> None:
        advice = _find_remedy(reason, folder)
        remedy = advice or _LOOK
        detail = "" if advice else f"（{reason}）"  # the driver's words are English: the Chinese ones say what it means
        super().__init__(
            Text(f"数据库不能使用{detail}。{remedy.zh}", f"The database cannot be used ({reason}). {remedy.en}")
        )


_LOOK = Text(
    "请核对 LAUREL_DATABASE 和数据目录；被其他程序占用的，先停止该程序。",
    "Look at LAUREL_DATABASE and the data folder, and stop what keeps it locked.",
)


def _find_remedy(reason: str, folder: str) -> Text | None:
    """Say what ``reason``, as Alembic or the driver gives it, means and what to do about it; None where it is not known.

    ``folder`` is SQLite's, "" elsewhere.
    """
    if "locate revision" in reason:
        revision = reason.rpartition(" ")[2].strip("'")
        return Text(
            f"它已由更新版本的程序升级（表结构 {revision}），数据完好：请用该版本的程序启动，不要从备份恢复。",
            "A newer program upgraded it and nothing is damaged: start that program, and restore nothing.",
        )
    if folder and ("readonly database" in reason or "unable to open" in reason):
        return Text(
            f"数据目录 {folder} 不能写入或不存在，数据没有损坏：请核对 LAUREL_DATA、目录和文件的权限，以及磁盘是否只读。",
            f"The data folder {folder} cannot be written or is not there; this is no damage: look at LAUREL_DATA, the"
            " rights of folder and files, and whether the disk is read-only.",
        )
    if folder and ("disk I/O error" in reason or "disk is full" in reason):
        return Text(
            f"{folder} 所在的磁盘已满或有故障：请腾出空间（df -h），仍不行的查看系统日志（dmesg）；已提交的内容没有损坏。",
            f"The disk of {folder} is full or at fault: make room (df -h), else look at the system's log (dmesg); what was"
            " submitted is not damaged.",
        )
    if "not a database" in reason or "malformed" in reason:
        return Text(
            "文件已损坏或不是数据库：请核对 LAUREL_DATABASE，确属损坏的从备份恢复。",
            "The file is damaged or no database: look at LAUREL_DATABASE, and restore a damaged file from a backup.",
        )
    if "timeout expired" in reason or "not answer" in reason:
        return Text(
            "数据库服务器在数秒内没有应答，可能僵住了或者网络不通：请在它所在的机器上查看，并核对 LAUREL_DATABASE；数据没有损坏。",
            "Its server did not answer within seconds: it may stand still, or the network is cut. Look at it on its machine, and at"
            " LAUREL_DATABASE; this is no damage.",
        )
    if "permission denied" in reason:
        return Text(
            "连接数据库的账户没有权限：表由 LAUREL_DATABASE_OWNER 的账户建立和升级，请用它运行一次 laurel doctor --tables，见 deploy/README.md。",
            "The account that connects has no right to it: tables are made and brought up to date by that of LAUREL_DATABASE_OWNER."
            " Run laurel doctor --tables with it; see deploy/README.md.",
        )
    if "no such table" in reason or "does not exist" in reason:
        return Text(
            "库里没有本程序的表：请核对 LAUREL_DATABASE 是否指向另一个数据库。",
            "The program's tables are not in it: see whether LAUREL_DATABASE names another database.",
        )
    if "database is locked" in reason:
        return Text(
            "它正被另一个程序占用：请先停止该程序，再试一次。",
            "Another program keeps it locked: stop that one, then try again.",
        )
    return None
