"""Every page that was drawn of a file has its picture, and no page is kept of a file that was erased."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.soundness.fault import Unsound
from service.casework.soundness.stored_files import is_there
from service.domain.text import Text

_PAGE = 200
_WHAT = Text("附件的页面图片", "Pages of files")


def drawn_pages(desk: Desk) -> Iterator[int | Unsound]:
    """Look whether the picture of each page is there, and for pages that nothing speaks of."""
    sha256, page = "", 0
    while True:
        with desk.store.read() as tx:
            found = tx.file_pages.after(sha256, page, _PAGE)
        for row in found:
            if row.picture not in (None, row.sha256) and not is_there(desk, str(row.picture)):
                yield Unsound(
                    _WHAT,
                    Text(
                        f"文件{row.sha256[:12]}第{row.page}页的图片不在；有人打开这一页时会重新生成，无需处理。",
                        f"the picture of page {row.page} of {row.sha256[:12]} is gone; it is drawn again when somebody opens it.",
                    ),
                )
        yield len(found)
        if len(found) < _PAGE:
            break
        sha256, page = found[-1].sha256, found[-1].page
    yield from _alone(desk)


def _alone(desk: Desk) -> Iterator[int | Unsound]:
    after = ""
    while True:
        with desk.store.read() as tx:
            found = tx.file_pages.alone(after, _PAGE)
        for row in found:
            yield Unsound(
                _WHAT,
                Text(
                    f"文件{row.sha256[:12]}已清除，页面还在；清除作业完成后再查一次，仍有的请联系维护人员。",
                    f"{row.sha256[:12]} is erased and its pages are not: look again once the erasure is done, then tell who maintains this.",
                ),
            )
        if len(found) < _PAGE:
            return
        after = found[-1].sha256
