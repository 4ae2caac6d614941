"""What the kinds of due work are called, on pages and where cases are searched by them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from service.domain.text import Text

WORK_WORDS: Mapping[str, Text] = MappingProxyType({
    "message": Text("送达消息", "message"),
    "barrier": Text("核对条件", "condition"),
    "serve": Text("送达", "service of a document"),
    "document": Text("制作文书", "document"),
    "mail": Text("发送邮件", "mail"),
    "reminder": Text("提醒", "reminder"),
    "timer": Text("期限", "timer"),
    "escalation": Text("逾期提醒", "escalation"),
    "webhook": Text("对外通知", "webhook"),
    "digest": Text("每日汇总", "daily digest"),
    "dates": Text("重算期限", "dates computed again"),
})  # fmt: skip


def work_word(kind: str) -> Text:
    """Return what a kind of work is called; one without a name is told by its id."""
    return WORK_WORDS.get(kind) or Text(kind, kind)
