"""Send one kept message over one channel, at least once; the key lets the receiver drop a repetition."""

from __future__ import annotations

import logging
from dataclasses import replace

from service.casework.desk.channels import AddressRefused, Channel, Delivery, Outgoing, Recipient
from service.casework.desk.desk import Desk
from service.casework.due.dead_mail import remedy_of
from service.casework.people.tell_person import is_for_former_address
from service.casework.reading.english import in_language
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store.models import MailRow, PersonRow, WorkItemRow

log = logging.getLogger(__name__)


def send_message(desk: Desk, item: WorkItemRow) -> None:
    """Hand the message to its channel with no database lock held, then note it; raises OSError to be tried again.

    Whom it is for gets it at the address that they have now: a wrong one may have been corrected meanwhile. An address that
    is refused for good is an incident at once, but for a former one: it was mostly given up for that.
    """
    [channel] = (each for each in desk.channels if each.name == item.kind)
    row, person, message = _outgoing(desk, channel, item)
    outcome = Delivery.PASSED_ON
    if message:
        try:
            outcome = channel.send(message)
        except AddressRefused as refusal:
            if is_for_former_address(row):
                _leave(desk, item)
            else:
                _give_up(desk, item, refusal, person)
            return
        desk.store.crash_point(f"{channel.name}-sent")
    with desk.store.write() as tx:
        if outcome is not Delivery.PASSED_ON:
            tx.mail.mark_sent(row.id, desk.clock.now())
        tx.work.finish(item, desk.clock.now())


def _outgoing(desk: Desk, channel: Channel, item: WorkItemRow) -> tuple[MailRow, PersonRow | None, Outgoing | None]:
    """Return what is kept, whom it is for, and what leaves: None where the channel has no address of theirs."""
    with desk.store.read() as tx:
        row = tx.mail.by_key(str(item.payload.get("message", item.effect_key)))
        if row is None:
            raise NotFound(Text("要发送的消息已不存在。", "The message to be sent no longer exists."))
        if row.address is not None and row.person_id is not None:
            row = replace(row, address=tx.people.person(row.person_id).email or row.address)
        to = Recipient(row, tx.people.person)
        address, person = channel.address(to), to.person
        tongue = person.language if address and person else "zh"
        subject, text = (in_language(desk, tx, words, tongue) for words in (row.subject, row.text))
    if not address:
        return row, person, None
    content = (subject, text, row.case_id, row.queued_at, person)
    return row, person, Outgoing(item.effect_key, address, *content, lambda: _attachments(desk, row))


def _give_up(desk: Desk, item: WorkItemRow, refusal: AddressRefused, person: PersonRow | None) -> None:
    remedy = remedy_of(refusal.address, refusal.said, person)
    with desk.store.write() as tx:
        tx.work.give_up(item, refusal.message, remedy, desk.clock.now())


def _leave(desk: Desk, item: WorkItemRow) -> None:
    """End what is to nobody's good any more; the owner reads the same in the inbox and at the new address."""
    log.info("a former address takes no mail about its change")
    with desk.store.write() as tx:
        tx.work.finish(item, desk.clock.now())


def _attachments(desk: Desk, row: MailRow) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    with desk.store.read() as tx:
        for ident in row.documents:
            document = tx.documents.get(int(ident))
            for sha256, ending in ((document.sha256, "docx"), (document.pdf_sha256, "pdf")):
                if sha256:
                    with desk.store.files.open(sha256) as stream:
                        files[f"{document.title}.{ending}"] = stream.read()
    return files
