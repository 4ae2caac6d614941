"""How records and what they say are called, for people who compare or choose."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from service.catalog.basics.sections import SECTIONS
from service.domain.forms.offered import FORM_SETTINGS, KINDS, EntryWay, OfferedSetting, settings_of
from service.domain.text import Text

ELEMENTS: dict[str, Text] = {
    "startEvent": Text("开始", "Start"),
    "endEvent": Text("结束", "End"),
    "intermediateCatchEvent": Text("中间事件", "Intermediate event"),
    "intermediateThrowEvent": Text("中间事件", "Intermediate event"),
    "boundaryEvent": Text("任务上的事件", "Event on a task"),
    "userTask": Text("任务", "Task"),
    "manualTask": Text("线下任务", "Manual task"),
    "serviceTask": Text("自动办理", "Automatic step"),
    "businessRuleTask": Text("按表判断", "Decision by a table"),
    "task": Text("没有类型的任务", "Task without a type"),
    "scriptTask": Text("脚本任务", "Script task"),
    "sendTask": Text("发送任务", "Send task"),
    "receiveTask": Text("接收任务", "Receive task"),
    "transaction": Text("事务子流程", "Transaction"),
    "adHocSubProcess": Text("即席子流程", "Ad-hoc subprocess"),
    "complexGateway": Text("复杂网关", "Complex gateway"),
    "choreographyTask": Text("编排任务", "Choreography task"),
    "subChoreography": Text("子编排", "Sub-choreography"),
    "callChoreography": Text("调用的编排", "Called choreography"),
    "conversation": Text("会话", "Conversation"),
    "callActivity": Text("调用的流程", "Called process"),
    "subProcess": Text("子流程", "Subprocess"),
    "exclusiveGateway": Text("判断", "Decision"),
    "inclusiveGateway": Text("多选判断", "Decision with several ways"),
    "parallelGateway": Text("并行", "Parallel ways"),
    "eventBasedGateway": Text("等待其一", "Wait for the first event"),
    "sequenceFlow": Text("连线", "Flow"),
    "messageFlow": Text("消息线", "Message flow"),
    "lane": Text("泳道", "Lane"),
    "laneSet": Text("泳道组", "Lanes"),
    "participant": Text("池", "Pool"),
    "process": Text("流程", "Process"),
    "message": Text("消息", "Message"),
    "textAnnotation": Text("注释", "Annotation"),
    "association": Text("关联", "Association"),
    "definitions": Text("文件本身", "The file itself"),
    "decision": Text("决策", "Decision"),
    "decisionTable": Text("决策表", "Decision table"),
    "input": Text("条件列", "Input column"),
    "output": Text("结论列", "Output column"),
    "rule": Text("规则行", "Rule"),
}
"""Names of BPMN and DMN elements by tag, as people who draw call them."""

FIELDS: dict[str, Text] = {
    "name": Text("名称", "name"),
    "amendment": Text("在办办件怎么办", "what becomes of running cases"),
    "applies_to_running": Text("适用于在办办件", "applies to running cases"),
    "note": Text("说明", "note"),
    "name_en": Text("英文名称", "English name"),
    "parent": Text("所在之处", "place"),
    "lane": Text("泳道", "lane"),
    "order": Text("顺序", "order"),
    "text": Text("内容", "content"),
    "clauses": Text("条款", "clauses"),
    "role": Text("角色", "role"),
    "form": Text("表单", "form"),
    "body": Text("单位", "body"),
    "operation": Text("服务操作", "operation"),
    "conditionExpression": Text("条件", "condition"),
    "sourceRef": Text("从", "from"),
    "targetRef": Text("到", "to"),
    "attachedToRef": Text("附着于", "attached to"),
    "calledElement": Text("调用的流程", "called process"),
    "default": Text("默认流", "default flow"),
    "barrier": Text("等到条件成立", "caught as soon as"),
    "ways": Text("判断的先后", "order of ways"),
    "documentation": Text("说明", "documentation"),
    "cancelActivity": Text("是否中断", "interrupting"),
    "source": Text("依据来源", "source"),
    "label_en": Text("英文标题", "English label"),
    "key": Text("键", "key"),
    "required": Text("必填", "required"),
    "slots": Text("填空", "slots"),
    "expect": Text("预期", "expectations"),
    "steps": Text("步骤", "steps"),
    "position": Text("图上位置", "place in the drawing"),
    "waypoints": Text("线路", "line"),
    "label": Text("标题", "label"),
    "type": Text("类型", "type"),
    "values": Text("取值", "values"),
    "value": Text("取值", "value"),
    "minimum": Text("下限", "minimum"),
    "maximum": Text("上限", "maximum"),
    "exactly": Text("固定为", "exactly"),
    "unit": Text("计量单位", "unit"),
    "summary": Text("要旨", "summary"),
    "article": Text("条文", "article"),
    "informative": Text("为什么没有可执行的行为", "why there is nothing to do"),
    "outside": Text("为什么不在流程之内", "why it is outside"),
    "kind": Text("性质", "kind"),
    "document": Text("文书", "document"),
    "notice": Text("公示", "notice"),
    "until": Text("等到", "until"),
    "title": Text("标题", "title"),
    "paragraphs": Text("正文", "paragraphs"),
    "addressee": Text("主送", "addressee"),
    "description": Text("说明", "description"),
    "hitPolicy": Text("命中策略", "hit policy"),
    "comments": Text("批注", "comments"),
    "validate": Text("校验", "validation"),
    "conditional": Text("显示条件", "condition of display"),
    "properties": Text("属性", "properties"),
    "due": Text("法定期限", "statutory limit"),
    "remind": Text("提醒", "reminder"),
    "assignee": Text("指定到人", "one person"),
    "prefill": Text("预填内容", "first values"),
    "consequence": Text("提交前的提醒", "sentence before submitting"),
    "redo": Text("没有办成时的说明", "sentence where it is to be done anew"),
    "routes": Text("后面判断要用的字段", "fields that decisions read"),
    "send_back": Text("可以退回", "may be sent back"),
    "take_back": Text("提交后可以撤回", "may be taken back"),
    "paper_entry": Text("期满后补录书面材料", "papers entered after the limit"),
    "transfer": Text("可以转给其他单位", "may go to another body"),
    "bulk": Text("可以批量办理", "several at once"),
    "private": Text("只有办理人可见", "read by who may do it alone"),
    "main": Text("主路径", "main way"),
    "variables": Text("流程中用到的数据", "data of the procedure"),
    "meanings": Text("数据的含义", "meaning of the data"),
    "outcome": Text("结果", "outcome"),
    "outcome_name": Text("结果名称", "name of the outcome"),
    "outcome_name_en": Text("结果的英文名称", "English name of the outcome"),
    "outcome_reason": Text("为什么到此结束", "why it ends here"),
    "calledDecisionId": Text("决策表", "decision table"),
    "resultVariable": Text("结果记在变量", "result goes to"),
    "timeDate": Text("时刻", "instant"),
    "timeDuration": Text("时长", "duration"),
    "timerEventDefinition": Text("计时", "timer"),
    "messageEventDefinition": Text("消息", "message"),
    "messageRef": Text("消息", "message"),
    "multiInstanceLoopCharacteristics": Text("重复", "repetition"),
    "signature": Text("落款", "signature"),
    "number": Text("文号", "number"),
    "attachments": Text("附件", "attachments"),
    "include": Text("引用段落", "paragraphs of"),
    "each": Text("逐项", "for each of"),
    "as": Text("称为", "called"),
    "layout": Text("版式", "layout"),
    "proves": Text("证明的条款", "clauses proved"),
    "at": Text("日期", "day"),
    "with": Text("填写", "filled in"),
    "complete": Text("办理", "done"),
    "start": Text("启动", "started"),
    "case": Text("办件", "case"),
    "question": Text("设置的问题", "question"),
    "choices": Text("选项", "choices"),
    "facts": Text("记录的事实", "facts"),
    "from_pattern": Text("取自范本", "made of pattern"),
    "organisations": Text("虚构的申报者", "fictional applicants"),
    "calendar_years": Text("虚构的日历年份", "fictional years of the calendar"),
    "members": Text("委员", "members"),
    "count": Text("人数", "count"),
    "expert": Text("专家", "expert"),
    "task": Text("任务", "task"),
    "state": Text("状态", "state"),
    "fact": Text("事实", "fact"),
    "award": Text("奖项", "award"),
    "parameters": Text("参数", "parameters"),
    "from": Text("自", "from"),
    "touches": Text("还影响的条款", "clauses it touches too"),
    "former": Text("修改前的取值", "value before an amendment"),
    "ruleMessage": Text("核对规则的提示", "sentence of the rule"),
}
"""Names of what a record says, by attribute, property or key."""


def kind_word(tag: str) -> Text:
    """Return how elements of ``tag`` are called."""
    return ELEMENTS.get(tag, Text(tag, tag))


def field_word(name: str, *, of_form: bool = False) -> Text:
    """Return how ``name`` is called, ``of_form`` as the form editor calls it; what stands behind a point is a part of it."""
    offered = _map_form_settings().get(name) if of_form else None
    label = offered.label if offered else _find_setting(name)
    if label is not None:
        return label
    head, point, rest = name.partition(".")
    if not point:
        return Text(name, name)
    head_word, other = (_find_setting(part) or Text(part, part) for part in (head, rest))
    return Text(f"{head_word.zh} {other.zh}", f"{head_word.en} {other.en}")


def is_flag(name: str) -> bool:
    """Tell whether a form says by ``name`` that something is so, and by its absence that it is not."""
    form_setting = _map_form_settings().get(name)
    return form_setting is not None and form_setting.entry in (EntryWay.FLAG, EntryWay.TEXT_FLAG)


def component_word(kind: str) -> Text | None:
    """Return how a kind of form component is called."""
    return next((offered.label for offered in KINDS if offered.type == kind), None)


def _find_setting(name: str) -> Text | None:
    field_label = FIELDS.get(name)
    if field_label is not None:
        return field_label
    form_setting = _map_form_settings().get(name)
    if form_setting is not None:
        return form_setting.label
    return _of_sections().get(name) or _find_numbered_setting(name)


def _find_numbered_setting(name: str) -> Text | None:
    """Return how the second rule of a form is called, or what is said in English."""
    base, _, last = name.rpartition("_")
    base_label = _find_setting(base) if base and (last == "en" or last.isdecimal()) else None
    if base_label is None:
        return None
    return (
        Text(f"{base_label.zh}（英文）", f"{base_label.en} in English")
        if last == "en"
        else Text(f"{base_label.zh} {last}", f"{base_label.en} {last}")
    )


def section_word(name: str) -> Text:
    """Return how the part ``name`` of a file is called, as the sheets of the studio call it."""
    titles = {section.at: section.title for section in SECTIONS if section.at}
    return titles.get(name) or field_word(name)


@lru_cache(maxsize=1)
def _of_sections() -> Mapping[str, Text]:
    """Return what the sheets of a place and of its award call the parts of these files and what entries say."""
    titles = {section.at: section.title for section in SECTIONS if section.at}
    return {**titles, **{field.key: field.label for section in SECTIONS for field in section.fields}}


@lru_cache(maxsize=1)
def _map_form_settings() -> Mapping[str, OfferedSetting]:
    """Return what the form editor offers, by its place in a component."""
    of_parts = [setting for kind in KINDS for setting in settings_of(kind)]
    of_forms = [setting for settings in FORM_SETTINGS.values() for setting in settings]
    return {setting.place: setting for setting in (*of_forms, *of_parts)}
