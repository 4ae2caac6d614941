"""Notices as the public finds and reads them, with their files."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.cases.readable_file import require_present
from service.casework.desk.desk import Desk
from service.casework.queries.downloads.files import KINDS, PRINTED, WORD, Download, set_as
from service.casework.queries.public.portal import PAGE, CityView, NoticeView, cities_of, notices_as_posted, view_notice
from service.casework.reading.published import published
from service.casework.step.fill import in_words
from service.domain.calendar import local_date
from service.domain.errors import Invalid, LaurelError, NotFound
from service.domain.text import Text
from service.domain.values.bounds import OneOf
from service.store import SHORTEST_WORD, words_to_find


@dataclass(frozen=True, slots=True)
class FoundNotices:
    """Notices that were looked for, newest first; ``before`` continues them: the number of the last one."""

    cities: tuple[CityView, ...]
    notices: tuple[NoticeView, ...]
    before: int | None


@guarded("portal.view")
def find_notices(
    desk: Desk, actor: Actor, text: str, jurisdiction: str | None = None, before: int | None = None
) -> FoundNotices:
    """Return public notices whose title or list holds every word of ``text``, of one city or of all.

    Raises:
        Invalid: no word has two characters.
    """
    del actor  # anybody; the guard has said so
    words = words_to_find(text)
    if not any(len(word) >= SHORTEST_WORD for word in words):
        raise Invalid(
            Text(
                "请至少输入两个字，例如单位名称中的几个字。",
                "Type two characters at least, of an organisation's name for instance.",
            )
        )
    with desk.store.read() as tx:
        publications = published(desk, tx)
        cities = cities_of(publications, jurisdiction)
        rows = tx.notices.search(words, [city.id for city in cities], PAGE + 1, before)
        page_rows = rows[:PAGE]
        notices = notices_as_posted(desk, tx, publications, page_rows)
    return FoundNotices(cities, notices, page_rows[-1].id if len(rows) > PAGE else None)


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """A file that a notice is offered as: its size in bytes, SHA-256 of its bytes."""

    kind: Annotated[str, OneOf(tuple(KINDS))]
    size: int
    sha256: str


@guarded("notice.view")
def notice_files(desk: Desk, actor: Actor, notice_id: int) -> tuple[NoticeFile, ...]:
    """Return the files of a public notice, none of an internal one; without a Chinese typeface there is no PDF."""
    view = view_notice(desk, actor, notice_id)
    if view.audience != "public":
        return ()
    content, layouts = _serialize_notice(view), _load_layouts(desk, view)
    measures = ((kind, _measure_file(kind, content, layouts[kind], desk)) for kind in KINDS)
    return tuple(NoticeFile(kind, *measure) for kind, measure in measures if measure is not None)


@guarded("notice.download")
def open_notice_file(desk: Desk, actor: Actor, notice_id: int, kind: str) -> Download:
    """Return a public notice as ``kind`` (docx, pdf).

    Raises:
        NotFound: there is no such notice or kind, or the notice is not public.
        NoPrinter, LaurelError: no PDF can be made here, and why.
    """
    view = view_notice(desk, actor, notice_id)
    if view.audience != "public" or kind not in KINDS:
        raise NotFound(Text("这份公示没有这种文件。", "This notice is not offered as such a file."))
    data = set_as(kind, json.loads(_serialize_notice(view)), desk, _load_layouts(desk, view)[kind])
    return Download(f"{view.title}.{kind}", KINDS[kind], len(data), io.BytesIO(data))


@guarded("notice.download")
def open_notice_upload(desk: Desk, actor: Actor, notice_id: int, upload_id: str) -> Download:
    """Return a file that was posted with a public notice and not recalled with it; raises NotFound."""
    view = view_notice(desk, actor, notice_id)
    missing = NotFound(Text("这份公示没有这个附件。", "This notice has no such file."))
    if view.state == "recalled":
        raise NotFound(Text("这份公告已收回，附件不再公开。", "It was recalled: its files are no longer handed out."))
    if view.audience != "public" or all(file.get("id") != upload_id for file in view.files):
        raise missing
    with desk.store.read() as tx:
        row = tx.uploads.get(upload_id)
    require_present(row)
    if row.secret is not None:
        raise missing
    return Download(row.name, row.kind, row.size, desk.store.files.open(row.sha256))


def _load_layouts(desk: Desk, view: NoticeView) -> dict[str, bytes | None]:
    """Return the city's own layouts, None where it takes the program's."""
    with desk.store.read() as tx:
        package = desk.packages.get(tx.cases.get(view.case_id).definition, tx)
    return {WORD: package.layout("official.docx"), PRINTED: package.layout("official.typ")}


def _serialize_notice(view: NoticeView) -> str:
    """Return the notice as documents are composed, as it was posted: whom to ask as well, so that its hash stays true."""
    content: dict[str, Any] = {
        "layout": "official",
        "head": view.issuer,
        "title": view.title,
        "number": None,
        "addressee": "",
        "paragraphs": list(_iterate_paragraphs(view)),
        "signature": view.issuer,
        "copies": [],
        "attachments": [],
        "note": list(view.to_ask),
        "date": local_date(view.posted_at).isoformat(),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def _iterate_paragraphs(view: NoticeView) -> Iterator[str | dict[str, Any]]:
    yield from (line for line in view.text.splitlines() if line.strip())
    if view.entries:
        rows = [[str(n), *row] for n, row in enumerate(view.rows, 1)]
        yield {"head": ["序号", *view.columns], "rows": rows}
    if not view.announcement:
        yield f"公示期：{in_words(view.first_day)}至{in_words(view.last_day)}。"
    if view.objecting or view.contestable:
        yield view.objecting or view.how_to_object.zh
    if view.media:
        yield f"同时发布于：{'、'.join(view.media)}。"
    reason = (view.correction or {}).get("reason")
    if reason:
        yield f"{f'本{_get_notice_word(view)}已收回，不再有效' if view.state == 'recalled' else '更正说明'}：{reason}"
    yield f"{_get_notice_word(view)}文本指纹（SHA-256）：{view.fingerprint}"


def _get_notice_word(view: NoticeView) -> str:
    return "公告" if view.announcement else "公示"


_MEASURED: dict[tuple[str, str, bytes | None, int], tuple[int, str] | None] = {}
_MOST = 512


def _measure_file(kind: str, content: str, layout: bytes | None, desk: Desk) -> tuple[int, str] | None:
    """Return size and hash, cached, so that a busy page sets its notice once; None where it cannot be made here."""
    key = (kind, content, layout, id(desk.printer))
    if key not in _MEASURED:
        if len(_MEASURED) >= _MOST:
            _MEASURED.clear()
        try:
            data = set_as(kind, json.loads(content), desk, layout)
            _MEASURED[key] = len(data), hashlib.sha256(data).hexdigest()
        except LaurelError:
            _MEASURED[key] = None
    return _MEASURED.get(key)
