"""Service tasks: the operation exists and gets the parameters it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.catalog.bpmn.model import Diagram, Element, Kind, OperationCall
from service.catalog.bpmn.vocabulary import is_key
from service.catalog.feel import find_constant_value
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, build_error_problem
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text
from service.sdk.operations import Operation

NAMED_BY = {
    "template": "document",
    "table": "table",
    "form": "form",
    "replacement": "form",
    "corrected_by": "form",
    "process": "process",
    "role": "role",
    "to": "role",
    "teller_role": "role",
    "recipients": "recipient",
}
"""Parameters of operations that name a piece of the package, and what kind of piece."""
OBJECTOR = "objector"
"""A recipient that is no role: the objector, by the code on the receipt."""
_NAMES = {
    "document": Text("文书模板", "document"),
    "table": Text("决策表", "table"),
    "form": Text("表单", "form"),
    "process": Text("办件种类", "kind of case"),
    "role": Text("角色", "role"),
    "recipient": Text("收件角色", "recipient role"),
}


def _iterate_calls(checked: Checked) -> Iterator[tuple[Diagram, Element, OperationCall, Operation]]:
    for diagram, element in checked.elements():
        call = element.operation
        if call is not None and call.operation in checked.package.operations:
            yield diagram, element, call, checked.package.operations[call.operation]


@check(Extent.PROCESS, "unknown_operation")
def operation_exists(checked: Checked) -> Iterator[Problem]:
    """A service task calls an operation there is."""
    operations = checked.package.operations
    for diagram, element in checked.elements():
        name = element.operation.operation if element.operation else ""
        if name and name not in operations:
            yield build_error_problem(
                diagram.file, element.id, "unknown_operation", f"没有操作“{name}”。", f"There is no operation “{name}”.",
                did_you_mean(name, operations),
            )  # fmt: skip


@check(Extent.PROCESS, "unknown_parameter")
def check_operation_parameters(checked: Checked) -> Iterator[Problem]:
    """An operation gets no parameter it does not know."""
    for diagram, element, call, operation in _iterate_calls(checked):
        names = {parameter.name for parameter in operation.parameters}
        for name in call.parameters:
            if name not in names:
                yield build_error_problem(
                    diagram.file, element.id, "unknown_parameter",
                    f"操作 {operation.id} 没有参数“{name}”。", f"Operation {operation.id} has no parameter “{name}”.",
                    did_you_mean(name, names),
                )  # fmt: skip


@check(Extent.PROCESS, "parameter_missing")
def parameters_complete(checked: Checked) -> Iterator[Problem]:
    """An operation gets every parameter it requires."""
    for diagram, element, call, operation in _iterate_calls(checked):
        for parameter in operation.parameters:
            if parameter.required and not call.parameters.get(parameter.name, "").strip():
                yield build_error_problem(
                    diagram.file, element.id, "parameter_missing",
                    f"操作 {operation.id} 缺少参数“{parameter.name}”。",
                    f"Operation {operation.id} lacks parameter “{parameter.name}”.",
                    Text(f"补上：{parameter.help or parameter.type}。", f"Add it ({parameter.type})."),
                )  # fmt: skip


@check(
    Extent.PROCESS,
    "unknown_document",
    "unknown_table",
    "unknown_form",
    "unknown_process",
    "unknown_role",
    "unknown_recipient",
)
def names_exist(checked: Checked) -> Iterator[Problem]:
    """A document, table, form, kind of case, role or recipient named by a parameter exists."""
    package = checked.package
    roles = {*package.jurisdiction.roles, *package.jurisdiction.bindings}
    names_by_kind: dict[str, set[str]] = {
        "document": set(package.documents),
        "table": set(package.tables),
        "form": set(package.forms) | set(checked.keys),
        "process": set(package.award.processes),
        "role": roles,
        "recipient": {*roles, OBJECTOR},
    }
    for diagram, element, call, _ in _iterate_calls(checked):
        for parameter, text in call.parameters.items():
            what = NAMED_BY.get(parameter)
            for name in _list_names(find_constant_value(text)) if what else ():
                if what and name not in names_by_kind[what]:
                    yield build_error_problem(
                        diagram.file, element.id, f"unknown_{what}",
                        f"没有{_NAMES[what].zh}“{name}”。", f"There is no {_NAMES[what].en} “{name}”.",
                        did_you_mean(name, names_by_kind[what]),
                    )  # fmt: skip


@check(Extent.PROCESS, "no_recipient")
def recipients_named(checked: Checked) -> Iterator[Problem]:
    """Whoever a document or a letter is sent to is named: without recipients it is filed and nobody gets it."""
    for diagram, element, call, _ in _iterate_calls(checked):
        for parameter, text in call.parameters.items():
            value = find_constant_value(text) if NAMED_BY.get(parameter) in ("recipient", "role") else None
            if value in ([], "") or (isinstance(value, list) and not all(value)):
                yield build_error_problem(
                    diagram.file, element.id, "no_recipient",
                    f"参数“{parameter}”写着“{text}”，有收件人没有写明。", f"Parameter “{parameter}” is “{text}”: a recipient is not named.",
                    Text('写明角色，例如 ["applicant"]；只存档的，删去这个参数。',
                         'Name the role, such as ["applicant"]; to file it only, delete the parameter.'),
                )  # fmt: skip


def _list_names(value: Any) -> list[str]:
    """Return the names in a constant, which is one or a list of them."""
    return [name for name in (value if isinstance(value, list | tuple) else [value]) if isinstance(name, str) and name]


@check(Extent.PROCESS, "undeclared_variable")
def result_declared(checked: Checked) -> Iterator[Problem]:
    """What an operation returns or a message brings lands under a declared variable."""
    for diagram, element in checked.elements():
        result_variable = element.properties.get("resultVariable", "") if element.kind is Kind.RULE_TASK else ""
        results = [element.operation.result if element.operation else "", result_variable, element.message_variable]
        for name in results:
            if name and is_key(name) and name not in diagram.variables:
                yield build_error_problem(
                    diagram.file, element.id, "undeclared_variable",
                    f"结果变量“{name}”没有列入“流程中用到的数据”（variables）。",
                    f"The result “{name}” is not among the data of the process (variables).",
                    Text(
                        f"在右边面板的“流程中用到的数据”中增加“{name}”（一组值，context）。",
                        f"Add “{name}” to the data of the process in the panel (several values, context).",
                    ),
                    word=name,
                )  # fmt: skip
