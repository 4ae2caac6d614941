"""Operations of notices; no account is needed to read them."""

from __future__ import annotations

from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.notices.correct import correct_notice
from service.casework.notices.recall import recall_notice
from service.casework.queries.downloads.files import KINDS
from service.casework.queries.public.notices import notice_files, open_notice_file
from service.casework.queries.public.portal import NoticeView, view_notice, view_portal
from service.domain.values.bounds import OneOf
from service.web.api.arguments import Query, instant_place
from service.web.api.derive import offer
from service.web.api.operation import Operation
from service.web.api.shared import HandedFile, hand_out

_LIST: Query = {"jurisdiction": "one city only", "after": instant_place("continue the past ones").to("before")}

offer(NoticeView, "id jurisdiction title text entries first_day last_day state fingerprint posted_at")


def get_notice_file(desk: Desk, actor: Actor, notice_id: int, kind: Annotated[str, OneOf(tuple(KINDS))]) -> HandedFile:
    """Get a notice as docx or pdf."""
    return hand_out(open_notice_file(desk, actor, notice_id, kind))


_NOTICE = "/notices/{notice_id}"
OPERATIONS = (
    Operation("GET /notices", "portal.view", view_portal, "running past next=before", _LIST, id="list_notices"),
    Operation(f"GET {_NOTICE}", "notice.view", view_notice),
    Operation(f"GET {_NOTICE}/files", "notice.view", notice_files, "files"),
    Operation(f"GET {_NOTICE}/files/{{kind}}", "notice.download", get_notice_file),
    Operation(f"POST {_NOTICE}/correct", "notice.correct", correct_notice),
    Operation(f"POST {_NOTICE}/recall", "notice.recall", recall_notice),
)
