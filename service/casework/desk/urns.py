"""Who holds the keys of urns: the key service where there is one, else this process."""

from __future__ import annotations

from service.casework.desk.desk import Desk
from service.domain.text import Text
from service.keys.errors import KeyServiceAway, NotReleased
from service.keys.urns import UrnKeeper, UrnsHere

EMBEDDED = Text(
    "票箱密钥由本机程序保管（没有另设密钥服务）：本机的系统管理员（root）在表决期间能够读取密钥，从而打开票箱；"
    "投票的前后各取一次票箱和密钥，还能知道那一票。须防范本机管理员的，请设置密钥服务（LAUREL_KEYS_URL）。",
    "This machine holds the urns' keys itself (no key service): while a ballot runs, root of this machine can read the"
    " keys and open the urn, and who takes urn and key before and after a vote learns it. Where root must be"
    " guarded against, set up a key service (LAUREL_KEYS_URL).",
)
"""What root can do in the embedded mode, plainly."""

ELSEWHERE = Text(
    "票箱密钥由独立的密钥服务保管，本程序和数据库中都没有；密钥服务有自己的操作记录（laurel keys book）。",
    "The urns' keys are held by a key service: neither this program nor the database has them, and the service keeps a"
    " book of its own (laurel keys book).",
)


def held_by(desk: Desk, box: str) -> Text:
    """Say who holds the keys of a ballot, what that means, and which holders open its urn."""
    if desk.key_service is None:
        return EMBEDDED
    try:
        holding = desk.key_service.holding(box)
    except (KeyServiceAway, NotReleased) as away:
        return away.message
    if holding is None:
        return ELSEWHERE
    given_zh, given_en = "、".join(holding.given) or "无", ", ".join(holding.given) or "nobody"
    count, names_zh, names_en = len(holding.holders), "、".join(holding.holders), ", ".join(holding.holders)
    return Text(
        f"{ELSEWHERE.zh}截止后由{count}名保管人（{names_zh}）中的{holding.needed}名在密钥服务的页面上交出，才能开箱；已交：{given_zh}。",
        f"{ELSEWHERE.en} After the close {holding.needed} of {count} holders ({names_en}) open the urn on the service's page;"
        f" given by: {given_en}.",
    )


def urns_of(desk: Desk) -> UrnKeeper:
    """Return whoever holds the keys of urns."""
    return desk.key_service or UrnsHere(desk.ballot_keys, desk.randomness, desk.premises.cipher)
