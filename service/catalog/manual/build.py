"""Putting the generated sections between their marks in processes/README.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from service.catalog.bpmn import structure
from service.catalog.bpmn.model import Kind
from service.catalog.feel import FUNCTIONS
from service.catalog.forms import form_structure
from service.catalog.manual.functions import GROUPS, Example
from service.catalog.parameters.parameters import Unit
from service.catalog.rules import RULES, Extent, Rule
from service.catalog.scenarios import scenario_words
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.sdk.operations import Operation, OperationParameter

EXAMPLES = Path("tests") / "data" / "rules.yaml"
_LONGEST = 110
_WORDS = {"structure of forms": form_structure.RULES, "words of scenarios": scenario_words.RULES}
"""What is asked of files that no example of the register is about."""


def rules_section(root: Path) -> str:
    """List the rules by family: what each asks, what the engine does where it is broken, wrong, right, and what to do."""
    examples: Any = to_plain_value(parse_yaml((root / EXAMPLES).read_bytes(), EXAMPLES.as_posix()))
    remaining_examples = dict(examples)
    families: dict[str, list[Rule]] = {}
    for rule in _rules():
        if rule not in families.setdefault(rule.family, []):
            families[rule.family].append(rule)
    paragraphs = [_table(family, rules, remaining_examples) for family, rules in families.items()]
    paragraphs += [
        f"**{family}**: " + " ".join(f"`{i}` {sentence}" for i, sentence in rules.items())
        for family, rules in _WORDS.items()
    ]
    return "\n\n".join(paragraphs)


def _rules() -> Iterator[Rule]:
    for ident, sentence in structure.RULES.items():
        yield Rule(ident, "structure of diagrams", Extent.PROCESS, sentence)
    for check in RULES:
        yield from check.rules


def _table(family: str, rules: list[Rule], examples: dict[str, dict[str, str]]) -> str:
    """Describe a family; an example stands where its rule is told first."""
    lines = [
        f"**{family}**",
        "",
        "| 规则 / rule | 要求 / what it asks (what happens otherwise) | 错 / wrong | 对 / right | 怎么办 / remedy |",
    ]
    lines += ["| --- | --- | --- | --- | --- |"]
    for rule in rules:
        requirement = f"{rule.sentence} ({rule.fact})" if rule.fact else rule.sentence
        example = examples.pop(rule.id, {"wrong": "", "right": "", "remedy": ""})
        wrong, right = (_write_example(example[word]) for word in ("wrong", "right"))
        lines.append(f"| `{rule.id}` | {cell(requirement)} | {wrong} | {right} | {cell(example['remedy'])} |")
    return "\n".join(lines)


def _write_example(text: str | list[str]) -> str:
    """Return an example as one line of code: the first place, and no more than fits."""
    line = " ".join((text if isinstance(text, str) else text[0]).split())
    short = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
    return f"`{cell(short)}`" if short else "—"


def operations_section(operations: Mapping[str, Operation]) -> str:
    """Describe every service operation with its parameters and its result."""
    return "\n\n".join(_operation(operations[ident]) for ident in sorted(operations))


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
    default_text = "是 / yes" if parameter.required else f"`{cell(parameter.default)}`" if parameter.default else ""
    return f"| `{parameter.name}` | {parameter.type} | {default_text} | {cell(parameter.help)} |"


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
    arguments = [name if place < required else f"[{name}]" for place, name in enumerate(names)]
    result = f" → `{cell(example.value)}`" if example.value else ""
    call = f"`{example.name}({', '.join(arguments)})`"
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
    process_lines: list[str] = []
    inside_lanes = False
    for line in lines[first : last + 1]:
        inside_lanes = inside_lanes or "<bpmn:laneSet" in line
        if not inside_lanes and "<bpmn:incoming>" not in line and "<bpmn:outgoing>" not in line:
            process_lines.append(line[2:])
        inside_lanes = inside_lanes and "</bpmn:laneSet>" not in line
    return "\n".join(process_lines)


def cell(text: str) -> str:
    """Return a text as it stands in a cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")


ROOT = Path(__file__).parents[3]
MANUAL = ROOT / "processes" / "README.md"
_MARK = "<!-- begin {0} -->\n{1}\n<!-- end {0} -->"


def built(text: str, operations: Mapping[str, Operation]) -> str:
    """Return the manual ``text`` with every generated section as it should be today."""
    sections = {
        "operations": operations_section(operations),
        "functions": functions_section(),
        "rules": rules_section(ROOT),
        "words": words_section(),
        "miniature": miniature_section(ROOT),
    }
    for name, content in sections.items():
        pattern = re.compile(re.escape(f"<!-- begin {name} -->") + ".*?" + re.escape(f"<!-- end {name} -->"), re.DOTALL)
        text = pattern.sub(lambda _, name=name, content=content: _MARK.format(name, content), text)  # type: ignore[misc]
    return text


def up_to_date(operations: Mapping[str, Operation]) -> bool:
    """Tell whether the manual says what the program knows today."""
    text = MANUAL.read_text("utf-8")
    return built(text, operations) == text
