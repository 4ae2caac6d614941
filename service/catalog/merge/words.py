"""How records and what they say are called, for people who compare or choose."""

from __future__ import annotations

from service.domain.text import Text

ELEMENTS: dict[str, Text] = {
    "startEvent": Text("开始事件", "Start event"),
    "endEvent": Text("结束事件", "End event"),
    "intermediateCatchEvent": Text("中间事件", "Intermediate event"),
    "intermediateThrowEvent": Text("中间事件", "Intermediate event"),
    "boundaryEvent": Text("边界事件", "Boundary event"),
    "userTask": Text("用户任务", "User task"),
    "manualTask": Text("人工任务", "Manual task"),
    "serviceTask": Text("服务任务", "Service task"),
    "businessRuleTask": Text("业务规则任务", "Business rule task"),
    "callActivity": Text("调用流程", "Call activity"),
    "subProcess": Text("子流程", "Subprocess"),
    "exclusiveGateway": Text("排他网关", "Exclusive gateway"),
    "inclusiveGateway": Text("包容网关", "Inclusive gateway"),
    "parallelGateway": Text("并行网关", "Parallel gateway"),
    "eventBasedGateway": Text("事件网关", "Event gateway"),
    "sequenceFlow": Text("顺序流", "Sequence flow"),
    "messageFlow": Text("消息流", "Message flow"),
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
"""Names of BPMN and DMN elements by tag."""

FIELDS: dict[str, Text] = {
    "name": Text("名称", "name"),
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
    "kind": Text("性质", "kind"),
    "title": Text("标题", "title"),
    "paragraphs": Text("正文", "paragraphs"),
    "addressee": Text("主送", "addressee"),
    "description": Text("说明", "description"),
    "hitPolicy": Text("命中策略", "hit policy"),
    "comments": Text("批注", "comments"),
    "validate": Text("校验", "validation"),
    "conditional": Text("显示条件", "condition of display"),
    "properties": Text("属性", "properties"),
}
"""Names of what a record says, by attribute, property or key."""


def kind_word(tag: str) -> Text:
    """Return how elements of ``tag`` are called."""
    return ELEMENTS.get(tag, Text(tag, tag))


def field_word(name: str) -> Text:
    """Return how ``name`` is called; what stands behind a point is a part of it."""
    known = FIELDS.get(name)
    if known is not None:
        return known
    head, point, rest = name.partition(".")
    if point and head in FIELDS:
        return Text(f"{FIELDS[head].zh} {rest}", f"{FIELDS[head].en} {rest}")
    return Text(name, name)
