"""What the formula of a place is called, in the words of the panel that it is typed into."""

from __future__ import annotations

from functools import lru_cache

from service.catalog.differences.words import FIELDS
from service.catalog.wording.word_lists import parameter_name
from service.domain.text import Text

_PARAMETER, _TEXT_IN = "参数 ", " 中的文本"
_OTHERS = {
    "条件": "condition", "计时": "timer", "多实例设置": "repetition", "参数": "parameter", "消息内容": "content of the message",
    "关联表达式": "correlation", "启动条件": "condition to start", "对申报者的条件": "condition of the applicant",
    "标题": "title", "动作条件": "condition of the action", "后果说明": "what follows", "文书": "letter",
}  # fmt: skip


@lru_cache(maxsize=512)
def formula_word(what: str) -> Text:
    """Return ``what``, a property's name or a Chinese word for a formula, in both languages.

    参数 case.set/facts is what the operation ``case.set`` is given as ``facts``.
    """
    if what in FIELDS:
        return FIELDS[what]
    if what.startswith(_PARAMETER):
        parameter = what.removeprefix(_PARAMETER)
        whole = parameter.removesuffix(_TEXT_IN)
        operation, _, name = whole.rpartition("/")
        called = parameter_name(operation, name)
        if whole == parameter:
            return Text(f"参数“{called.zh}”", f"parameter “{called.en}”")
        return Text(f"参数“{called.zh}”中的文本", f"text in parameter “{called.en}”")
    return Text(what, _OTHERS.get(what, what))
