"""What of a file that somebody sends nobody will see: told at once, while who sent it can send another."""

from __future__ import annotations

from service.casework.desk.desk import Desk
from service.domain.errors import LaurelError
from service.domain.picture_size import MOST_POINTS, picture_size
from service.domain.text import Text
from service.domain.uploads import FileKind

_DAMAGED = Text(
    "已上传，但这个文件打不开，可能已损坏，办理人员也看不到内容。请在本机打开核对，必要时重新导出后再传。",
    "Uploaded, but this file does not open and may be damaged: check it on your computer and send another if need be.",
)
_LOCKED = Text(
    "已上传，但这个文件设了打开密码，办理人员打不开。请去掉密码后重新上传。",
    "Uploaded, but this file asks for a password: remove it and send the file again.",
)


def doubt_of(desk: Desk, kind: FileKind, content: bytes) -> Text | None:
    """Return what is to be told of a file that was taken but cannot be shown; None where nothing is known against it."""
    if kind is FileKind.PDF:
        return _of_pdf(desk, content)
    if kind not in (FileKind.JPEG, FileKind.PNG):
        return None
    size = picture_size(content)
    if size is None:
        return _DAMAGED
    points = size[0] * size[1]
    if points <= MOST_POINTS:
        return None
    shown, most = points // 1_000_000, MOST_POINTS // 1_000_000
    return Text(
        f"已上传，但这张图片有{shown}百万像素，超过在线显示的上限（{most}百万），办理人员要下载才能看。建议缩小后重新上传。",
        f"Uploaded, but this picture has {shown} megapixels, more than the {most} shown on pages: better send a smaller one.",
    )


def _of_pdf(desk: Desk, content: bytes) -> Text | None:
    try:
        broken = desk.pager.pages(content, 1, 0).get("broken")
    except LaurelError:  # too much for a glance, or others' files are read: whoever opens its pages is told then
        return None
    return {"damaged": _DAMAGED, "locked": _LOCKED}.get(str(broken))
