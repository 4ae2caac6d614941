"""Where a problem lies, in the words that people see: the label of an element, what a flow connects, the row of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from service.catalog.bpmn.model import Diagram, Element, Flow, Lane
from service.catalog.differences.words import kind_word
from service.catalog.package import Package
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked
from service.catalog.tables.tables import TableDescription
from service.domain.text import Text

_LONGEST = 24


def place_of(package: Package, file: str, element: str) -> Text | None:
    """Return what ``element`` of ``file`` is called, None where it has no other name than its id."""
    diagram = package.diagrams.get(file)
    if diagram is not None:
        return _of_diagram(diagram, element)
    table = next((candidate for candidate in package.tables.values() if candidate.file == file), None)
    if table is not None:
        return _of_table(table, element)
    head, _, rest = element.partition(".")
    named = package.award.parameters.get(rest.partition(".")[0]) if head == "parameters" else None
    if named is not None:
        return Text(f"参数“{named.text.zh}”", f"Parameter “{named.text.en}”")
    clause = package.law.clauses.get(element)
    return Text(f"条款 {clause.article}", f"Clause {clause.article}") if clause is not None and clause.article else None


def add_place(package: Package, problem: Problem) -> Problem:
    """Return ``problem`` with its place in words, where it has any."""
    return problem if problem.place else replace(problem, place=place_of(package, problem.file, problem.element))


def label_of(diagram: Diagram, ident: str) -> Text:
    """Return what a sentence quotes of something drawn: its name, else where it stands, else the id."""
    element, flow = diagram.elements.get(ident), diagram.flows.get(ident)
    named: Iterable[Element | Flow | Lane | None] = (
        element,
        flow,
        *(lane for lane in diagram.lanes if lane.id == ident),
    )
    name = next((drawn.name for drawn in named if drawn), diagram.name if ident == diagram.process_id else "")
    if not name and element is not None:
        return _describe_unnamed(diagram, element, "‘{}’")
    return Text(name or ident, name or ident) if name or flow is None else _describe_ends(diagram, flow)


def label_of_form(checked: Checked, form: str) -> Text:
    """Return the quoted title of a form with the key by which formulas read it, the key alone where it has no other title."""
    title = (checked.schemas.get(form, {}).get("properties") or {}).get("title") or form
    key = Text("", "") if title == form else Text(f"（{form}）", f" ({form})")
    return Text(f"“{title}”{key.zh}", f"“{title}”{key.en}")


def _of_diagram(diagram: Diagram, ident: str) -> Text | None:
    element, flow = diagram.elements.get(ident), diagram.flows.get(ident)
    if element is not None:
        return _of_element(diagram, element)
    if flow is not None:
        return _of_flow(diagram, flow)
    lane = next((lane for lane in diagram.lanes if lane.id == ident), None)
    if lane is not None and lane.name:
        return Text(f"泳道“{lane.name}”", f"Lane “{lane.name}”")
    if ident in (diagram.process_id, diagram.pool) and diagram.name:
        return Text(f"整张图“{diagram.name}”", f"The whole diagram “{diagram.name}”")
    return None


def _of_element(diagram: Diagram, element: Element) -> Text:
    if not element.name:
        return _describe_unnamed(diagram, element, "“{}”")
    kind, name = kind_word(str(element.kind)), _build_label(element.name, element.properties)
    return Text(f"{kind.zh}“{name.zh}”", f"{kind.en} “{name.en}”")


def _describe_unnamed(diagram: Diagram, element: Element, quoted: str) -> Text:
    """Return an element without a name by what stands before or after it; ``quoted`` is the pattern of a quotation."""
    kind = kind_word(str(element.kind))
    before = _find_first_label(diagram, (flow.source for flow in diagram.incoming(element.id)))
    after = _find_first_label(diagram, (flow.target for flow in diagram.outgoing(element.id)))
    if (label := before or after) is None:
        return Text(f"未命名的{kind.zh}", f"an unnamed {kind.en.lower()}")
    zh, en = quoted.format(label.zh), quoted.format(label.en)
    return Text(
        f"{zh}之{'后' if before else '前'}未命名的{kind.zh}",
        f"the unnamed {kind.en.lower()} {'after' if before else 'before'} {en}",
    )


def _of_flow(diagram: Diagram, flow: Flow) -> Text:
    """Return a flow by what it connects, and by its answer where it has one."""
    ends, name = _describe_ends(diagram, flow), _build_label(flow.name, flow.properties)
    answer = Text(f"（{name.zh}）", f" ({name.en})") if flow.name else Text("", "")
    return Text(f"{ends.zh}的连线{answer.zh}", f"the flow {ends.en}{answer.en}")


def _describe_ends(diagram: Diagram, flow: Flow) -> Text:
    source, target = _describe_end(diagram, flow.source), _describe_end(diagram, flow.target)
    return Text(f"从{source.zh}到{target.zh}", f"from {source.en} to {target.en}")


def _describe_end(diagram: Diagram, ident: str) -> Text:
    element = diagram.elements.get(ident)
    if element is None:
        return Text(f"‘{ident}’", f"‘{ident}’")
    if element.name:
        name = _build_label(element.name, element.properties)
        return Text(f"‘{name.zh}’", f"‘{name.en}’")
    kind = kind_word(str(element.kind))
    return Text(f"未命名的{kind.zh}", f"an unnamed {kind.en.lower()}")


def _of_table(table: TableDescription, ident: str) -> Text | None:
    for number, row in enumerate(table.rows, 1):
        if row.id == ident:
            quotation = f"“{_shorten(row.description)}”" if row.description else ""
            return Text(f"第 {number} 行{quotation}", f"Row {number} {quotation}".strip())
    labels = {column.id: column.label for column in table.inputs} | {each.id: each.label for each in table.outputs}
    label = labels.get(ident)
    return Text(f"“{label}”一列", f"Column “{label}”") if label else None


def _find_first_label(diagram: Diagram, idents: Iterable[str]) -> Text | None:
    elements = (diagram.elements.get(ident) for ident in idents)
    return next(
        (
            _build_label(element.name, element.properties)
            for element in elements
            if element is not None and element.name
        ),
        None,
    )


def _build_label(name: str, properties: Mapping[str, str]) -> Text:
    return Text(_shorten(name), _shorten(properties.get("name_en") or name))


def _shorten(name: str) -> str:
    flat = " ".join(name.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"


def element_name(package: Package, path: str, element: Element, alike: int) -> str:
    """Return the name of an element, and what it follows where it has none or ``alike`` of its diagram have that name."""
    if not element.name:
        place = place_of(package, path, element.id)
        return element.id if place is None else place.zh
    if alike == 1:
        return element.name
    diagram = package.diagrams[path]
    before = (diagram.elements.get(flow.source) for flow in diagram.incoming(element.id))
    named = next((predecessor.name for predecessor in before if predecessor is not None and predecessor.name), "")
    return f"{element.name}（“{named}”之后）" if named else element.name
