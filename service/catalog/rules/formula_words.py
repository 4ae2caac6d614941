"""What the formula of a place is called, in the words of the panel that it is typed into."""

from __future__ import annotations

from functools import lru_cache

from service.catalog.merge.words import FIELDS
from service.domain.text import Text

_PARAMETER = "参数 "
_OTHERS = {
    "条件": "condition", "计时": "timer", "多实例设置": "repetition", "参数": "parameter", "消息内容": "content of the message",
    "关联表达式": "correlation", "启动条件": "condition to start", "对申报者的条件": "condition of the applicant",
    "标题": "title", "动作条件": "condition of the action", "后果说明": "what follows", "文书": "letter",
}  # fmt: skip


@lru_cache(maxsize=512)
def formula_word(what: str) -> Text:
    """Return ``what``, a property's name or a Chinese word for a formula, in both languages."""
    if what in FIELDS:
        return FIELDS[what]
    if what.startswith(_PARAMETER):
        name = what.removeprefix(_PARAMETER)
        inside = name.removesuffix(" 中的文本")
        return Text(what, f"parameter {name}" if inside == name else f"text in parameter {inside}")
    return Text(what, _OTHERS.get(what, what))
