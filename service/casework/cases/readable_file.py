"""Who may read an uploaded file, its pages as well; opening another's trade secret is put on record."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused, require_case
from service.casework.access.secrets import IDENTITY, STATE, TRADE, is_actors_upload, may_know_objector, may_open_secret
from service.casework.ballots.candidate_file import reads_as_voter
from service.casework.desk.desk import Desk
from service.casework.reading.submissions import ERASED_FILE, readable_uploads
from service.casework.step.history import append_case_event
from service.domain.errors import NotAllowed, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, UploadRow

_REMOVED = Text("这个附件已被移除。", "This file was removed.")


class FileStopped(NotAllowed):
    """The file touches state secrets and is out of circulation."""

    code = "file_stopped"
    sentence = Text(
        "这个附件涉及国家秘密，已停止流转，任何人都不能打开；申报组织应当更换不涉密的材料。",
        "This file touches state secrets and is out of circulation: nobody may open it, the applicant has to send another.",
    )


def opened_file(actor: Actor, desk: Desk, upload_id: str) -> UploadRow:
    """Return a file that ``actor`` opens now; raises NotFound, NotAllowed.

    Who uploaded it may see it before it belongs to a case. Opening a trade secret of another organisation is recorded.
    """
    with desk.store.read() as tx:
        row, secret = readable_file(desk, tx, actor, upload_id)
    if secret:
        record_opening(actor, desk, row)
    return row


def record_opening(actor: Actor, desk: Desk, row: UploadRow) -> None:
    """Put on record that ``actor`` opened a trade secret of another organisation."""
    if row.case_id is None:
        return
    with desk.store.write() as tx:
        words = f"{actor.name}查看了含有商业秘密的附件“{row.name}”"
        append_case_event(desk, tx, row.case_id, actor, "revealed", words, None, {"upload": row.id})


def readable_file(desk: Desk, tx: Transaction, actor: Actor, upload_id: str) -> tuple[UploadRow, bool]:
    """Return a file that ``actor`` may read, and whether it is another's trade secret; raises NotFound, NotAllowed."""
    row = tx.uploads.get(upload_id)
    require_present(row)
    if row.case_id is not None:
        return row, _require_in_case(desk, tx, actor, row, tx.cases.get(row.case_id))
    if row.person_id != actor.person_id:
        raise NotAllowed(
            Text("这个附件尚未提交，只有上传者可以查看。", "This file is not submitted yet; only its sender sees it.")
        )
    return row, False


def require_present(row: UploadRow) -> None:
    """Raise NotFound for a file that was removed or erased, FileStopped for one that is out of circulation."""
    if row.secret == STATE:
        raise FileStopped
    if row.removed_at is not None:
        raise NotFound(ERASED_FILE if row.erased_at is not None else _REMOVED)


def _require_in_case(desk: Desk, tx: Transaction, actor: Actor, row: UploadRow, case: CaseRow) -> bool:
    if is_recused(actor, case) or not reads_as_voter(tx, actor, case):
        require_case(actor, case, tx)
    if row.secret == IDENTITY and not may_know_objector(actor, desk.packages.get(case.definition, tx), case, tx):
        raise NotAllowed(Text("异议人的身份材料只有办公室可以查看。", "Only the office may see who objects."))
    _require_readable(desk, tx, actor, row, case)
    foreign = row.secret == TRADE and not is_actors_upload(actor, case, row)
    if foreign and not may_open_secret(actor, case, tx):
        raise NotAllowed(
            Text(
                "这个附件含有商业秘密，只有承办这一办件的人员可以查看。",
                "This file holds a trade secret; only those who work on the case may open it.",
            )
        )
    return foreign


def _require_readable(desk: Desk, tx: Transaction, actor: Actor, row: UploadRow, case: CaseRow) -> None:
    readable = readable_uploads(tx, actor, case, desk.packages.get(case.definition, tx))
    if readable is not None and row.id not in readable and row.person_id != actor.person_id:
        if actor.oversees(case.jurisdiction):
            raise NotAllowed(
                Text(
                    "这个办件还没有报到您的单位，报到以后才能打开附件；需要先了解的请联系办公室。",
                    "The case has not come to your body yet: its files open once it has. Ask the office if you need one before.",
                )
            )
        raise NotAllowed(
            Text(
                "这个附件由其他单位报送，您目前的角色不能查看；需要的请联系办公室。",
                "Another body sent this file and your present role may not read it; ask the office for it.",
            )
        )
