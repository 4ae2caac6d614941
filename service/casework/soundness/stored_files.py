"""Every file that a row speaks of is in the store of files, with the content that it is named by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from service.casework.desk.desk import Desk
from service.casework.soundness.fault import Unsound, in_case
from service.domain.errors import LaurelError, NotFound
from service.domain.text import Text
from service.domain.wording.counted import counted
from service.store import NamedFile

_PAGE = 200
_CHUNK = 1 << 20
_RESTORE = Text("从备份中取回这个文件", "take this file back from a backup")


def stored_files(desk: Desk) -> Iterator[int | Unsound]:
    """Read every file of documents and uploads once, a piece at a time; of archives look whether each is there."""
    yield from _of_rows(desk)
    yield from _of_archives(desk)


def _of_archives(desk: Desk) -> Iterator[int | Unsound]:
    """Open the files of archives; what they say is read when an archive is taken out and verified."""
    before: int | None = None
    while True:
        with desk.store.read() as tx:
            page = tx.archives.of_places(None, _PAGE, before)
        for row in page:
            with desk.store.read() as tx:
                named = {str(file["sha256"]) for part in tx.archives.parts(row.id) for file in part.files}
            lost = [sha256[:12] for sha256 in sorted(named) if row.erased_at is None and not is_there(desk, sha256)]
            if lost:
                told = Text(
                    f"归档 {row.id} 缺少 {len(lost)} 个文件（{lost[0]}）",
                    f"archive {row.id} lacks {counted(len(lost), 'file')} ({lost[0]})",
                )
                yield from in_case(row.case_id, "", [told], _RESTORE)
            yield len(named)
        if not page:
            return
        before = page[-1].id


def is_there(desk: Desk, sha256: str) -> bool:
    """Return whether the store has the file of a content."""
    try:
        desk.store.files.open(sha256).close()
    except NotFound:
        return False
    return True


def _of_rows(desk: Desk) -> Iterator[int | Unsound]:
    number = 0
    while True:
        with desk.store.read() as tx:
            page = tx.soundness.document_files(number, _PAGE)
        yield from _looked_at(desk, Text("文书", "a document"), page)
        if not page:
            break
        number = int(page[-1].id)
    ident = ""
    while True:
        with desk.store.read() as tx:
            page = tx.soundness.upload_files(ident, _PAGE)
        yield from _looked_at(desk, Text("附件", "an attachment"), page)
        if not page:
            return
        ident = str(page[-1].id)


def _looked_at(desk: Desk, kind: Text, page: Sequence[NamedFile]) -> Iterator[int | Unsound]:
    for file in page:
        wrong = _wrong(desk, file.sha256) if file.sha256 else None
        if wrong is None:
            continue
        told = Text(f"{kind.zh}{wrong.zh}", f"{kind.en} {wrong.en}")
        if file.case_id is None:
            yield Unsound(kind, Text(f"{told.zh}；{_RESTORE.zh}。", f"{told.en}; {_RESTORE.en}."))
        else:
            yield from in_case(file.case_id, "", [told], _RESTORE)
    yield len(page)


def _wrong(desk: Desk, sha256: str) -> Text | None:
    digest = hashlib.sha256()
    try:
        with desk.store.files.open(sha256) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except NotFound:
        return Text(f"的文件不在存放处（{sha256[:12]}）", f"is missing where files are kept ({sha256[:12]})")
    except (LaurelError, OSError) as error:
        said = error.message if isinstance(error, LaurelError) else Text(str(error), str(error))
        return Text(f"的文件读不出：{said.zh}", f"cannot be read: {said.en}")
    if digest.hexdigest() != sha256:
        return Text(f"的文件内容被改动（{sha256[:12]}）", f"is not as it was stored ({sha256[:12]})")
    return None
