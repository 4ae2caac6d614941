"""A database that cannot be used: what the driver says of it, in words and with a remedy."""

from __future__ import annotations

from service.domain.errors import LaurelError
from service.domain.text import Text


class Unusable(LaurelError):
    """The database cannot be opened or brought up to date: damaged, without tables, or closed to the account."""

    code = "unusable_database"

    def __init__(self, reason: str, folder: str = "") -> None:
        known = _remedy(reason, folder)
        remedy = known or _LOOK
        said = "" if known else f"（{reason}）"  # the driver's words are English: the Chinese ones say what it means
        super().__init__(
            Text(f"数据库不能使用{said}。{remedy.zh}", f"The database cannot be used ({reason}). {remedy.en}")
        )


_LOOK = Text(
    "请核对 LAUREL_DATABASE 和数据目录；被其他程序占用的，先停止该程序。",
    "Look at LAUREL_DATABASE and the data folder, and stop what keeps it locked.",
)


def _remedy(reason: str, folder: str) -> Text | None:
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
            "连接数据库的账户没有权限：表由 LAUREL_DATABASE_OWNER 的账户建立和升级，请用它运行一次 laurel tables，见 deploy/README.md。",
            "The account that connects has no right to it: tables are made and brought up to date by that of LAUREL_DATABASE_OWNER."
            " Run laurel tables with it; see deploy/README.md.",
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
