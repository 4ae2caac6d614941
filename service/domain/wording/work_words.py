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


WORK_NAMES: Mapping[str, Text] = {
    "timer": Text("期限届满后的处理", "what follows the end of a time limit"),
    "message": Text("向有关办件转送消息", "passing a message on to the cases concerned"),
    "barrier": Text("核对各办件是否都已办到", "looking whether all cases have come so far"),
    "follow": Text("按改定的日期改动期限", "moving limits with a day that was changed"),
    "ballot": Text("表决的收票和计票", "collecting and counting a vote"),
    "ballot_keys": Text("销毁表决密钥", "destroying the keys of a vote"),
    "ballot_anew": Text("重新发起表决", "calling a vote anew"),
    "reviewer": Text("更换评审人员", "replacing a reviewer"),
    "document": Text("制发文书", "issuing a document"),
    "reminder": Text("期限提醒", "reminding of a time limit"),
    "escalation": Text("催办", "urging"),
    "digest": Text("每日摘要", "the daily digest"),
    "start": Text("启动下一级办件", "starting a case below"),
    "mail": Text("发送邮件", "sending a mail"),
    "webhook": Text("向消息网关发送通知", "sending a message by the gateway"),
    "publication": Text("按时发布新版本", "publishing a version in time"),
    "intervention": Text("批量干预", "changing many cases"),
    "moves": Text("批量迁移", "moving cases to another version"),
    "recount": Text("按更正的日历改动期限", "moving limits to a corrected calendar"),
    "undo_moves": Text("撤销一批迁移", "undoing a move of all cases"),
    "retries": Text("批量重试异常", "retrying incidents"),
    "unclaimed": Text("清除未提交的附件", "removing files that nobody submitted"),
    "studio": Text("设计中的情景运行和手册", "runs of scenarios and handbooks of the studio"),
    "deputy_end": Text("结束到期的委托", "ending deputies whose time is over"),
    "morning": Text("每日早晨放回失效认领、告知新到待办", "lapsed claims and new tasks, each morning"),
    "registration": Text("清除失效的注册申请", "removing lapsed registrations"),
    "archive": Text("一届评选的归档", "archiving a round"),
    "head": Text("签名记录到达之处", "signing how far the records have come"),
    "erasure": Text("清除保存期满的内容", "erasing what was kept long enough"),
    "other_case": Text("记入有关办件的历史", "an entry in the history of another case"),
    "rating_reminder": Text("差评答复提醒", "reminding of a bad rating"),
}
"""What each kind of work is called."""
_OTHER = Text("一项后台工作", "a piece of background work")


def work_name(kind: str) -> Text:
    """Return what a kind of background work is called."""
    return WORK_NAMES.get(kind, _OTHER)
