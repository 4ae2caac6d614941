"""Send one kept message over one channel, at least once; the key lets the receiver drop a repetition."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

from service.casework.desk.channels import AddressRefused, Channel, Delivery, Outgoing, Recipient
from service.casework.desk.desk import Desk
from service.casework.people.tell_person import is_for_former_address
from service.casework.public.registrations import tell_undelivered
from service.casework.reading.english import in_language
from service.domain.errors import NotFound
from service.domain.forms.masking import masked
from service.domain.text import Text
from service.store.models import MailRow, PersonRow, WorkItemRow

_CODE = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
"""An enhanced status code (RFC 3463) of a refusal for good."""

_MEANINGS = {
    ("1", "1"): Text("没有这个邮箱", "there is no such mailbox"),
    ("1", "10"): Text("这个域名不收邮件", "that domain takes no mail"),
    ("1", "2"): Text("没有这个域名的邮件服务器", "there is no mail server of that domain"),
    ("1", "3"): Text("邮箱地址写得不对", "the address is misspelt"),
    ("2", "1"): Text("邮箱已停用", "the mailbox is switched off"),
    ("2", "2"): Text("邮箱已满", "the mailbox is full"),
}
_BY_CLASS = {
    "1": Text("地址不能投递", "nothing can be delivered to the address"),
    "7": Text("对方按其规则拒收，与地址无关", "the receiver's rules refuse it, whatever the address"),
}
_OTHERWISE = Text("对方服务器不再接受", "their server takes no more")


def meaning_of(answer: str) -> Text:
    """Return what a server's refusal for good means, by its enhanced status code where it gives one."""
    match = _CODE.search(answer)
    if match is None:
        return _OTHERWISE
    return _MEANINGS.get((match[1], match[2])) or _BY_CLASS.get(match[1]) or _OTHERWISE


def remedy_of(address: str, answer: str, person: PersonRow | None) -> Text:
    """Return what to do about ``address``, which is that of ``person`` or nobody's who has an account; it is told masked."""
    why, address = meaning_of(answer), masked(address)
    if person is None:
        return Text(
            f"“{address}”（{why.zh}）不是任何账号的邮箱，是登记或者申请时填写的：请按登记的电话联系本人，并核对填写的邮箱；"
            "对方修好邮箱后点“重试”，不再需要这封邮件的，写明理由“跳过”。",
            f"“{address}” ({why.en}) is the address of no account but was given when somebody registered or asked: call them at the "
            "number they gave and check the address; press “Retry” once the mailbox works, or “Skip” with a reason where the mail"
            " is no longer needed.",
        )
    inbox_note = Text("收件人在系统中已经能看到这条通知。", "They can read the message in the system already.")
    if person.password is None:
        inbox_note = Text(
            "此人还没有设置密码，不能用密码登录来看这条通知；自行注册的，核实单位也可以在“组织注册”中改正邮箱，重发设置密码的链接。",
            "They have set no password yet, so they cannot sign in with one to read it; where they registered themselves, who"
            " verified them can also correct the address under Registrations and send the link to the password again.",
        )
    return Text(
        f"“{address}”：{why.zh}。请向{person.name}（登录名 {person.login}）问清能收信的邮箱，在“人员”中改正此人的邮箱，"
        f"再点“重试”，这封邮件就会发到新的地址；邮箱无误的，请对方的邮箱管理员放行后再重试。{inbox_note.zh}",
        f"“{address}”: {why.en}. Ask {person.name} (sign-in name {person.login}) for an address that takes mail, correct the person's "
        f"address under “People”, then press “Retry”: this mail goes to the new one; where it is right, their mail administrator"
        f" has to let it in first. {inbox_note.en}",
    )


log = logging.getLogger(__name__)


def send_message(desk: Desk, item: WorkItemRow) -> None:
    """Hand the message to its channel with no database lock held, then note it; raises OSError to be tried again.

    Whom it is for gets it at the address that they have now: a wrong one may have been corrected meanwhile. An address that
    is refused for good is an incident at once, but for a former one: it was mostly given up for that.
    """
    [channel] = (each for each in desk.channels if each.name == item.kind)
    row, person, message = _prepare_outgoing(desk, channel, item)
    outcome = Delivery.PASSED_ON
    if message:
        try:
            outcome = channel.send(message)
        except AddressRefused as refusal:
            if is_for_former_address(row):
                _drop_mail(desk, item)
            else:
                _give_up(desk, item, refusal, row, person)
            return
        desk.store.crash_point(f"{channel.name}-sent")
    with desk.store.write() as tx:
        if outcome is not Delivery.PASSED_ON:
            tx.mail.change(row.id, sent_at=desk.clock.now())
        tx.work.finish(item, desk.clock.now())


def _prepare_outgoing(
    desk: Desk, channel: Channel, item: WorkItemRow
) -> tuple[MailRow, PersonRow | None, Outgoing | None]:
    """Return what is kept, whom it is for, and what leaves: None where the channel has no address of theirs."""
    with desk.store.read() as tx:
        row = tx.mail.find(effect_key=str(item.payload.get("message", item.effect_key)))
        if row is None:
            raise NotFound(Text("要发送的消息已不存在。", "The message to be sent no longer exists."))
        if row.address is not None and row.person_id is not None:
            row = replace(row, address=tx.people.get(row.person_id).email or row.address)
        to = Recipient(row, tx.people.get)
        address, person = channel.address(to), to.person
        tongue = person.language if address and person else "zh"
        subject, text = (in_language(desk, tx, words, tongue) for words in (row.subject, row.text))
    if not address:
        return row, person, None
    content = (subject, text, row.case_id, row.queued_at, person)
    return row, person, Outgoing(item.effect_key, address, *content, lambda: _load_attachments(desk, row))


def _give_up(desk: Desk, item: WorkItemRow, refusal: AddressRefused, row: MailRow, person: PersonRow | None) -> None:
    why, remedy = refusal.message, remedy_of(refusal.address, refusal.said, person)
    what = Text(f"发给{person.name}的邮件：{why.zh}", f"Mail to {person.name}: {why.en}") if person else why
    with desk.store.write() as tx:
        tx.work.give_up(item, why, remedy, desk.clock.now(), what)
        tell_undelivered(desk, tx, row.effect_key)


def _drop_mail(desk: Desk, item: WorkItemRow) -> None:
    """End what is to nobody's good any more; the owner reads the same in the inbox and at the new address."""
    log.info("a former address takes no mail about its change")
    with desk.store.write() as tx:
        tx.work.finish(item, desk.clock.now())


def _load_attachments(desk: Desk, row: MailRow) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    with desk.store.read() as tx:
        for ident in row.documents:
            document = tx.documents.get(int(ident))
            for sha256, ending in ((document.sha256, "docx"), (document.pdf_sha256, "pdf")):
                if sha256:
                    with desk.store.files.open(sha256) as stream:
                        files[f"{document.title}.{ending}"] = stream.read()
    return files
