"""Whether the file of an SQLite database is still where it was."""

from __future__ import annotations

from pathlib import Path

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store.errors import Unreachable


class FileGone(Unreachable):
    """The file of the database was moved, removed or replaced while it was in use; nothing more is written."""

    code = "database_gone"

    def __init__(self, file: Path) -> None:
        LaurelError.__init__(
            self,
            Text(
                f"数据库文件 {file} 已被移走、删除或者换成另一个，这一步没有完成，也不再写入，以免写进去的内容随之丢失。请系统管理员把原来的文件放回原处，"
                "服务随即自动恢复；已被删除的，先不要停止服务（打开着的文件里还有内容），取出或者从备份恢复后再启动。",
                f"The file of the database, {file}, was moved, removed or replaced. This step was not done, and nothing more is "
                "written, since it would be lost with it. Put the file back where it was: the service goes on by itself. Where it was "
                "removed, do not stop the service yet (the open file still holds everything): take it out, or restore a backup.",
            ),
        )


class DatabaseFile:
    """The file at ``path`` as it was when it was there first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[int, int] | None = None

    def demand(self) -> None:
        """Raise FileGone where another file is in its place by now, or none; a database that begins has none yet."""
        try:
            status = self._path.stat()
        except OSError:
            if self._known is None:
                return
            raise FileGone(self._path) from None
        identity = (status.st_dev, status.st_ino)
        if self._known is None:
            self._known = identity
        elif identity != self._known:
            raise FileGone(self._path)
