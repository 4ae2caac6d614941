"""Packages in which one thing that cites a clause says something else: the mutants of content.

A condition negated, a table row dropped, an amount, quota, term, recipient, signer, actor or required field changed, a
line of a document that carries data left out. ``content_mutants`` asks which scenario notices.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from io import BytesIO
from itertools import count
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree as ET

from service.catalog import Package
from service.catalog.bpmn.model import Diagram, Element, Flow
from service.catalog.closure import element_words
from service.catalog.coverage import citations
from service.catalog.documents import DocumentTemplate, Included, Paragraph, Repeated, Tabled
from service.catalog.parameters import Parameter
from service.catalog.source.freeze import freeze
from service.catalog.tables import TableDescription, TableRow
from service.sdk import operations
from tests.scenarios.taken_out import BPMN

DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
Edit = Callable[[Any], Any]
"""Changes a node of XML or a schema in place, or returns what stands instead of a template or value."""


class Sort(Enum):
    """What an edit is made in."""

    XML = "node of a diagram or table"
    FORM = "schema of a form"
    TEMPLATE = "template of a document"
    PARAMETER = "value of a parameter"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: ``told`` says it to a lawyer, ``edit`` makes it in ``target`` (a path or an id), at ``node`` in XML.

    A ``neutral`` one changes what is said, asked or told, and not the way a case takes: several can be tried in one play.
    A scenario can notice only where it passes one of ``passes`` ("process/element", any where empty), gets a document of
    the template ``document`` (where given), leaves parameter ``parameter`` as it is, and is refused at a form of
    ``refused_at`` (where given). What mentions one of ``words`` is tried first.
    """

    id: str
    clauses: tuple[str, ...]
    told: str
    sort: Sort
    target: str
    edit: Edit | None
    node: str = ""
    neutral: bool = False
    passes: frozenset[str] = frozenset()
    document: str = ""
    parameter: str = ""
    refused_at: str = ""
    words: tuple[str, ...] = ()


def mutants(package: Package) -> dict[str, Mutant]:
    """Return every mutant of content of a package by its id: each changes something that cites a clause."""
    cited: dict[tuple[str, str], dict[str, None]] = {}
    for citation in citations(package):
        cited.setdefault((citation.file, citation.element), {})[citation.clause] = None
    clauses = {place: tuple(found) for place, found in cited.items()}
    found: dict[str, Mutant] = {}
    for made in (
        *_of_diagrams(package, clauses),
        *_of_tables(package),
        *_of_parameters(package),
        *_of_forms(package, clauses),
        *_of_documents(package),
    ):
        ident, number = made.id, 2
        while ident in found:
            ident, number = f"{made.id} ({number})", number + 1
        found[ident] = replace(made, id=ident)
    return found


def changed(package: Package, group: Iterable[Mutant]) -> Package:
    """Return the package with the changes of ``group``; where diagrams change, it is another version for the engine."""
    made = list(group)
    files = {
        path: _edited(package.files[path], [m for m in made if m.target == path])
        for path in {m.target for m in made if m.sort in (Sort.XML, Sort.FORM)}
    }
    if files:
        drawn = any(path.endswith(".bpmn") for path in files)
        version = f"{package.version[:12]}-{next(_NUMBER)}" if drawn else package.version
        package = Package.from_files({**package.files, **files}, operations(), version)
    documents, award = dict(package.parts.documents), package.parts.award
    parameters = dict(award.parameters)
    for mutant in made:
        if mutant.sort is Sort.TEMPLATE and mutant.edit:
            documents[mutant.target] = mutant.edit(documents[mutant.target])
        elif mutant.sort is Sort.PARAMETER and mutant.edit:
            parameters[mutant.target] = mutant.edit(parameters[mutant.target])
    award = replace(award, parameters=MappingProxyType(parameters))
    return replace(package, parts=replace(package.parts, documents=MappingProxyType(documents), award=award))


_NUMBER = count(1)


def _edited(content: bytes, group: Sequence[Mutant]) -> bytes:
    """Return a file with the edits of ``group``; a node without an edit is taken out."""
    if group[0].sort is Sort.FORM:
        schema = json.loads(content)
        for mutant in group:
            if mutant.edit:
                mutant.edit(schema)
        return json.dumps(schema, ensure_ascii=False).encode()
    for _, (prefix, uri) in ET.iterparse(BytesIO(content), events=["start-ns"]):
        ET.register_namespace(prefix, uri)
    root = ET.fromstring(content)
    for mutant in group:
        parent, node = next((p, n) for p in root.iter() for n in p if n.get("id") == mutant.node)
        if mutant.edit:
            mutant.edit(node)
        else:
            parent.remove(node)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


# Diagrams

_TIMES = re.compile(r"\b(workdays|caldays|months|years)\(")
_DAY = re.compile(r"^(day_end\()?date\((.+?)\)(\))?$")
_NUMBERS = {"working_days", "calendar_days", "places", "lookback_years", "years", "months", "days"}
_IN_CONTEXT = {
    "signature": '"\\"（已改）\\""', "prize": '"0"', "recipients": '"[]"', "to": '"\\"office\\""', "copies": '"[]"',
}  # fmt: skip


def _of_diagrams(package: Package, clauses: Mapping[tuple[str, str], tuple[str, ...]]) -> Iterator[Mutant]:
    for path, diagram in package.diagrams.items():
        for flow in diagram.flows.values():
            yield from _condition(path, diagram, flow, clauses)
        for element in diagram.elements.values():
            found = clauses.get((path, element.id), ())
            if found:
                for what, told, edit in _of_element(package, element):
                    yield _drawn(path, diagram, element.id, what, found, told, edit, _near(diagram, element))


def _near(diagram: Diagram, element: Element) -> Iterable[str]:
    """Return what a scenario passes where the element matters: itself, or what it is attached to or awaited behind."""
    before = [flow.source for flow in diagram.incoming(element.id)] if element.timer else []
    return [element.id, element.attached_to, *before]


def _condition(
    path: str, diagram: Diagram, flow: Flow, clauses: Mapping[tuple[str, str], tuple[str, ...]]
) -> Iterator[Mutant]:
    near = (flow.source, flow.id, flow.target)
    found = tuple(dict.fromkeys(c for ident in near[:2] for c in clauses.get((path, ident), ())))
    found = found or clauses.get((path, flow.target), ())
    if flow.condition and found:
        name = diagram.elements[flow.source].name or flow.source
        told = f"“{name}”的条件“{flow.condition}”取反"
        edit = _text_of("conditionExpression", f"not({flow.condition})")
        yield _drawn(path, diagram, flow.id, "condition", found, told, edit, [flow.source])


def _drawn(
    path: str,
    diagram: Diagram,
    ident: str,
    what: str,
    clauses: tuple[str, ...],
    told: str,
    edit: Edit,
    passes: Iterable[str],
) -> Mutant:
    place = frozenset(f"{diagram.process_id}/{element}" for element in passes if element)
    neutral = what.rpartition(".")[2] in _NEUTRAL
    name = f"{diagram.process_id}/{ident} {what}"
    return Mutant(name, clauses, told, Sort.XML, path, edit, ident, neutral, place, words=(ident, *passes))


_NEUTRAL = {"due", "recipients", "to", "text", "title", "entries", "signature", "copies"}


def _of_element(package: Package, element: Element) -> Iterator[tuple[str, str, Edit]]:
    name = element.name or element.id
    if element.timer and _set(package, element.timer.expression):
        for sign, words in (("1 + ", "推迟"), ("-1 + ", "提前")):
            if (moved := _moved(element.timer.expression, sign)) is not None:
                yield (
                    f"timer {sign[0]}",
                    f"“{name}”的时间{words}一日（年的一年）：{element.timer.expression} → {moved}",
                    _timer(moved),
                )
    if element.due and _set(package, element.due) and (moved := _moved(element.due, "1 + ")) is not None:
        yield "due", f"“{name}”的办理期限推迟一日：{element.due} → {moved}", _property("due", moved)
    if element.outcome:
        yield "outcome", f"“{name}”的结果不再是“{element.outcome}”", _property("outcome", f"{element.outcome}_changed")
    if element.role:
        other = next((role for role in _ROLES_TRIED if role in package.jurisdiction.roles and role != element.role), "")
        if other and package.role_of(element) != other:
            by = ("role_from", f'"{other}"') if "role_from" in element.properties else ("role", other)
            yield "role", f"“{name}”改由“{other}”办理（原为“{element.role}”）", _property(*by)
    if element.operation:
        for key, value in element.operation.parameters.items():
            yield from _of_operation(name, key, value)


_ROLES_TRIED = ("office", "committee", "leading_group", "government", "applicant")


def _set(package: Package, expression: str) -> bool:
    """Return False where a time is counted by nothing but parameters that the award does not have: there is none then."""
    read = set(re.findall(r"\bparam\.(\w+)", expression))
    return not read or bool(read & set(package.award.parameters))


def _of_operation(name: str, key: str, value: str) -> Iterator[tuple[str, str, Edit]]:
    text = value.strip()
    if key in ("recipients", "to"):
        other = '"applicant"' if text == '"office"' else '"office"'
        yield key, f"“{name}”不再送给原收件人 {text}", _parameter(key, "[]" if key == "recipients" else other)
    elif key in _NUMBERS:
        changed = f"if ({text}) = null then null else 1 + ({text})"
        yield key, f"“{name}”的 {key} 加一：{text}", _parameter(key, changed)
    elif key in ("entries", "media") or (key in ("text", "title") and len(text) > 4):
        empty = '"[]"' if key in ("entries", "media") else '"—"'
        yield key, f"“{name}”的 {key} 不再写内容：{text[:60]}", _parameter(key, empty)
    elif re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        yield key, f"“{name}”的 {key} 由{text}改为{float(text) + 1:g}", _parameter(key, f"{float(text) + 1:g}")
    elif text in ("true", "false"):
        yield key, f"“{name}”的 {key} 取反（原为 {text}）", _parameter(key, "false" if text == "true" else "true")
    elif text.startswith("{"):
        for entry, begin, end in _entries(text):
            if entry in _IN_CONTEXT:
                changed = text[:begin] + " " + _IN_CONTEXT[entry] + text[end:]
                yield (
                    f"{key}.{entry}",
                    f"“{name}”的 {entry} 改写：{text[begin:end].strip()[:80]}",
                    _parameter(key, changed),
                )


def _entries(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield key, begin and end of each value at the top of a FEEL context."""
    depth, quoted, key, begin, at = 0, False, "", 1, 0
    while at < len(text):
        char = text[at]
        if quoted and char == "\\":
            at += 1
        elif char == '"':
            quoted = not quoted
        elif not quoted and char in "{[(":
            depth += 1
        elif not quoted and char == ":" and depth == 1 and not key:
            key, begin = text[begin:at].strip().strip('"'), at + 1
        elif not quoted and (char in "}])" or (char == "," and depth == 1)):
            if depth == 1:
                yield key, begin, at
                key, begin = "", at + 1
            depth -= char != ","
        at += 1


def _moved(expression: str, sign: str) -> str | None:
    if _TIMES.search(expression):
        return _TIMES.sub(lambda found: f"{found[1]}({sign}", expression)
    found = _DAY.match(expression)
    if found is None or bool(found[1]) is not bool(found[3]):
        return None
    day = "P1D" if sign == "1 + " else "-P1D"
    return f'{found[1] or ""}date({found[2]}) + duration("{day}"){found[3] or ""}'


def _text_of(tag: str, text: str) -> Edit:
    def edit(node: ET.Element) -> None:
        next(child for child in node.iter() if child.tag.endswith(f"}}{tag}")).text = text

    return edit


def _timer(text: str) -> Edit:
    def edit(node: ET.Element) -> None:
        definition = next(node.iter(f"{BPMN}timerEventDefinition"))
        next(iter(definition)).text = text

    return edit


def _property(name: str, value: str) -> Edit:
    def edit(node: ET.Element) -> None:
        next(p for p in node.iter(f"{SPIFF}property") if p.get("name") == name).set("value", value)

    return edit


def _parameter(name: str, value: str) -> Edit:
    def edit(node: ET.Element) -> None:
        next(p for p in node.iter(f"{SPIFF}parameter") if p.get("id") == name).set("value", value)

    return edit


# Tables


def _of_tables(package: Package) -> Iterator[Mutant]:
    for table in {id(table): table for table in package.tables.values()}.values():
        names = {table.id, table.file.rpartition("/")[2].removesuffix(".dmn")}
        passes = frozenset(
            f"{d.process_id}/{e.id}"
            for d in package.diagrams.values()
            for e in d.elements.values()
            if names & _words(e)
        )
        for row in table.rows:
            for what, told, edit in _of_row(table, row) if table.clauses(row) else ():
                yield Mutant(
                    f"{table.id}/{row.id} {what}",
                    table.clauses(row),
                    f"“{row.description or row.id}”{told}",
                    Sort.XML,
                    table.file,
                    edit,
                    row.id,
                    passes=passes,
                    words=(row.id,),
                )


def _words(element: Element) -> set[str]:
    return set(element_words(element))


def _of_row(table: TableDescription, row: TableRow) -> Iterator[tuple[str, str, Edit | None]]:
    yield "dropped", "一行删去", None
    for number, (column, test) in enumerate(zip(table.inputs, row.inputs, strict=False)):
        if test.strip() not in ("", "-"):
            yield f"input {column.id}", f"的适用条件取反：{test}", _entry("inputEntry", number, f"not({test})")
    for number, (output, entry) in enumerate(zip(table.outputs, row.outputs, strict=False)):
        if output.name == "met":
            yield "met", f"的判断取反：{entry}", _entry("outputEntry", number, f"not({entry})")
        elif re.fullmatch(r"[0-9]+(\.[0-9]+)?", entry.strip()):
            more = f"{float(entry) + 1:g}"
            yield f"output {output.name}", f"的 {output.name} 由{entry}改为{more}", _entry("outputEntry", number, more)


def _entry(tag: str, number: int, text: str) -> Edit:
    def edit(node: ET.Element) -> None:
        next(node.findall(f"{DMN}{tag}")[number].iter(f"{DMN}text")).text = text

    return edit


# Parameters


def _of_parameters(package: Package) -> Iterator[Mutant]:
    for parameter in package.award.parameters.values():
        if parameter.clauses and parameter.values:
            now = parameter.values[-1].value
            if (other := _other(parameter, now)) is not None:
                yield Mutant(
                    f"parameters/{parameter.id}",
                    parameter.clauses,
                    f"参数“{parameter.name}”由{_shown(now)}改为{_shown(other)}",
                    Sort.PARAMETER,
                    parameter.id,
                    _with_other_values,
                    parameter=parameter.id,
                    words=(parameter.id,),
                )


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda v: dict(v) if isinstance(v, Mapping) else str(v))


def _other(parameter: Parameter, now: Any) -> Any:
    if parameter.choices:
        return next((choice for choice in parameter.choices if choice != now), None)
    if isinstance(now, bool):
        return not now
    if isinstance(now, int | float):
        return now * 2 if parameter.unit == "yuan" and now else now + 1
    if isinstance(now, tuple):
        return now[1:] if now else None
    if isinstance(now, Mapping):
        raised = {key: _raised(value) for key, value in now.items()}
        return None if raised == dict(now) else raised
    if isinstance(now, str):
        return f"{now}（已改）"
    return now + timedelta(days=1) if hasattr(now, "isoformat") else None


def _raised(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _raised(inner) for key, inner in value.items()}
    return value + 1 if isinstance(value, int | float) and not isinstance(value, bool) else value


def _with_other_values(parameter: Parameter) -> Parameter:
    others = ((dated, _other(parameter, dated.value)) for dated in parameter.values)
    values = tuple(replace(dated, value=dated.value if other is None else freeze(other)) for dated, other in others)
    return replace(parameter, values=values)


# Forms


def _of_forms(package: Package, clauses: Mapping[tuple[str, str], tuple[str, ...]]) -> Iterator[Mutant]:
    for ident, path in package.forms.items():
        passes = _opens(package, ident)
        for place, component in _components(package.form(ident)["components"], ()):
            own = str((component.get("properties") or {}).get("clauses", "")).replace(",", " ").split()
            key = str(component.get("path") or component.get("key") or component.get("id", ""))
            name = str(component.get("label") or component.get("dateLabel") or key)
            for what, told, keys, value in _of_field(component) if own else ():
                yield Mutant(
                    f"{ident}/{key} {what}",
                    tuple(own),
                    f"表单“{ident}”的“{name}”{told}",
                    Sort.FORM,
                    path,
                    _with_field((*place, *keys), value),
                    neutral=what != "hide",
                    passes=passes,
                    refused_at=ident if what != "hide" else "",
                    words=(key, ident),
                )


def _opens(package: Package, form: str) -> frozenset[str]:
    return frozenset(
        f"{d.process_id}/{e.id}" for d in package.diagrams.values() for e in d.elements.values() if e.form == form
    )


def _components(
    items: list[dict[str, Any]], above: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    for number, item in enumerate(items):
        place = (*above, "components", number)
        yield place, item
        yield from _components(item.get("components") or [], place)


def _of_field(component: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...], Any]]:
    validate = component.get("validate") or {}
    if validate.get("required"):
        yield "required", "不再必填", ("validate", "required"), False
    for key, step, told in (("min", -1, "下限放宽"), ("max", 1, "上限放宽")):
        if isinstance(validate.get(key), int | float):
            yield key, f"的{told}一：{validate[key]}", ("validate", key), validate[key] + step
    hide = (component.get("conditional") or {}).get("hide")
    if isinstance(hide, str) and hide.startswith("="):
        yield "hide", f"的隐藏条件取反：{hide}", ("conditional", "hide"), f"=not({hide[1:]})"


def _with_field(place: tuple[Any, ...], value: Any) -> Edit:
    def edit(schema: dict[str, Any]) -> None:
        inner: Any = schema
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = value

    return edit


# Documents


def _of_documents(package: Package) -> Iterator[Mutant]:
    for template in package.documents.values():
        for what, told, edit in _of_document(template) if template.clauses else ():
            yield Mutant(
                f"documents/{template.id} {what}",
                template.clauses,
                f"文书“{template.title}”{told}",
                Sort.TEMPLATE,
                template.id,
                edit,
                neutral=True,
                document=template.id,
                words=(template.id,),
            )


def _of_document(template: DocumentTemplate) -> Iterator[tuple[str, str, Edit]]:
    for paragraph in template.paragraphs:
        if not isinstance(paragraph, str) or "{" in paragraph:
            words = _begins(paragraph)
            yield f"line “{words[:14]}”", f"删去一段：{words[:60]}", _without(paragraph)
    for key, zh in (("signature", "署名"), ("number", "文号"), ("addressee", "主送"), ("title", "标题")):
        if getattr(template, key):
            yield key, f"的{zh}改写：{getattr(template, key)[:60]}", _with_text(key, "（已改）")
    if template.copies:
        yield "copies", f"不再抄送：{'、'.join(template.copies)}", _with_text("copies", ())


def _begins(paragraph: Paragraph) -> str:
    if isinstance(paragraph, Repeated):
        return paragraph.text
    if isinstance(paragraph, Included):
        return f"共用段落：{paragraph.template}"
    return f"表：{paragraph.each}" if isinstance(paragraph, Tabled) else paragraph


def _without(paragraph: Paragraph) -> Edit:
    return lambda template: replace(template, paragraphs=tuple(p for p in template.paragraphs if p is not paragraph))


def _with_text(key: str, value: Any) -> Edit:
    return lambda template: replace(template, **{key: value})
