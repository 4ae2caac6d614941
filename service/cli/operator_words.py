"""What whoever runs a command reads of a failure: a person at a page is told to ask the administrator, who sits here."""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.errors import LaurelError
from service.domain.text import Text

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
