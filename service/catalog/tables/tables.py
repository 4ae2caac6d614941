"""Decision tables (DMN) for checks and citations: columns, rows, clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.catalog.source.newest import by_file, of_newest
from service.catalog.source.xml import (
    XmlElement,
    XmlMistake,
    find_child_element,
    get_local_name,
    list_child_elements,
    parse_xml,
    require_narrow,
    text_of,
)
from service.domain.decisions.read_dmn import text_in
from service.domain.text import Text

_STRINGS = re.compile(r'"([^"]*)"')
ATTRIBUTES = frozenset(
    {
        "id", "name", "label", "namespace", "typeRef", "hitPolicy", "aggregation", "outputLabel", "preferredOrientation",
        "expressionLanguage", "typeLanguage", "exporter", "exporterVersion", "importType", "locationURI", "isCollection",
        "kind", "href", "textFormat", "associationDirection", "useAlternativeInputDataShape",
    }
)  # fmt: skip
"""What the elements of a model may say (DMN 1.3, DMN13.xsd)."""


@dataclass(frozen=True, slots=True)
class TableInput:
    """An input column: FEEL ``expression`` and its type."""

    id: str
    label: str
    expression: str
    type: str


@dataclass(frozen=True, slots=True)
class TableOutput:
    """An output column."""

    id: str
    label: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A rule: unary tests per input, FEEL per output."""

    id: str
    description: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableDescription:
    """One decision table; ``content`` is the DMN file itself, for the evaluator.

    ``decisions`` is how many decisions the file holds (one is allowed).
    """

    id: str
    name: str
    hit_policy: str
    aggregation: str
    inputs: tuple[TableInput, ...]
    outputs: tuple[TableOutput, ...]
    rows: tuple[TableRow, ...]
    file: str
    content: bytes
    decisions: int
    imports: tuple[tuple[str, int], ...] = ()
    """What the file names with ``<import>``, with the line: it is not read."""
    languages: tuple[tuple[str, int], ...] = ()
    """What the file says its expressions are written in besides FEEL, with the line."""
    strange_attributes: tuple[tuple[str, str, int], ...] = ()
    """Attributes that the standard does not know: element, attribute, line."""
    types: frozenset[str] = frozenset()
    """Names of the types that the file defines."""

    def output(self, row: TableRow, name: str) -> str:
        """Return the FEEL of output ``name`` in ``row``, "" where there is no such column."""
        for column, entry in zip(self.outputs, row.outputs, strict=False):
            if column.name == name:
                return entry
        return ""

    def clauses(self, row: TableRow) -> tuple[str, ...]:
        """Return the clauses that ``row`` cites: the words of the strings in its ``clauses`` entry."""
        return tuple(word for text in _STRINGS.findall(self.output(row, "clauses")) for word in text.split())

    @property
    def is_eligibility(self) -> bool:
        """Tell whether the rows are grounds (there is a ``met`` column)."""
        return any(column.name == "met" for column in self.outputs)


@of_newest(by_file)
def read_table(content: bytes, file: str) -> TableDescription:
    """Read the decision table of a DMN file; raises XmlMistake when there is none."""
    root = parse_xml(content, file)
    require_narrow(content, file)
    decisions = list_child_elements(root, "decision")
    table = find_child_element(decisions[0], "decisionTable") if decisions else None
    if get_local_name(root) != "definitions" or table is None:
        raise XmlMistake(file, 1, Text("不是含有决策表的 DMN 文件。", "This is no DMN file with a decision table."))
    return TableDescription(
        decisions[0].get("id", ""),
        decisions[0].get("name", ""),
        table.get("hitPolicy", "UNIQUE"),
        table.get("aggregation", ""),
        tuple(_read_input(node) for node in list_child_elements(table, "input")),
        tuple(
            TableOutput(node.get("id", ""), node.get("label", ""), node.get("name", ""), node.get("typeRef", ""))
            for node in list_child_elements(table, "output")
        ),
        tuple(_read_row(node) for node in list_child_elements(table, "rule")),
        file,
        content,
        len(decisions),
        tuple(
            (node.get("name") or node.get("namespace", ""), node.sourceline)
            for node in list_child_elements(root, "import")
        ),
        tuple(_iterate_languages(root)),
        tuple(_iterate_strange_attributes(root)),
        frozenset(node.get("name", "") for node in list_child_elements(root, "itemDefinition")),
    )


def _iterate_languages(root: XmlElement) -> Iterator[tuple[str, int]]:
    for node in root.iter("*"):  # comments have no attributes, and answer None for each
        language = str(node.get("expressionLanguage", ""))
        if language and "feel" not in language.casefold():
            yield language, node.sourceline


def _iterate_strange_attributes(root: XmlElement) -> Iterator[tuple[str, str, int]]:
    for node in root.iter("*"):
        for name in node.attrib if node.prefix == root.prefix else ():  # what is drawn has attributes of its own
            if not name.startswith("{") and name not in ATTRIBUTES:
                yield get_local_name(node), name, node.sourceline


def _read_input(node: XmlElement) -> TableInput:
    expression = find_child_element(node, "inputExpression")
    kind = "" if expression is None else expression.get("typeRef", "")
    return TableInput(node.get("id", ""), node.get("label", ""), text_in(expression), kind)


def _read_row(node: XmlElement) -> TableRow:
    return TableRow(
        node.get("id", ""),
        text_of(find_child_element(node, "description")),
        tuple(text_in(entry) for entry in list_child_elements(node, "inputEntry")),
        tuple(text_in(entry) for entry in list_child_elements(node, "outputEntry")),
    )
