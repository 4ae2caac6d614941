"""Elements that the engine does not carry out as drawn."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.bpmn.model import Diagram, Element, Kind
from service.catalog.bpmn.scope import keys_of, scopes_of
from service.catalog.bpmn.vocabulary import is_key
from service.catalog.differences.words import kind_word
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked
from service.catalog.rules.places import label_of
from service.catalog.rules.registry import Extent, Said, check

_SAID = {
    "script": Said(
        "Nothing in a diagram runs code.", "Scripts of a diagram are Python and would run in the server.",
        "“{id}”含有脚本，流程包中不允许程序代码。", "“{id}” contains a script; a package holds no program code.",
        "改为服务任务，或把判断写成 FEEL 表达式。", "Use a service task, or write the decision in FEEL."),
    "abstract_task": Said(
        "Every task has a type.", "A task without one waits for a person.",
        "“{id}”是没有类型的任务，会像人工任务一样停住。", "“{id}” is a task without a type and would wait for a person.",
        "把它改成用户任务、服务任务或人工任务。", "Make it a user task, a service task or a manual task."),
    "unsupported": Said(
        "Activities and gateways are of a kind that is carried out.", "Other kinds are ignored or fail.",
        "“{id}”（{kind}）不受支持，会被忽略或出错。", "“{id}” ({kind}) is not supported and would be ignored or fail.",
        "改用任务、排他/并行/包容/事件网关、嵌入子流程或调用活动。",
        "Use tasks, exclusive, parallel, inclusive or event-based gateways, subprocesses or call activities."),
    "two_processes": Said(
        "A file holds one process.", "Of several, message flows between them are not carried out.",
        "一个文件里画了 {count} 个流程，消息流不会执行。", "The file draws {count} processes; message flows are not carried out.",
        "每个文件只画一个流程，用调用活动或消息事件联系。", "Draw one process per file; join them by call activities or messages."),
    "not_executable": Said(
        "A process is marked as executable.", "Of one that is not no case can start.",
        "流程“{id}”标为不执行，办件不能发起。", "The process “{id}” is marked as not executable: no case can start.",
        "把 isExecutable 改为 true。", "Set isExecutable to true."),
    "data_flow": Said(
        "Data travel under their names, not along associations.", "Data stores and associations are not carried out.",
        "“{id}”使用数据存储或数据关联，引擎不会执行。", "“{id}” uses a data store or a data association.",
        "删除该连线；数据按键名在流程中传递。", "Remove the association; data travel under their keys."),
    "no_operation": Said(
        "A task of the program names its operation or decision.", "Without one it waits for ever.",
        "“{id}”没有指定要执行的操作或决策。", "“{id}” names no operation or decision.",
        "选择服务操作（serviceTaskOperator）或者决策表（calledDecisionId）。",
        "Choose a service operation (serviceTaskOperator) or a decision table (calledDecisionId)."),
    "bad_key": Said(
        "Names of data are letters, digits and underscores.", "A key “typename” is read back as the name of a class.",
        "“{id}”写入的键名“{key}”不可用。", "“{id}” writes the key “{key}”, which cannot be used.",
        "键名用字母、数字和下划线，不能叫 typename。", "Use letters, digits and underscores, and not typename."),
}  # fmt: skip
_CALLING = {
    "recursive_call": Said(
        "No process calls itself.", "It would never end.",
        "流程“{id}”直接或间接调用自己，永远不会结束。", "The process “{id}” calls itself and never ends.",
        "把重复部分画成有次数上限的循环。", "Draw the repetition as a loop with a limit."),
    "duplicate_id": Said(
        "The id of a subprocess stands once in a package.", "Of two processes of one id only the last counts.",
        "编号“{id}”在流程包中出现多次，只有最后一个生效。", "The id “{id}” occurs twice in the package; only the last would count.",
        "给每个子流程唯一的编号。", "Give every subprocess its own id."),
}  # fmt: skip
_UNSUPPORTED = (Kind.AD_HOC, Kind.TRANSACTION, Kind.COMPLEX)


@check(Extent.DIAGRAM, said=_SAID)
def elements_run(checked: Checked) -> Iterator[Problem]:
    """Every element, looked at by itself, is carried out as drawn."""
    for diagram in checked.diagrams.values():
        if diagram.processes != 1:
            yield _build_problem("two_processes", diagram, diagram.process_id, count=diagram.processes)
        if not diagram.executable:
            yield _build_problem("not_executable", diagram, diagram.process_id)
        yield from (_build_problem("data_flow", diagram, ident) for ident in diagram.data_flows)
        yield from _check_keys(diagram, diagram.process_id, diagram.outputs)
    for diagram, element in checked.elements():
        if element.kind in _UNSUPPORTED:
            yield _build_problem("unsupported", diagram, element.id, kind=kind_word(element.kind.value))
        elif element.kind is Kind.TASK:
            yield _build_problem("abstract_task", diagram, element.id)
        if element.kind is Kind.SCRIPT_TASK or element.forbidden:
            yield _build_problem("script", diagram, element.id)
        if element.kind in (Kind.SERVICE_TASK, Kind.RULE_TASK) and not _get_operation(element):
            yield _build_problem("no_operation", diagram, element.id)
        if element.kind.is_activity and not element.kind.is_scope:
            yield from _check_keys(diagram, element.id, keys_of(element))


def _build_problem(rule: str, diagram: Diagram, element: str, **values: object) -> Problem:
    return (_SAID | _CALLING)[rule].problem(diagram.file, element, rule, **{"id": label_of(diagram, element), **values})


def _get_operation(element: Element) -> str:
    named = element.operation.operation if element.operation else ""
    return named or (element.decision if element.kind is Kind.RULE_TASK else "")


def _check_keys(diagram: Diagram, element: str, written: tuple[str, ...]) -> Iterator[Problem]:
    for key in written:
        if not is_key(key):
            yield _build_problem("bad_key", diagram, element, key=key)


@check(Extent.PACKAGE, said=_CALLING)
def processes_call(checked: Checked) -> Iterator[Problem]:
    """Processes and subprocesses can be told apart, and none calls itself."""
    calls = {name: {call.called for call in diagram.calls} for name, diagram in checked.package.processes.items()}
    seen: set[str] = set()
    for diagram in checked.diagrams.values():
        inner = [scope.id for scope in scopes_of(diagram) if scope.element is not None]
        yield from (
            _build_problem("duplicate_id", diagram, ident, id=ident)
            for ident in inner
            if ident in seen or ident in calls
        )
        seen.update(inner)
        reached, todo = set[str](), [*calls[diagram.process_id]]
        while todo:
            called = todo.pop()
            if called not in reached:
                reached.add(called)
                todo.extend(calls.get(called, ()))
        if diagram.process_id in reached:
            yield _build_problem("recursive_call", diagram, diagram.process_id)
