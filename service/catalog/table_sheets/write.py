"""Write a sheet back into its DMN file in place: what was not changed keeps its bytes, comments among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from lxml import etree

from service.catalog.source.formatting import DMN, format_root
from service.catalog.source.xml import (
    XmlElement,
    find_child_element,
    get_local_name,
    list_child_elements,
    parse_xml,
    text_of,
)
from service.catalog.table_sheets.sheet import SheetColumn, TableSheet, TableSheetRow, read_sheet, require_sound

_NOT_OF_AN_ID = re.compile(r"[^A-Za-z0-9_]+")


def write_sheet(content: bytes, file: str, sheet: TableSheet) -> bytes:
    """Return the DMN file ``content`` as ``sheet`` has it, in the stable format; raises Invalid."""
    require_sound(sheet)
    read_sheet(content, file)
    root = parse_xml(content, file)
    _Writer(root).write(sheet)
    return format_root(root)


def new_table(ident: str, name: str) -> bytes:
    """Return the file of a new table with one condition and one result."""
    root = etree.Element(
        f"{{{DMN}}}definitions",
        nsmap={None: DMN},
        id=f"definitions_{ident}",
        name=name,
        namespace="urn:laurel:processes",
    )
    decision = etree.SubElement(root, f"{{{DMN}}}decision", id=ident, name=name)
    etree.SubElement(decision, f"{{{DMN}}}decisionTable", id=f"table_{ident}", hitPolicy="UNIQUE")
    sheet = TableSheet(
        ident, name, "UNIQUE", "",
        (SheetColumn("", "条件", "string", expression="case.stage"),), (SheetColumn("", "结果", "string", name="result"),), (),
    )  # fmt: skip
    _Writer(root).write(sheet)
    return format_root(root)


class _Writer:
    """One table while it is rewritten."""

    def __init__(self, root: XmlElement) -> None:
        self._decision = list_child_elements(root, "decision")[0]
        table: Any = find_child_element(self._decision, "decisionTable")
        self._table = table
        self._space = self._table.nsmap.get(self._table.prefix) or DMN
        self._taken = {node.get("id") for node in root.iter() if get_local_name(node)}
        self._before = {
            tag: [node.get("id", "") for node in list_child_elements(self._table, tag)] for tag in ("input", "output")
        }

    def write(self, sheet: TableSheet) -> None:
        """Bring the table to what ``sheet`` says."""
        _set_attribute(self._decision, "name", sheet.name)
        _set_attribute(self._table, "hitPolicy", sheet.hit_policy)
        _set_attribute(self._table, "aggregation", sheet.aggregation)
        inputs = self._arrange_nodes("input", sheet.inputs, lambda column: column.id, self._fill_input)
        outputs = self._arrange_nodes("output", sheet.outputs, lambda column: column.id, self._fill_output)
        rules = self._arrange_nodes("rule", sheet.rows, lambda row: row.was, self._rule_of(sheet))
        self._put_in(("input", inputs), ("output", outputs), ("rule", rules))

    def _arrange_nodes(
        self,
        tag: str,
        wanted: Iterable[SheetColumn] | Iterable[TableSheetRow],
        key: Callable[..., str],
        fill: Callable[..., None],
    ) -> list[XmlElement]:
        nodes_by_id = {node.get("id", ""): node for node in list_child_elements(self._table, tag)}
        nodes = []
        for item in wanted:
            node = nodes_by_id.pop(key(item), None) if key(item) else None
            if node is None:
                node = etree.Element(f"{{{self._space}}}{tag}")
            fill(node, item)
            nodes.append(node)
        return nodes

    def _put_in(self, *groups: tuple[str, list[XmlElement]]) -> None:
        """Put the columns and rows in their order; comments stay before what they stood before."""
        replaced = dict(groups)
        leading: dict[XmlElement, list[XmlElement]] = {}
        others: dict[str, list[XmlElement]] = {}
        waiting: list[XmlElement] = []
        place = "first"
        for node in list(self._table):
            waiting.append(node)
            if not get_local_name(node):
                continue
            if get_local_name(node) in replaced:
                place = get_local_name(node)
                leading[node] = waiting[:-1]
            else:
                others.setdefault(place, []).extend(waiting)
            waiting = []
        self._table[:] = [
            *others.get("first", []),
            *(part for tag, nodes in groups for part in (*(p for n in nodes for p in (*leading.get(n, ()), n)), *others.get(tag, ()))),
            *waiting,
        ]  # fmt: skip

    def _fill_input(self, node: XmlElement, column: SheetColumn) -> None:
        ident = self._assign_id(node, column.id, f"input_{column.label}")
        _set_attribute(node, "label", column.label)
        expression = find_child_element(node, "inputExpression")
        if expression is None:
            expression = etree.SubElement(
                node, f"{{{self._space}}}inputExpression", id=self._take_free_id(f"{ident}_expression")
            )
        _set_attribute(expression, "typeRef", column.type)
        self._write_text(expression, column.expression)

    def _fill_output(self, node: XmlElement, column: SheetColumn) -> None:
        self._assign_id(node, column.id, f"output_{column.name}")
        _set_attribute(node, "label", column.label)
        _set_attribute(node, "name", column.name)
        _set_attribute(node, "typeRef", column.type)

    def _rule_of(self, sheet: TableSheet) -> Callable[[XmlElement, TableSheetRow], None]:
        columns = {"inputEntry": ("input", sheet.inputs), "outputEntry": ("output", sheet.outputs)}

        def fill_rule(node: XmlElement, row: TableSheetRow) -> None:
            ident = row.id or self._take_free_id("row")
            self._taken.add(ident)
            node.set("id", ident)
            self._write_description(node, row.description)
            for tag, cells in (("inputEntry", row.inputs), ("outputEntry", row.outputs)):
                of, wanted = columns[tag]
                self._write_cells(
                    node, tag, dict(zip(self._before[of], list_child_elements(node, tag), strict=False)), wanted, cells
                )

        return fill_rule

    def _write_description(self, node: XmlElement, text: str) -> None:
        description = find_child_element(node, "description")
        if description is None and text:
            description = etree.Element(f"{{{self._space}}}description")
            node.insert(0, description)
        if description is not None and not text:
            node.remove(description)
        elif description is not None and text_of(description) != text.strip():
            description.text = text.strip()

    def _write_cells(
        self,
        rule: XmlElement,
        tag: str,
        entries_by_column: dict[str, XmlElement],
        columns: tuple[SheetColumn, ...],
        cells: tuple[str, ...],
    ) -> None:
        entries = []
        for column, text in zip(columns, cells, strict=True):
            entry = entries_by_column.get(column.id) if column.id else None
            if entry is None:
                ident = self._take_free_id(f"{rule.get('id')}_{column.name or column.id or 'cell'}")
                entry = etree.Element(f"{{{self._space}}}{tag}", id=ident)
            self._write_text(entry, text)
            entries.append(entry)
        old_entries = list_child_elements(rule, tag)
        if old_entries == entries:
            return
        after = (
            [node for node in rule if get_local_name(node) in ("outputEntry", "annotationEntry")]
            if tag == "inputEntry"
            else []
        )
        for node in old_entries:
            rule.remove(node)
        place = rule.index(after[0]) if after else _get_cells_end(rule)
        rule[place:place] = entries

    def _write_text(self, node: XmlElement, text: str) -> None:
        text_node = find_child_element(node, "text")
        if text_node is None:
            text_node = etree.SubElement(node, f"{{{self._space}}}text")
        if text_of(text_node) != text.strip():
            text_node[:] = []
            text_node.text = text.strip()

    def _assign_id(self, node: XmlElement, ident: str, otherwise: str) -> str:
        chosen = ident or self._take_free_id(otherwise)
        node.set("id", chosen)
        return chosen

    def _take_free_id(self, wanted: str) -> str:
        """Return an id that nothing has yet, and take it."""
        base = _NOT_OF_AN_ID.sub("_", wanted).strip("_") or "cell"
        base = base if base[0].isalpha() else f"c_{base}"
        number, ident = 1, base
        while ident in self._taken:
            number += 1
            ident = f"{base}_{number}"
        self._taken.add(ident)
        return ident


def _get_cells_end(rule: XmlElement) -> int:
    notes = [rule.index(node) for node in rule if get_local_name(node) == "annotationEntry"]
    return notes[0] if notes else len(rule)


def _set_attribute(node: XmlElement, name: str, value: str) -> None:
    """Set an attribute where it says something else than it does by being absent."""
    absent = {"hitPolicy": "UNIQUE"}.get(name, "")
    if node.get(name, absent) == value:
        return
    if value:
        node.set(name, value)
    else:
        node.attrib.pop(name, None)
