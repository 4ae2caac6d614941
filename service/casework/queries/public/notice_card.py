"""The picture of a public notice that stands beside its shared link."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.documents.produce_document import NoPrinter
from service.casework.queries.public.portal import NoticeView, view_notice
from service.domain.errors import NotFound
from service.domain.text import Text


@guarded("notice.view")
def notice_card(desk: Desk, actor: Actor, notice_id: int) -> bytes:
    """Return the picture (PNG, 1200 by 630) of a public notice.

    Raises:
        NotFound: there is no such notice, or it is not public.
        NoPrinter, LaurelError: no picture can be made here, and why.
    """
    view = view_notice(desk, actor, notice_id)
    if view.audience != "public":
        raise NotFound(Text("这份公示没有对外分享的图片。", "This notice has no picture to share."))
    if desk.printer is None:
        raise NoPrinter(Text("此处没有排版功能，不生成分享图片。", "Nothing can be set here: no picture is made."))
    return desk.printer.card(view.city.zh, view.title, [line for line in (view.issuer, _days(view)) if line])


def _days(view: NoticeView) -> str:
    if view.announcement or not view.running:
        return view.end.zh if not view.running else f"发布于 {view.first_day:%Y年%-m月%-d日}"
    return f"公示期 {view.first_day:%Y年%-m月%-d日} 至 {view.last_day:%Y年%-m月%-d日}"
