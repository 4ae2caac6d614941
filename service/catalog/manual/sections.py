"""Sections of the manual generated from the program's own registries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from service.catalog.bpmn.model import Kind
from service.catalog.feel import FUNCTIONS
from service.catalog.manual.functions import GROUPS, Example
from service.catalog.parameters.parameters import Unit
from service.sdk.operations import Operation, OperationParameter


def operations_section(known: Mapping[str, Operation]) -> str:
    """Describe every service operation with its parameters and its result."""
    return "\n\n".join(_operation(known[ident]) for ident in sorted(known))


def _operation(operation: Operation) -> str:
    lines = [f"**`{operation.id}`** {operation.title.zh} · {operation.title.en}（第 {operation.version} 版）", ""]
    if operation.parameters:
        lines += ["| 参数 / parameter | 类型 / type | 必填或缺省 / required or default | 含义 / meaning |"]
        lines += ["| --- | --- | --- | --- |"]
        lines += [_parameter(parameter) for parameter in operation.parameters]
    else:
        lines.append("没有参数。 · No parameters.")
    if operation.result:
        lines += ["", "结果 / result: " + "、".join(_result_key(operation, name) for name in operation.result)]
    return "\n".join(lines)


def _result_key(operation: Operation, name: str) -> str:
    texts = " / ".join(f'`"{text}"`' for text in operation.options.get(name, ()))
    return f"`{name}`: {operation.result[name]}" + (f"（{texts}）" if texts else "")


def _parameter(parameter: OperationParameter) -> str:
    given = "是 / yes" if parameter.required else f"`{cell(parameter.default)}`" if parameter.default else ""
    return f"| `{parameter.name}` | {parameter.type} | {given} | {cell(parameter.help)} |"


def functions_section() -> str:
    """List every FEEL function by subject with its parameters, meaning and an example."""
    blocks = []
    for title, group in GROUPS:
        lines = [
            f"{title.zh} · {title.en}",
            "",
            "| 函数 / function | 含义 / meaning | 例 / example |",
            "| --- | --- | --- |",
        ]
        blocks.append("\n".join([*lines, *map(_function, group)]))
    return "\n\n".join(blocks)


def _function(example: Example) -> str:
    function = FUNCTIONS.get(example.name)
    names = () if function is None else function.parameters
    required = len(names) if function is None or function.required is None else function.required
    shown = [name if place < required else f"[{name}]" for place, name in enumerate(names)]
    result = f" → `{cell(example.value)}`" if example.value else ""
    call = f"`{example.name}({', '.join(shown)})`"
    return f"| {call} | {example.does.zh} · {example.does.en} | `{cell(example.expression)}`{result} |"


def words_section() -> str:
    """List words that may be written: kinds of elements and units."""
    kinds = " ".join(f"`{kind.value}`" for kind in Kind)
    units = " ".join(f"`{unit.value}`" for unit in Unit)
    return f"单位 / units: {units}\n\n图形 / elements: {kinds}"


def miniature_section(root: Path) -> str:
    """Quote the worked example: the files a person writes; of diagrams only what they say, not how they are drawn."""
    folder = root / "tests" / "data" / "miniature"
    order = (
        "jurisdiction.yaml",
        "law.yaml",
        "award.yaml",
        "parameters.yaml",
        "application.bpmn",
        "eligibility.dmn",
        "notice.bpmn",
        "refusal.yaml",
        "accepted.yaml",
    )
    paths = sorted(
        (path for path in folder.rglob("*.*") if path.name in order), key=lambda path: order.index(path.name)
    )
    return "\n\n".join(_quoted(path, path.relative_to(folder).as_posix()) for path in paths)


def _quoted(path: Path, name: str) -> str:
    text = path.read_text("utf-8")
    language = "yaml" if path.suffix == ".yaml" else "xml"
    if path.suffix == ".bpmn":
        text = _spoken(text)
    return f"`{name}`\n```{language}\n{text.rstrip()}\n```"


def _spoken(text: str) -> str:
    """Return the process of a diagram without what the program writes by itself: lanes, references, drawing."""
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if "<bpmn:process " in line)
    last = next(number for number, line in enumerate(lines) if "</bpmn:process>" in line)
    kept: list[str] = []
    inside_lanes = False
    for line in lines[first : last + 1]:
        inside_lanes = inside_lanes or "<bpmn:laneSet" in line
        if not inside_lanes and "<bpmn:incoming>" not in line and "<bpmn:outgoing>" not in line:
            kept.append(line[2:])
        inside_lanes = inside_lanes and "</bpmn:laneSet>" not in line
    return "\n".join(kept)


def cell(text: str) -> str:
    """Return a text as it stands in a cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")
