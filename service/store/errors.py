"""Errors of the database, in words."""

from __future__ import annotations

from service.domain.errors import Conflict, LaurelError, NotFound
from service.domain.text import Text


class Stale(Conflict):
    """Another person changed the row since it was read; try again from the beginning or show both versions."""

    code = "stale"

    def __init__(self, what: Text | None = None) -> None:
        super().__init__(
            what
            or Text(
                "刚才有人先一步改动了这项内容，您的操作没有写入。请刷新后查看最新内容再办理。",
                "Another person changed this a moment ago and nothing of yours was written."
                " Reload, look at what is new and try again.",
            )
        )


class Busy(Stale):
    """The database could not take the lock in time or broke a deadlock; the whole unit of work may be tried again."""

    code = "busy"


class StorageFull(LaurelError):
    """The disk of the database or of the uploaded files is full."""

    code = "storage_full"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "服务器磁盘空间已满，内容没有保存。请联系系统管理员清理磁盘后重试。",
                "The server's disk is full and nothing was saved. Ask the administrator to free space, then try again.",
            )
        )


class ReadOnly(LaurelError):
    """The database takes no writing at present."""

    code = "read_only"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "系统正处于只读状态（可能在备份或切换），可以查看，暂时不能提交。请过几分钟再试；时间较长请联系系统管理员。",
                "The system is read-only at present (a backup or a switch-over): looking is possible, submitting is not."
                " Try again in a few minutes, or ask the administrator.",
            )
        )


class Unreachable(LaurelError):
    """The database cannot be reached or opened."""

    code = "unreachable"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "暂时连接不上数据库，这一步没有完成。已提交的内容不会丢失，请过几分钟再试；时间较长请联系系统管理员。",
                "The database cannot be reached and this step was not done. What was submitted is safe."
                " Try again in a few minutes, or ask the administrator.",
            )
        )


class FilesUnreachable(LaurelError):
    """The place of uploaded and produced files cannot be reached; what for is in ``reason``, which no page shows."""

    code = "files_unreachable"

    def __init__(self, reason: str) -> None:
        super().__init__(
            Text(
                "暂时连接不上存放附件和文书的地方，这一步没有完成。已提交的内容不会丢失，请过几分钟再试；时间较长请联系系统管理员。",
                "The place where files are kept cannot be reached and this step was not done. What was submitted is safe."
                " Try again in a few minutes, or ask the administrator.",
            )
        )
        self.reason = reason


class Unusable(LaurelError):
    """The database cannot be opened or brought up to date when the program starts."""

    code = "unusable_database"

    def __init__(self, reason: str) -> None:
        super().__init__(
            Text(
                f"数据库不能使用（{reason}）。请核对 LAUREL_DATABASE 和数据目录：文件损坏的从备份恢复，"
                "由更新版本的程序升级过的使用该版本的程序，被其他程序占用的先停止该程序。",
                f"The database cannot be used ({reason}). Look at LAUREL_DATABASE and the data folder: restore a damaged"
                " file from a backup, run the newer program where one upgraded it, stop what keeps it locked.",
            )
        )


def missing(zh: str, en: str, key: object) -> NotFound:
    """Return the error for a row that is not there, named in both languages with its key."""
    return NotFound(
        Text(
            f"找不到{zh}“{key}”。它可能已被删除，或链接有误；请返回列表重新选择。",
            f'There is no {en} "{key}". It may be gone or the link is wrong; go back to the list and choose again.',
        )
    )
