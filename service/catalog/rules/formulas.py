"""Every FEEL expression compiles and reads only what is declared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.catalog.bpmn.model import Diagram, Element, Purpose, Stated
from service.catalog.documents.documents import DocumentTemplate, Included, Repeated, Tabled
from service.catalog.feel import compiled, find_constant_value, in_braces, words_of
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, build_error_problem
from service.catalog.rules.formula_words import TEXT_IN_PARAMETER, formula_word
from service.catalog.rules.places import label_of
from service.catalog.rules.registry import Extent, Said, check
from service.catalog.rules.scopes import COLUMNS, Names, record_scope, start_scope, token_scope
from service.domain.feel import FeelSyntaxError
from service.domain.text import Text

OVER_TOKEN = ("due", "remind", "body", "assignee", "role_from")
"""Properties of an element that are FEEL over the token's data."""
OVER_RECORD = ("prefill", "barrier")
"""Properties of an element that are FEEL over the record."""
TEXTS_OVER_RECORD = ("title", "consequence", "outcome_reason")
"""Properties of an element that are texts with FEEL in braces over the record."""
ROW_NAMES = ("child", "year", "sequence", "row", "item", "expert", "person")
_FEEL_STARTS = ("for ", "if ", "some ", "every ", "(some ", "[", "case.", "param.", "child.", "count(")
_DOCUMENT_NAMES = ("year", "sequence", "signature", "basis")
_STRING = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"')
_KEY = re.compile(r"[{,]\s*\"?(\w+)\"?\s*:")


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression, where it stands and what it may read; without ``names``, whatever a message brings.

    ``is_whole``: it is a parameter itself, not a text inside one. ``turn``: the item's name and the list, where it is
    filled in once for each item of a list. ``parameter``: the operation and the name under which it is handed over.
    """

    file: str
    place: str
    what: str
    text: str
    names: Names | None
    is_whole: bool = True
    turn: tuple[str, str] | None = None
    parameter: tuple[str, str] | None = None
    column: str = ""

    @property
    def label(self) -> Text:
        """What messages call it: a ``column`` of a table by its own name."""
        return Text(self.column, self.column) if self.column else formula_word(self.what, self.parameter)


JUDGED = (
    "feel_syntax", "feel_call", "undeclared_name", "foreign_form", "hidden_name",
)  # fmt: skip


@check(Extent.PROCESS, *JUDGED)
def formulas_of_diagrams_hold(checked: Checked) -> Iterator[Problem]:
    """Every expression compiles, calls functions there are and reads declared names."""
    for diagram in checked.diagrams.values():
        for formula in diagram_formulas(checked, diagram):
            yield from judge_formula(formula)


@check(Extent.PACKAGE, *JUDGED)
def formulas_beside_hold(checked: Checked) -> Iterator[Problem]:
    """Every expression compiles, calls functions there are and reads declared names."""
    for formula in formulas_beside(checked):
        yield from judge_formula(formula)


def judge_formula(formula: Formula) -> Iterator[Problem]:
    """Yield what is wrong with one expression."""
    label = formula.label
    try:
        expression = compiled(formula.text)
    except FeelSyntaxError as mistake:
        yield build_error_problem(
            formula.file, formula.place, "feel_syntax",
            f"{label.zh}：{mistake.message.zh}", f"{label.en}: {mistake.message.en}",
            Text("改正表达式。", "Correct the expression."),
        )  # fmt: skip
        return
    for problem in expression.reads.problems:
        yield build_error_problem(
            formula.file, formula.place, "feel_call", f"{label.zh}：{problem.zh}", f"{label.en}: {problem.en}",
            Text("参见手册的函数表。", "See the table of functions in the manual."),
        )  # fmt: skip
    if formula.names is None:
        return
    for path in sorted(expression.paths):
        yield from judge_path(formula.file, formula.place, label, path, formula.names)
    columns = {path for rows, path in expression.reads.filtered if path[0] in COLUMNS.get(rows, ())}
    for path in sorted(expression.reads.hidden | columns):
        yield from _judge_hidden(formula, path, formula.names)


def _judge_hidden(formula: Formula, path: tuple[str, ...], names: Names) -> Iterator[Problem]:
    """Yield a problem when a path reads an entry of the formula's own where a record of that name has what it asks for."""
    label = formula.label
    if path[1] in names.parts.get(path[0], ()):
        yield build_error_problem(
            formula.file, formula.place, "hidden_name",
            f"{label.zh}：“{'.'.join(path)}”读到的是这个表达式自己的“{path[0]}”（先写的一项、循环变量或者名单各行的列），"
            f"不是记录“{path[0]}”，因此多半得到空值。",
            f"{label.en}: “{'.'.join(path)}” reads the formula's own “{path[0]}” (an entry before it, a loop variable or "
            f"a column of the rows), not the record of that name, and so is most likely null.",
            Text(
                f"把“{path[0]}”这一项放到后面，或者先取出来：for r in 名单 return if r.{path[0]} = … then r else null。",
                f"Put the entry “{path[0]}” last, or take the rows in a loop: for r in rows return if r.{path[0]} = … then r else null.",
            ),
        )  # fmt: skip


def judge_path(file: str, place: str, label: Text, path: tuple[str, ...], names: Names) -> Iterator[Problem]:
    """Yield a problem when a path starts with something that cannot be read."""
    if fault := find_path_fault(path, names):
        rule, message, remedy = fault
        yield build_error_problem(
            file, place, rule, f"{label.zh}：{message.zh}", f"{label.en}: {message.en}", remedy, word=path[0]
        )


def find_path_fault(path: tuple[str, ...], names: Names) -> tuple[str, Text, Text] | None:
    """Return rule, message and remedy of a path that starts with something that cannot be read."""
    if path[0] not in names.known:
        return (
            "undeclared_name",
            Text(f"这里不能读取“{path[0]}”。", f"“{path[0]}” cannot be read here."),
            _without_not(path[0]) or did_you_mean(path[0], (*names.known, "true", "false", "null")),
        )
    if path[0] not in names.elsewhere:
        return None
    form = names.elsewhere[path[0]]
    return (
        "foreign_form",
        Text(
            f"表单{form.label.zh}只在“{form.kinds}”办件中填写，这里读不到，总是空值。",
            f"form {form.label.en} is filled in only in cases “{form.kinds}”; here it is always null.",
        ),
        Text(
            "上级办件的内容先在那里用 case.set 记为事实，再以“办件种类.事实”读取；下级办件的读 children。",
            "Record it there as a fact (case.set) and read that under the kind's name; of cases below, under children.",
        ),
    )


def _without_not(name: str) -> Text | None:
    """Return how a negation is written for a name that begins with one."""
    denied = name.removeprefix("not ")
    return None if denied == name else Text(f"否定写成 not({denied} …)。", f"A negation is written not({denied} …).")


def formulas_of(checked: Checked) -> Iterator[Formula]:
    """Yield every expression of the package with what it may read."""
    for diagram in checked.package.diagrams.values():
        yield from diagram_formulas(checked, diagram)
    yield from formulas_beside(checked)


def diagram_formulas(checked: Checked, diagram: Diagram) -> tuple[Formula, ...]:
    """Return the expressions of one diagram."""
    return checked.once(diagram_formulas, lambda: tuple(_of_diagram(checked, diagram)), diagram)


def formulas_beside(checked: Checked) -> tuple[Formula, ...]:
    """Return the expressions of the award and its documents."""
    return checked.for_now(formulas_beside, lambda: tuple(_iterate_outside_formulas(checked)))


def _iterate_outside_formulas(checked: Checked) -> Iterator[Formula]:
    yield from _iterate_award_formulas(checked)
    for template in checked.package.documents.values():
        yield from _iterate_document_formulas(checked, template)


def _of_diagram(checked: Checked, diagram: Diagram) -> Iterator[Formula]:
    token = token_scope(checked, diagram)
    for flow in diagram.flows.values():
        if flow.condition:
            yield Formula(diagram.file, flow.id, Purpose.CONDITION, flow.condition, token)
    for element in diagram.elements.values():
        yield from _iterate_element_formulas(checked, diagram, element)


def _iterate_element_formulas(checked: Checked, diagram: Diagram, element: Element) -> Iterator[Formula]:
    token = token_scope(checked, diagram, element)
    record = record_scope(checked, checked.kinds.get(diagram.process_id, ()))
    record = token.over(record)
    for name in OVER_TOKEN:
        if text := element.properties.get(name):
            yield Formula(diagram.file, element.id, name, text, token)
    for name in OVER_RECORD:
        if text := element.properties.get(name):
            yield Formula(diagram.file, element.id, name, text, record)
    for name in TEXTS_OVER_RECORD:
        for text in in_braces(element.properties.get(name, "")):
            yield Formula(diagram.file, element.id, name, text, record)
    for text in in_braces(element.form):
        yield Formula(diagram.file, element.id, "form", text, token)
    for purpose, text in element.stated:
        bare = purpose is Purpose.PARAMETER or (purpose is Purpose.TIMER and is_raw_iso(text))
        if text and not bare:
            names = None if purpose is Purpose.CORRELATION else token
            yield Formula(diagram.file, element.id, purpose, text, names)
    if element.operation:
        operation = checked.package.operations.get(element.operation.operation)
        formulas = {p.name for p in operation.parameters if p.formula} if operation else set()
        for name, text in element.operation.parameters.items():
            if text.strip():
                parameter = (element.operation.operation, name)
                whole = Formula(diagram.file, element.id, Purpose.PARAMETER, text, token, parameter=parameter)
                yield whole
                yield from _iterate_inner_formulas(whole, record.plus(ROW_NAMES), name in formulas)


def _iterate_inner_formulas(whole: Formula, names: Names, feel: bool) -> Iterator[Formula]:
    """Yield the texts of a parameter that are FEEL, or the FEEL in the braces of its texts."""
    text = whole.text
    literals = (literal.replace('\\"', '"') for literal in _STRING.findall(text))
    inner = (
        _iterate_texts(find_constant_value(text))
        if feel
        else (fragment for literal in literals for fragment in in_braces(literal))
    )
    for expression in inner:
        yield replace(whole, text=expression, names=names, is_whole=False)
        if feel and (handed := _handed_on(expression)):
            yield replace(whole, what=TEXT_IN_PARAMETER, text=handed, names=names.plus(ROW_NAMES), is_whole=False)


def _handed_on(text: str) -> str:
    """Return the FEEL that a FEEL text gives as text for another person to evaluate; "" where it gives other words."""
    value = find_constant_value(text)
    return value if isinstance(value, str) and value.strip().startswith(_FEEL_STARTS) else ""


def _iterate_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _iterate_texts(item)


def _iterate_award_formulas(checked: Checked) -> Iterator[Formula]:
    award, file = checked.package.award, checked.package.award_file
    for key, kind in award.processes.items():
        conditions = {"start_condition": kind.start_condition, "subject_condition": kind.subject_condition}
        for word, condition in conditions.items():
            if condition:
                yield Formula(file, f"processes.{key}.{word}", word, condition, start_scope(checked, kind))
        for text in in_braces(kind.title):
            yield Formula(file, f"processes.{key}.title", "title", text, record_scope(checked, [kind]))
        for text in in_braces(kind.said_of_refusal):
            yield Formula(file, f"processes.{key}.start_refusal", "start_refusal", text, start_scope(checked, kind))
    for key, action in award.actions.items():
        record = record_scope(checked, [kind for kind in award.processes.values() if kind.key == action.process])
        if action.condition:
            yield Formula(file, f"actions.{key}.condition", "action_condition", action.condition, record)
        for text in in_braces(action.consequence):
            yield Formula(file, f"actions.{key}.consequence", "action_consequence", text, record)


def names_of_document(checked: Checked, template: DocumentTemplate) -> Names:
    """Return what the formulas of a document may read, the items of its lists aside."""
    names = record_scope(checked, checked.package.award.processes.values())
    return names.plus((*_DOCUMENT_NAMES, *_iterate_extra_names(checked, template.id)))


def _iterate_document_formulas(checked: Checked, template: DocumentTemplate) -> Iterator[Formula]:
    names = names_of_document(checked, template)
    heads = (
        template.title, template.number, template.addressee, template.signature, template.head, template.signer,
        *template.copies, *template.note, *(attachment.name for attachment in template.attachments),
    )  # fmt: skip
    texts: list[tuple[str, Names, tuple[str, str] | None]] = [(text, names, None) for text in heads]
    feel = [(key, getattr(each, key)) for each in template.attachments for key in ("of", "files")]
    for paragraph in template.all_paragraphs():
        if isinstance(paragraph, Repeated | Tabled):
            inside, turn = names.plus([paragraph.item, "index"]), (paragraph.item, paragraph.each)
            feel.append(("each", paragraph.each))
            if isinstance(paragraph, Tabled):
                feel.append(("columns", paragraph.heads))
                texts += [(column.text, inside, turn) for column in paragraph.columns]
            else:
                texts.append((paragraph.text, inside, turn))
        elif not isinstance(paragraph, Included):
            texts.append((paragraph, names, None))
    yield from (Formula(template.file, template.id, what, text, names) for what, text in feel if text)
    for text, seen, item in texts:
        yield from (Formula(template.file, template.id, "letter", inner, seen, turn=item) for inner in in_braces(text))


def _iterate_extra_names(checked: Checked, template: str) -> Iterator[str]:
    """Yield what the calls that issue a document hand it besides the record, and their processes' variables."""
    for diagram, parameters, named in checked.for_now(
        "calls that issue", lambda: tuple(_iterate_issuing_calls(checked))
    ):
        if template in named:
            yield from _KEY.findall(parameters.get("extra", ""))
            yield from ("row",) if "rows" in parameters else ()
            yield from diagram.variables


def _iterate_issuing_calls(checked: Checked) -> Iterator[tuple[Diagram, Mapping[str, str], frozenset[str]]]:
    """Yield the calls that issue documents: their diagram, their parameters, and the words that name the document."""
    for diagram, element in checked.elements():
        call = element.operation
        if call and (text := call.parameters.get("template", "")):
            yield diagram, call.parameters, frozenset(words_of(text))


_SAID = {
    "empty_expression": Said(
        "What is asked for as an expression is written.", "An empty expression cannot be computed and stops the case.",
        "“{id}”的{purpose_zh}没有写表达式。", "The {purpose} of “{id}” is empty.",
        "填写 FEEL 表达式。", "Write a FEEL expression."),
    "raw_iso": Said(
        "A timer is FEEL.", "Bare ISO 8601 is no expression.",
        "“{id}”的计时“{text}”不是 FEEL。", "The timer “{text}” of “{id}” is not FEEL.",
        "写成 workdays(5)、duration(\"P10D\") 或 date(\"2026-03-09\")。",
        "Write workdays(5), duration(\"P10D\") or date(\"2026-03-09\")."),
}  # fmt: skip
_RAW_ISO = re.compile(r"-?P[0-9T].*|R[0-9]*/.*|[0-9]{4}-[0-9]{2}-[0-9]{2}.*")


@check(Extent.PROCESS, said=_SAID)
def expressions_written(checked: Checked) -> Iterator[Problem]:
    """Whatever the engine evaluates is written, and timers are FEEL."""
    for diagram in checked.diagrams.values():
        for ident, stated in diagram.stated():
            rule = _broken(checked, diagram, ident, stated)
            if rule:
                words = {
                    "id": label_of(diagram, ident),
                    "purpose": stated.purpose.value,
                    "purpose_zh": formula_word(stated.purpose).zh,
                    "text": stated.text,
                }
                yield _SAID[rule].problem(diagram.file, ident, rule, **words)


def is_raw_iso(text: str) -> bool:
    """Tell whether a timer is bare ISO 8601, which is told by a rule of its own."""
    return bool(_RAW_ISO.fullmatch(text))


def _broken(checked: Checked, diagram: Diagram, ident: str, stated: Stated) -> str:
    if not stated.text.strip():
        return "" if _is_reported_elsewhere(checked, diagram, ident, stated) else "empty_expression"
    return "raw_iso" if stated.purpose is Purpose.TIMER and is_raw_iso(stated.text) else ""


def _is_reported_elsewhere(checked: Checked, diagram: Diagram, ident: str, stated: Stated) -> bool:
    """Tell whether another rule asks for what was left empty: a way's condition, a list, a required parameter."""
    if stated.purpose is Purpose.CONDITION:
        flow = diagram.flows[ident]
        gateway = diagram.elements.get(flow.source)
        decided = gateway is not None and gateway.kind.decides and len(diagram.outgoing(flow.source)) > 1
        return decided and gateway is not None and gateway.default_flow != ident
    element = diagram.elements[ident]
    if stated.purpose is Purpose.LOOP:
        return element.multi is not None and not element.multi.collection
    call = element.operation
    known = checked.package.operations.get(call.operation) if call and stated.purpose is Purpose.PARAMETER else None
    return (
        any(p.required and not (call and call.parameters.get(p.name, "").strip()) for p in known.parameters)
        if known
        else False
    )
