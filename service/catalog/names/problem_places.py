"""Where a problem lies, in the words that people see: the label of an element, what a flow connects, the row of a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from service.catalog.bpmn.model import Diagram, Element, Flow
from service.catalog.differences.words import kind_word
from service.catalog.package import Package
from service.catalog.pieces.piece_kinds import title_of
from service.catalog.problems import Problem
from service.catalog.rules.formulas import JUDGED
from service.catalog.tables.tables import TableDescription
from service.domain.text import Text

_LONGEST = 24
_QUOTED = re.compile(r"“([^“”]+)”")
_AS_ID = re.compile(
    r"(编号|键名?|写入|加上|事实|变量|\bids?|\bkeys?|\bwrites?|\bfacts?|\bvariables?|\badd)\s*$", re.IGNORECASE
)
"""What stands before an id that is meant as such, and before the name of a value."""
_OF_A_FORM = re.compile(r"(?:表单)?“(?P<form>\w+)”(?=中没有|只在|的字段)")
"""Where a sentence quotes the form whose field or value it speaks of."""
_A_FLOW = re.compile(r"(连线|分支|\bflows?)\s*$", re.IGNORECASE)
_OF_FORMULAS = frozenset(JUDGED)
"""Rules about formulas: what they quote is always something that is read, never something drawn of the same id."""


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


def add_place_words(package: Package, problem: Problem) -> Problem:
    """Return ``problem`` with its place in words, and with names where its sentences quote ids of the drawing, or of a form."""
    problem = replace(problem, message=replace(problem.message, zh=_with_form(package, problem.message.zh)))
    place = problem.place or place_of(package, problem.file, problem.element)
    diagram = package.diagrams.get(problem.file)
    if diagram is None:
        return problem if place is None else replace(problem, place=place)
    if problem.rule in _OF_FORMULAS:
        return replace(problem, place=place)
    flows = set(diagram.flows)
    quoted = flows | ({problem.element} - {""})
    if problem.rule == "not_drawn":
        quoted |= {ident for ident, element in diagram.elements.items() if not element.name}
    message = _name_quoted_ids(diagram, problem.message, quoted)
    return replace(problem, place=place, message=message, remedy=_name_quoted_ids(diagram, problem.remedy, flows))


def _with_form(package: Package, text: str) -> str:
    """Put the title of a form before the key by which a formula reads it."""

    def add_title(match: re.Match[str]) -> str:
        path = package.forms.get(match["form"])
        title = title_of(package, path) if path is not None else ""
        return f"表单“{title}”（{match['form']}）" if title and title != match["form"] else match[0]

    return _OF_A_FORM.sub(add_title, text)


def _name_quoted_ids(diagram: Diagram, text: Text, idents: set[str]) -> Text:
    return Text(
        _with_names(diagram, text.zh, idents, lambda place: place.zh),
        _with_names(diagram, text.en, idents, lambda place: place.en),
    )


def _with_names(diagram: Diagram, text: str, idents: set[str], tongue: Callable[[Text], str]) -> str:
    """Put names in the place of quoted ids; an id that stands there as an id stays."""

    def replace_ident(match: re.Match[str]) -> str:
        ident, before = match[1], text[: match.start()]
        if ident not in idents or _AS_ID.search(before):
            return match[0]
        flow = diagram.flows.get(ident)
        if flow is not None:
            return f"“{tongue(_describe_ends(diagram, flow, said=bool(_A_FLOW.search(before))))}”"
        place = _of_diagram(diagram, ident, bare=True)
        return match[0] if place is None else tongue(place)

    return _QUOTED.sub(replace_ident, text)


def _of_diagram(diagram: Diagram, ident: str, *, bare: bool = False) -> Text | None:
    """Return what an element, a flow, a lane or the diagram itself is called; ``bare``: without saying what it is."""
    element, flow = diagram.elements.get(ident), diagram.flows.get(ident)
    if element is not None:
        return _of_element(diagram, element, bare=bare)
    if flow is not None:
        return _of_flow(diagram, flow)
    lane = next((lane for lane in diagram.lanes if lane.id == ident), None)
    if lane is not None and lane.name:
        return Text(f"泳道“{lane.name}”", f"Lane “{lane.name}”")
    if ident in (diagram.process_id, diagram.pool) and diagram.name:
        whole = Text(f"“{diagram.name}”", f"“{diagram.name}”")
        return whole if bare else Text(f"整张图{whole.zh}", f"The whole diagram {whole.en}")
    return None


def _of_element(diagram: Diagram, element: Element, *, bare: bool) -> Text:
    kind = kind_word(str(element.kind))
    if element.name:
        name = _build_label(element.name, element.properties)
        if bare:
            return Text(f"“{name.zh}”", f"“{name.en}”")
        return Text(f"{kind.zh}“{name.zh}”", f"{kind.en} “{name.en}”")
    before = _find_first_label(diagram, (flow.source for flow in diagram.incoming(element.id)))
    after = _find_first_label(diagram, (flow.target for flow in diagram.outgoing(element.id)))
    if before is not None:
        return Text(f"“{before.zh}”之后未命名的{kind.zh}", f"the unnamed {kind.en.lower()} after “{before.en}”")
    if after is not None:
        return Text(f"“{after.zh}”之前未命名的{kind.zh}", f"the unnamed {kind.en.lower()} before “{after.en}”")
    return Text(f"未命名的{kind.zh}", f"an unnamed {kind.en.lower()}")


def _of_flow(diagram: Diagram, flow: Flow) -> Text:
    """Return a flow by what it connects, and by its answer where it has one."""
    ends = _describe_ends(diagram, flow, said=False)
    if not flow.name:
        return ends
    name = _build_label(flow.name, flow.properties)
    return Text(f"{ends.zh}（{name.zh}）", f"{ends.en} ({name.en})")


def _describe_ends(diagram: Diagram, flow: Flow, *, said: bool) -> Text:
    """Return what a flow connects; ``said``: that it is a flow stands before it."""
    source, target = _describe_end(diagram, flow.source), _describe_end(diagram, flow.target)
    zh, en = f"从{source.zh}到{target.zh}", f"from {source.en} to {target.en}"
    return Text(zh, en) if said else Text(f"{zh}的连线", f"the flow {en}")


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
