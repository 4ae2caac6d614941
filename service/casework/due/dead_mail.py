"""What to do about a mail that its server refuses for good: whose address it is, what the refusal means, who can mend it."""

from __future__ import annotations

import re

from service.domain.text import Text
from service.store.models import PersonRow

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
    found = _CODE.search(answer)
    if found is None:
        return _OTHERWISE
    return _MEANINGS.get((found[1], found[2])) or _BY_CLASS.get(found[1]) or _OTHERWISE


def remedy_of(address: str, answer: str, person: PersonRow | None) -> Text:
    """Return what to do about ``address``, which is that of ``person`` or nobody's who has an account."""
    why = meaning_of(answer)
    if person is None:
        return Text(
            f"“{address}”（{why.zh}）不是任何账号的邮箱，是登记或者申请时填写的：请按登记的电话联系本人，并核对填写的邮箱；"
            "对方修好邮箱后点“重试”，不再需要这封邮件的，写明理由“跳过”。",
            f"“{address}” ({why.en}) is the address of no account but was given when somebody registered or asked: call them at the "
            "number they gave and check the address; press “Retry” once the mailbox works, or “Skip” with a reason where the mail"
            " is no longer needed.",
        )
    known = Text("通知本人在系统中已经能看到。", "They can read the message in the system already.")
    return Text(
        f"“{address}”：{why.zh}。请向{person.name}（登录名 {person.login}）问清能收信的邮箱，在“人员”中改正此人的邮箱，"
        f"再点“重试”，这封邮件就会发到新的地址；邮箱无误的，请对方的邮箱管理员放行后再重试。{known.zh}",
        f"“{address}”: {why.en}. Ask {person.name} (sign-in name {person.login}) for an address that takes mail, correct the person's "
        f"address under “People”, then press “Retry”: this mail goes to the new one; where it is right, their mail administrator"
        f" has to let it in first. {known.en}",
    )
