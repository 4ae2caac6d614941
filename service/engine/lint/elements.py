"""Elements that the engine does not carry out as drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from service.engine.lint.report import Rule, make
from service.engine.lint.scope import NODES, TASKS, Package, Scope
from service.engine.model import EngineProblem
from service.engine.values import FORBIDDEN_KEYS
from service.engine.xml import BPMN, extension, extensions, kind, owner_id, tag, text_of

RULES = {
    "script": Rule(
        "“{id}”含有脚本，流程包中不允许程序代码。", "“{id}” contains a script; a package holds no program code.",
        "改为服务任务，或把判断写成 FEEL 表达式。", "Use a service task, or write the decision in FEEL."),
    "abstract_task": Rule(
        "“{id}”是没有类型的任务，会像人工任务一样停住。", "“{id}” is a task without a type and would wait for a person.",
        "把它改成用户任务、服务任务或人工任务。", "Make it a user task, a service task or a manual task."),
    "unsupported": Rule(
        "“{id}”（{kind}）不受支持，会被忽略或出错。", "“{id}” ({kind}) is not supported and would be ignored or fail.",
        "改用任务、排他/并行/包容/事件网关、嵌入子流程或调用活动。",
        "Use tasks, exclusive, parallel, inclusive or event-based gateways, subprocesses or call activities."),
    "data_flow": Rule(
        "“{id}”使用数据存储或数据关联，引擎不会执行。", "“{id}” uses a data store or a data association.",
        "删除该连线；数据按键名在流程中传递。", "Remove the association; data travel under their keys."),
    "duplicate_id": Rule(
        "编号“{id}”在同一文件或流程包中出现多次，只有最后一个生效。", "The id “{id}” occurs twice; only the last would count.",
        "给每个元素唯一的编号。", "Give every element its own id."),
    "two_processes": Rule(
        "一个文件里画了多个流程，消息流不会执行。", "The file draws several processes; message flows are not carried out.",
        "每个文件只画一个流程，用消息事件联系。", "Draw one process per file and connect them by message events."),
    "unknown_call": Rule(
        "“{id}”调用的流程“{called}”不存在。", "“{id}” calls the process “{called}”, which does not exist.",
        "检查被调用流程的编号，或把该流程图放进流程包。", "Check the called process's id, or add its diagram."),
    "recursive_call": Rule(
        "流程“{id}”直接或间接调用自己，永远不会结束。", "The process “{id}” calls itself and never ends.",
        "把重复部分画成有次数上限的循环。", "Draw the repetition as a loop with a limit."),
    "no_operation": Rule(
        "“{id}”没有指定要执行的操作或决策。", "“{id}” names no operation or decision.",
        "填写服务操作（serviceTaskOperator）或决策编号（calledDecisionId）。",
        "Name a service operation or a decision id."),
    "bad_key": Rule(
        "“{id}”写入的键名“{key}”不可用。", "“{id}” writes the key “{key}”, which cannot be used.",
        "键名用字母、数字和下划线，不能叫 typename。", "Use letters, digits and underscores, and not typename."),
}  # fmt: skip

_UNSUPPORTED = frozenset({"adHocSubProcess", "transaction", "complexGateway", "choreographyTask", "callChoreography"})
_DATA = frozenset({"dataInputAssociation", "dataOutputAssociation", "dataStore", "ioSpecification"})
problem = partial(make, RULES)


def check_documents(package: Package) -> Iterator[EngineProblem]:
    """Check what concerns whole files and all of them together."""
    names: Counter[str] = Counter()
    for file, root in package.roots.items():
        ids = Counter(node.get("id") for node in _model(root))
        yield from (problem("duplicate_id", file, i) for i, n in ids.items() if i and n > 1)
        processes = list(root.iter(tag("process")))
        if len(processes) > 1:
            yield problem("two_processes", file, processes[1].get("id"))
        inside = {n.get("id", "") for n in root.iter(tag("process"), tag("subProcess"))}
        yield from (problem("duplicate_id", file, i) for i in inside if names[i])
        names.update(inside)
        for node in root.iter(*(tag(name) for name in _DATA)):
            yield problem("data_flow", file, owner_id(node) or node.get("id"))
    yield from _recursion(package)


def check_elements(package: Package, scope: Scope) -> Iterator[EngineProblem]:
    """Check the elements of one scope, each by itself."""
    for node in scope.node:
        name, element = kind(node), node.get("id")
        if name in _UNSUPPORTED or (name in NODES and node.get("isForCompensation") == "true"):
            yield problem("unsupported", scope.file, element, kind=name)
        elif name == "task":
            yield problem("abstract_task", scope.file, element)
        if name == "scriptTask" or extension(node, "preScript") is not None or extensions(node, "postScript"):
            yield problem("script", scope.file, element)
        if name in NODES:
            yield from _keys(package, scope, node)
    yield from _called(package, scope)
    yield from _operations(scope)


def _called(package: Package, scope: Scope) -> Iterator[EngineProblem]:
    for node in scope.of_kind("callActivity"):
        called = node.get("calledElement", "")
        if called not in package.processes:
            yield problem("unknown_call", scope.file, node.get("id"), called=called)


def _operations(scope: Scope) -> Iterator[EngineProblem]:
    for node in scope.of_kind("serviceTask", "businessRuleTask"):
        operator = extension(node, "serviceTaskOperator")
        named = operator is not None and operator.get("id")
        if not named and not (kind(node) == "businessRuleTask" and text_of(node, "calledDecisionId")):
            yield problem("no_operation", scope.file, node.get("id"))


def _keys(package: Package, scope: Scope, node: Any) -> Iterator[EngineProblem]:
    if kind(node) not in TASKS or kind(node) == "subProcess":
        return
    for key in sorted(package.writes(node)):
        if not key.isidentifier() or key in FORBIDDEN_KEYS:
            yield problem("bad_key", scope.file, node.get("id"), key=key)


def _recursion(package: Package) -> Iterator[EngineProblem]:
    calls = {
        name: {call.get("calledElement", "") for call in node.iter(tag("callActivity"))}
        for name, node in package.processes.items()
    }
    files = {scope.id: scope.file for scope in package.scopes}
    for name in calls:
        reached: set[str] = set()
        todo = list(calls[name])
        while todo:
            called = todo.pop()
            if called not in reached:
                reached.add(called)
                todo.extend(calls.get(called, ()))
        if name in reached:
            yield problem("recursive_call", files[name], name)


def _model(root: Any) -> Iterator[Any]:
    return (node for node in root.iter() if isinstance(node.tag, str) and node.tag.startswith(f"{{{BPMN}}}"))
