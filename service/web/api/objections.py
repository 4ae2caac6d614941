"""Operations of objections without an account; the pages' limits per sender hold here too."""

from __future__ import annotations

from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.public.lodge import LodgingReceipt, lodge_publicly
from service.casework.public.uploads import attach_publicly
from service.casework.public.view_receipt import PublicAction, Reply, act_publicly, open_reply, view_receipt
from service.casework.queries.downloads.files import DOCX
from service.casework.queries.public.lodging import lodging_options, view_lodging
from service.casework.tasks.attach_upload import Attached
from service.domain.values.bounds import Example, Length, PackageKey, ReceiptCode, RowId, Spread
from service.web.api.arguments import Query, whole
from service.web.api.derive import offer
from service.web.api.operation import Operation
from service.web.api.shared import HandedFile, SentFile

_NOTICE = whole("id of the notice")
_PLACE: Query = {"notice": _NOTICE, "place": whole("id of the round, without a notice")}
_OFFERED: Query = {"notice": _NOTICE.to("notice_id"), "jurisdiction": "one place"}
_VIEWED = "package=package.key process name targets fields context refusal"
_TRACKED = "number kind about notice received_at running stage outcome replies actions"

offer(LodgingReceipt, "number code at")
offer(PublicAction, "id name consequence")
offer(Reply, "id title number paragraphs issued_at ready")


def attach_to_objection(
    desk: Desk,
    actor: Actor,
    package: PackageKey,
    process: Annotated[str, Length(1, 60)],
    file: Spread[SentFile],
    origin: str,
    notice: Annotated[RowId | None, Example(1)] = None,
    place: RowId | None = None,
) -> Attached:
    """Attach a file to the form of an objection about a notice, or at a round: one of ``notice`` and ``place`` is needed."""
    rules = file.rules(view_lodging(desk, actor, package, process, place=place, notice=notice).form)
    return attach_publicly(desk, actor, file.field, file.name, file.stream, rules, origin)


def get_reply(desk: Desk, actor: Actor, document_id: int, code: ReceiptCode, origin: str) -> HandedFile:
    """Get a reply to the holder of a receipt."""
    row, content = open_reply(desk, actor, code, document_id, origin)
    with content:
        return HandedFile(f"{row.title}.docx", DOCX, content.read())


_FORM = "GET /objections/forms/{jurisdiction}/{award}/{process}"
_TRACK = "/objections/track"
OPERATIONS = (
    Operation(_FORM, "objection.lodge", view_lodging, _VIEWED, _PLACE),
    Operation("POST /objections/uploads", "objection.attach", attach_to_objection),
    Operation("GET /objections", "objection.lodge", lodging_options, "options", _OFFERED),
    Operation("POST /objections", "objection.lodge", lodge_publicly, told_once=True),
    Operation(f"POST {_TRACK}", "objection.track", view_receipt, _TRACKED),
    Operation(f"POST {_TRACK}/documents/{{document_id}}", "objection.track", get_reply),
    Operation(f"POST {_TRACK}/actions/{{action}}", "objection.lodge", act_publicly),
)
