"""The chapter of processes: each with its drawing, its tasks and its clauses, what it calls after it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.bpmn.picture import picture_of
from service.catalog.handbook.clause_rows import articles_of_element, clause_rows, role_name
from service.catalog.package import Package
from service.catalog.piece_kinds import title_of
from service.catalog.setting_reach import names_in
from service.catalog.value_words import value_words
from service.domain.handbook import BookBlock, BookHeading, BookPicture, BookTable, BookText
from service.domain.text import Text

_SIZE = re.compile(r'<svg [^>]*width="([\d.]+)" height="([\d.]+)"')
_TASKS = (Kind.USER_TASK, Kind.MANUAL_TASK)
_TASK_HEAD = Text("环节,由谁办理,表单,期限,条文", "Task,Who acts,Form,Time limit,Article")
_CLAUSE_HEAD = Text("图元,由谁办理,条文,要求", "Element,Who acts,Article,What it asks for")


def process_chapter(package: Package, language: str) -> Iterator[BookBlock]:
    """Yield the processes of every kind of case, what each calls after it, each once."""
    yield BookHeading(Text("流程", "Processes").pick(language), 1)
    for diagram in diagrams_in_order(package):
        yield BookHeading(diagram.name or diagram.process_id, 2)
        yield _picture(diagram)
        yield from _tasks(package, diagram, language)
        rows = tuple(tuple(row) for row in clause_rows(package, diagram, language))
        if rows:
            yield BookHeading(Text("依据的条文", "Clauses").pick(language), 3)
            yield BookTable(tuple(_CLAUSE_HEAD.pick(language).split(",")), rows, (24, 20, 16, 40))


def diagrams_in_order(package: Package) -> tuple[Diagram, ...]:
    """Return the diagrams of a package from the kinds of cases down to what they call, each once."""
    found: dict[str, Diagram] = {}
    waiting = [info.process for info in package.award.processes.values()]
    while waiting:
        ident = waiting.pop(0)
        diagram = package.processes.get(ident)
        if diagram is not None and ident not in found:
            found[ident] = diagram
            waiting = [call.called for call in diagram.calls] + waiting
    return tuple(found.values())


def _picture(diagram: Diagram) -> BookPicture:
    svg = picture_of(diagram)
    size = _SIZE.search(svg)
    width, height = (float(size[1]), float(size[2])) if size else (100.0, 100.0)
    return BookPicture(diagram.name or diagram.process_id, svg, width, height)


def _tasks(package: Package, diagram: Diagram, language: str) -> Iterator[BookBlock]:
    rows = tuple(_task(package, diagram, element, language) for element in diagram.of(*_TASKS))
    yield BookHeading(Text("环节", "Tasks").pick(language), 3)
    if rows:
        yield BookTable(tuple(_TASK_HEAD.pick(language).split(",")), rows, (24, 18, 22, 20, 16))
    else:
        yield BookText(Text("没有由人办理的环节。", "Nobody has a task here.").pick(language), quiet=True)


def _task(package: Package, diagram: Diagram, element: Element, language: str) -> tuple[str, ...]:
    role = role_name(package, package.role_of(element), language)
    form = element.form
    path = package.forms.get(form)
    limit = limit_words(package, element.due, language)
    articles = articles_of_element(package, diagram, element.clauses)
    return element.name or element.id, role, title_of(package, path) if path else form, limit, articles


def limit_words(package: Package, due: str, language: str) -> str:
    """Return a time limit in words: the parameters that its formula reads with their values, else the formula."""
    if not due:
        return ""
    read = (package.award.parameters.get(name.removeprefix("param.")) for name in names_in(due))
    known = [parameter for parameter in read if parameter is not None and parameter.values]
    if not known:
        return due
    said = (f"{p.text.pick(language)}：{value_words(p, p.values[-1].value).pick(language)}" for p in known)
    return "；".join(said)
