"""Decision tables of other tools, brought into the shape that is edited here: what will not run is told place by place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from service.catalog.bpmn.foreign import Mending, as_feel
from service.catalog.made_id import made_id
from service.catalog.source.format_xml import DMN, format_root
from service.catalog.source.xml import XmlElement, XmlMistake, child, children, local, parse_xml, text_of
from service.catalog.table_sheets.sheet import AGGREGATIONS, POLICIES, SheetColumn, TableSheet, TableSheetRow, is_row_id
from service.catalog.table_sheets.write import new_table, write_sheet
from service.domain.text import Text

MOST_TABLES = 10
"""So many tables of one file are taken in at once: each is checked with the whole package."""

_LETTERS = {
    "U": "UNIQUE",
    "A": "ANY",
    "P": "PRIORITY",
    "F": "FIRST",
    "C": "COLLECT",
    "R": "RULE ORDER",
    "O": "OUTPUT ORDER",
}
_TYPES = {
    "integer": "number", "long": "number", "double": "number", "decimal": "number", "int": "number", "float": "number",
    "bool": "boolean", "dateTime": "date and time", "datetime": "date and time",
}  # fmt: skip
_JAVA = ("juel", "el")
_FEEL = ("", "feel", "https://www.omg.org/spec/DMN/", "http://www.omg.org/spec/FEEL/", "http://www.omg.org/spec/DMN/")
_REFERENCES = {
    "informationRequirement": Text(
        "依赖别的决策或者输入数据：这里的表不互相调用，请在条件列里写明读办件的哪一项",
        "rests on another decision or on input data: tables here do not call each other; say in its columns what of the case is read",
    ),
    "knowledgeRequirement": Text("引用的业务知识模型不会执行，已去掉", "names a business knowledge model, which is not carried out"),
    "authorityRequirement": Text("引用的知识来源已去掉：依据请在表里写条款", "names a knowledge source: cite clauses in the table instead"),
}  # fmt: skip
_BESIDE = {
    "inputData": Text(
        "输入数据不会读取，已去掉：请在条件列里写明读办件的哪一项，例如 case.tier",
        "input data is not read and was left out: say in the columns what of the case is read, such as case.tier",
    ),
    "businessKnowledgeModel": Text("业务知识模型不会执行，没有导入", "a business knowledge model is not carried out"),
    "decisionService": Text("决策服务不会执行，没有导入", "a decision service is not carried out"),
    "knowledgeSource": Text("知识来源没有导入：依据请在表里写条款", "a knowledge source was left out: cite clauses instead"),
    "import": Text("引入的文件不会读取，已去掉", "what is imported is not read and was left out"),
    "itemDefinition": Text("自定的类型没有导入", "a type of its own was left out"),
}  # fmt: skip


@dataclass(slots=True)
class ForeignTable:
    """A table of another tool as it would be taken in under the id ``ident``: its file's ``content``, and what was done."""

    ident: str
    name: str
    content: bytes = b""
    done: list[Mending] = field(default_factory=list)

    def tell(self, place: str, zh: str, en: str) -> None:
        """Note what was done at ``place``, a column or row as people call it; "" for the table."""
        self.done.append(Mending("", place or self.name, Text(zh, en)))


def mend_tables(content: bytes, file: str, taken: set[str], wanted: str = "") -> tuple[ForeignTable, ...]:
    """Return each decision table of a DMN file as a file of its own; what belongs to none is told with the first.

    Ids are made from the names, none of those ``taken``; the first is called ``wanted`` where that is not "".

    Raises:
        XmlMistake: it is no XML that is accepted, no DMN, or holds no table or too many; the message says which.
        Invalid: a table is larger than one may be, or holds what no file can say.
    """
    root = parse_xml(content, file)
    decisions = children(root, "decision")
    tables = [one for one in decisions if child(one, "decisionTable") is not None]
    if local(root) != "definitions" or not tables:
        raise XmlMistake(file, 1, _no_table(root))
    if len(tables) > MOST_TABLES:
        raise XmlMistake(file, 1, _too_many(len(tables)))
    used = set(taken)
    found: list[ForeignTable] = []
    for decision in tables:
        name = (decision.get("name") or decision.get("id") or "").strip()
        ident = wanted if wanted and not found else made_id(name, used, "table")
        used.add(ident)
        found.append(_mended(decision, ForeignTable(ident, (name or ident)[:100])))
    for node in root:
        said = _BESIDE.get(local(node) or "")
        name = node.get("name") or node.get("id") or ""
        if said:
            found[0].tell(name, said.zh, said.en)
        elif local(node) == "decision" and node not in tables:
            found[0].tell(
                name,
                "这个决策写的不是表，没有导入：请把它的公式写进用到它的步骤或者表",
                "this decision is no table and was left out: write its formula where it is used",
            )
    return tuple(found)


def _too_many(found: int) -> Text:
    return Text(
        f"文件里有 {found} 张决策表，一次最多导入 {MOST_TABLES} 张。请在原来的软件里分成几个文件再导出。",
        f"The file holds {found} decision tables, at most {MOST_TABLES} are taken in at once. Export it as several files.",
    )


def _no_table(root: XmlElement) -> Text:
    if local(root) == "definitions" and children(root, "process"):
        return Text("这是流程图（BPMN），请在“流程图”中导入。", "This is a diagram (BPMN): import it under “Diagrams”.")
    if local(root) == "definitions" and children(root, "decision"):
        return Text(
            "这个 DMN 文件里没有决策表，只有公式一类的决策。请在原来的软件里改成决策表后再导出。",
            "This DMN file holds no decision table, only decisions of another kind: make it a table where it was drawn.",
        )
    return Text(
        f"这不是 DMN 文件（最外层是“{local(root)}”）。请在原来的软件中选择导出为 DMN（.dmn）。",
        f"This is no DMN file (its root is “{local(root)}”). Export DMN (.dmn) from the tool it was made with.",
    )


def _mended(decision: XmlElement, table: ForeignTable) -> ForeignTable:
    drawn = child(decision, "decisionTable")
    assert drawn is not None
    for node in decision:
        said = _REFERENCES.get(local(node) or "")
        if said:
            table.tell("", said.zh, said.en)
    if any("}" in key for node in decision.iter() if local(node) for key in node.attrib):
        table.tell(
            "",
            "原软件自己的设置在这里没有含义，已去掉",
            "settings of the tool itself mean nothing here and were removed",
        )
    inputs = tuple(_input(table, number, node) for number, node in enumerate(children(drawn, "input"), 1))
    outputs = _outputs(table, children(drawn, "output"))
    policy, aggregation = _policy(table, drawn)
    rows = _rows(table, drawn, inputs, outputs)
    sheet = TableSheet(table.ident, table.name, policy, aggregation, inputs, outputs, rows)
    file = f"{table.ident}.dmn"
    table.content = _with_values(write_sheet(new_table(table.ident, table.name), file, sheet), file, drawn)
    return table


def _input(table: ForeignTable, number: int, node: XmlElement) -> SheetColumn:
    expression = child(node, "inputExpression")
    text = text_of(expression)
    place = node.get("label") or text or f"条件 {number}"
    written = _in_feel(table, place, expression, text)
    kind = _type(table, place, "" if expression is None else expression.get("typeRef", ""))
    return SheetColumn("", node.get("label") or text[:60], kind, expression=written)


def _outputs(table: ForeignTable, nodes: list[XmlElement]) -> tuple[SheetColumn, ...]:
    taken: set[str] = set()
    found = []
    for number, node in enumerate(nodes, 1):
        place = node.get("label") or node.get("name") or f"结果 {number}"
        name = node.get("name") or ""
        if not name.isidentifier() or name in taken:
            given, name = name, made_id(name or node.get("label") or f"result{number}", taken, "result")
            table.tell(
                place,
                f"结果的变量名“{given}”不能用，已改为 {name}" if given else f"结果没有变量名，已命名为 {name}",
                f"the name “{given}” of the result cannot be used and became {name}" if given else f"the result had no name and got {name}",
            )  # fmt: skip
        taken.add(name)
        found.append(
            SheetColumn("", node.get("label") or name, _type(table, place, node.get("typeRef", "")), name=name)
        )
    return tuple(found)


def _policy(table: ForeignTable, drawn: XmlElement) -> tuple[str, str]:
    given = (drawn.get("hitPolicy") or "UNIQUE").strip()
    policy = _LETTERS.get(given[:1], given) if len(given) <= 2 else given.upper()
    if policy not in POLICIES:
        table.tell(
            "",
            f"没有命中策略“{given}”，已改为唯一命中，请核对",
            f"there is no hit policy “{given}”: it became UNIQUE, please check",
        )
        policy = "UNIQUE"
    aggregation = (drawn.get("aggregation") or "").strip().upper()
    return policy, aggregation if aggregation in AGGREGATIONS else ""


def _rows(
    table: ForeignTable, drawn: XmlElement, inputs: tuple[SheetColumn, ...], outputs: tuple[SheetColumn, ...]
) -> tuple[TableSheetRow, ...]:
    found: list[TableSheetRow] = []
    taken: set[str] = set()
    for number, node in enumerate(children(drawn, "rule"), 1):
        place = f"第 {number} 行"
        notes = "；".join(filter(None, (text_of(note) for note in children(node, "annotationEntry"))))
        row = TableSheetRow(
            "", "", text_of(child(node, "description")) or notes,
            _cells(table, place, children(node, "inputEntry"), len(inputs), "-"),
            _cells(table, place, children(node, "outputEntry"), len(outputs), ""),
        )  # fmt: skip
        ident = node.get("id", "")
        if is_row_id(ident) and ident not in taken:
            row = replace(row, id=ident)
        elif ident:
            table.tell(
                place, f"编号“{ident[:40]}”不能用，已重新编号", f"the id “{ident[:40]}” cannot be used: it got another"
            )
        taken.add(ident)
        found.append(row)
    return tuple(found)


def _cells(table: ForeignTable, place: str, nodes: list[XmlElement], count: int, blank: str) -> tuple[str, ...]:
    if len(nodes) != count:
        table.tell(
            place,
            f"有 {len(nodes)} 格，应有 {count} 格：多的去掉，少的空着",
            f"{len(nodes)} cells instead of {count}: cut, or filled with blanks",
        )
    texts = [_in_feel(table, place, node, text_of(node)) or blank for node in nodes[:count]]
    return (*texts, *[blank] * (count - len(texts)))


def _in_feel(table: ForeignTable, place: str, node: XmlElement | None, text: str) -> str:
    """Return an expression in FEEL, as far as signs alone tell; what is in another language is told."""
    language = "" if node is None else (node.get("expressionLanguage") or "").strip()
    java = text.startswith(("${", "#{")) and text.endswith("}")
    if java or language.lower() in _JAVA:
        written = as_feel(text[2:-1] if java else text)
        table.tell(
            place, f"公式 {text} 已改写为 {written}，请核对", f"the formula {text} became {written}: please check it"
        )
        return written
    if text and language and not language.lower().startswith(_FEEL[1:]):
        table.tell(
            place,
            f"公式“{text[:60]}”用的是 {language[:40]}，这里只会按 FEEL 读，请改写",
            f"the formula “{text[:60]}” is in {language[:40]}; here it is read as FEEL: write it anew",
        )
    return text


def _type(table: ForeignTable, place: str, given: str) -> str:
    plain = given.rpartition(":")[2].strip()
    kind = _TYPES.get(plain, plain)
    if kind != given and kind != plain:
        table.tell(place, f"类型 {given} 已改为 {kind}", f"the type {given} became {kind}")
    return kind


def _with_values(content: bytes, file: str, drawn: XmlElement) -> bytes:
    """Return the file with the values that a column allows: some hit policies go by their order."""
    root = parse_xml(content, file)
    made = child(children(root, "decision")[0], "decisionTable")
    assert made is not None
    lists: tuple[tuple[str, str, Callable[[XmlElement], XmlElement | None]], ...] = (
        ("input", "inputValues", lambda node: child(node, "inputValues")),
        ("output", "outputValues", lambda node: child(node, "outputValues")),
    )
    for tag, values, of in lists:
        for before, after in zip(children(drawn, tag), children(made, tag), strict=True):
            allowed = text_of(of(before))
            if allowed:
                held = etree.SubElement(after, f"{{{DMN}}}{values}", id=f"{after.get('id')}_values")
                etree.SubElement(held, f"{{{DMN}}}text").text = allowed
    return format_root(root)
