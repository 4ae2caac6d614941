"""What the formula of a place is called, in the words of the panel that it is typed into."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from service.catalog.bpmn.kinds import Purpose
from service.catalog.differences.words import FIELDS
from service.catalog.wording.word_lists import parameter_name
from service.domain.text import Text

TEXT_IN_PARAMETER = "text_in_parameter"
_OTHERS: Mapping[str, Text] = {
    Purpose.CONDITION: Text("条件", "condition"), Purpose.TIMER: Text("计时", "timer"),
    Purpose.LOOP: Text("多实例设置", "repetition"), Purpose.PARAMETER: Text("参数", "parameter"),
    Purpose.PAYLOAD: Text("消息内容", "content of the message"), Purpose.CORRELATION: Text("关联表达式", "correlation"),
    "start_condition": Text("启动条件", "condition to start"), "letter": Text("文书", "letter"),
    "subject_condition": Text("对申报者的条件", "condition of the applicant"),
    "start_refusal": Text("不能发起时的说明", "why it cannot be started"),
    "action_condition": Text("动作条件", "condition of the action"), "action_consequence": Text("后果说明", "what follows"),
}  # fmt: skip


@lru_cache(maxsize=512)
def formula_word(what: str, parameter: tuple[str, str] | None = None) -> Text:
    """Return ``what``, a property's name or a purpose, in both languages.

    ``parameter``: the operation, and the name under which it is given the formula.
    """
    if parameter is not None:
        name = parameter_name(*parameter)
        if what == TEXT_IN_PARAMETER:
            return Text(f"参数“{name.zh}”中的文本", f"text in parameter “{name.en}”")
        return Text(f"参数“{name.zh}”", f"parameter “{name.en}”")
    return FIELDS.get(what) or _OTHERS.get(what) or Text(what, what)
