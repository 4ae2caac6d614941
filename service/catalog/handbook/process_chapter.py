"""The chapter of processes: each with its drawing, its tasks and its clauses, what it calls after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil

from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.bpmn.picture import picture_of
from service.catalog.handbook.clause_rows import articles_of_element, clause_rows, role_name
from service.catalog.layout.drawn import drawing_of
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit
from service.catalog.parameters.value_words import number_words, value_words
from service.catalog.pieces.piece_kinds import title_of
from service.catalog.settings.setting_reach import names_in
from service.catalog.wording.word_lists import fact_words
from service.domain.output.handbook import BookBlock, BookHeading, BookPicture, BookTable, BookText
from service.domain.text import Text

_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox="(-?[\d.]+) (-?[\d.]+) [\d.]+ [\d.]+"')
_PAGE, _LEGIBLE, _OVERLAP = 0.62, 1600.0, 120.0
"""Height by width of a page laid across; how much of a drawing stands in its width so that names can be read; what two
strips of one drawing both show."""
_WRITTEN = re.compile(r"(workdays|caldays|months|years)\(\s*(\d{1,4})\s*\)")
_ON_RECORD = re.compile(r"(?:day_end\(\s*)?date(?: and time)?\(\s*\w+\.(\w+)\s*\)(?:\s*\))?")
"""A limit that is a day on record: that of a round, a case, or what a step gave."""
_UNITS = {"workdays": Unit.WORKING_DAYS, "caldays": Unit.CALENDAR_DAYS, "months": Unit.MONTHS, "years": Unit.YEARS}
_TASKS = (Kind.USER_TASK, Kind.MANUAL_TASK)
_HEAD = Text("流程,有人办理的环节,用在", "Process,Tasks,Used in")
_TASK_HEAD = Text("环节,由谁办理,表单,期限,条文", "Task,Who acts,Form,Time limit,Article")
_CLAUSE_HEAD = Text("环节,由谁办理,条文,要求", "Element,Who acts,Article,What it asks for")


def process_chapter(package: Package, language: str) -> Iterator[BookBlock]:
    """Yield the processes of every kind of case, what each calls after it, each once."""
    yield BookHeading(Text("流程", "Processes").pick(language), 1)
    diagrams = diagrams_in_order(package)
    rows = tuple(_summary(package, diagram, diagrams, language) for diagram in diagrams)
    yield BookTable(tuple(_HEAD.pick(language).split(",")), rows, (40, 16, 44))
    for diagram in diagrams:
        yield BookHeading(diagram.name or diagram.process_id, 2)
        yield from _pictures(drawing_of(diagram, package.files[diagram.file]))
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


def _summary(package: Package, diagram: Diagram, diagrams: tuple[Diagram, ...], language: str) -> tuple[str, ...]:
    callers = (one.name for one in diagrams if any(call.called == diagram.process_id for call in one.calls))
    kinds = (
        info.text.pick(language) for info in package.award.processes.values() if info.process == diagram.process_id
    )
    where = "、".join(dict.fromkeys((*(Text(f"办件“{k}”", f"case “{k}”").pick(language) for k in kinds), *callers)))
    return diagram.name or diagram.process_id, str(sum(1 for _ in diagram.of(*_TASKS))), where


def _pictures(diagram: Diagram) -> Iterator[BookPicture]:
    """Yield the drawing of a diagram; a long one is cut into strips that overlap by a task's width, as many as fit a page."""
    svg, name = picture_of(diagram), diagram.name or diagram.process_id
    size = _SIZE.search(svg)
    assert size is not None  # picture_of always says it
    width, height, x, y = (float(number) for number in size.groups())
    count = max(1, ceil((width - _OVERLAP) / (_LEGIBLE - _OVERLAP)))
    if count == 1:
        yield BookPicture(name, (svg,), width, height)
        return
    part = (width + (count - 1) * _OVERLAP) / count
    heads = [_head(x + number * (part - _OVERLAP), y, part, height) for number in range(count)]
    strips = tuple(svg.replace(size[0], head, 1) for head in heads)
    fit = max(1, int(_PAGE * part / height))
    for at in range(0, count, fit):
        yield BookPicture(name, strips[at : at + fit], part, height)


def _head(x: float, y: float, width: float, height: float) -> str:
    return f'width="{width:g}" height="{height:g}" viewBox="{x:g} {y:g} {width:g} {height:g}"'


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


def _day_words(due: str) -> Text:
    """Return until when a limit runs that no parameter gives: to a day that is on record, or as an earlier step says."""
    named = _ON_RECORD.fullmatch(due.strip())
    fact = fact_words().get(named[1]) if named else None
    if fact is None:
        return Text("按前面的环节给出的日期或者天数", "as an earlier step says")
    return Text(f"至{fact.zh}", f"until: {fact.en}")


def limit_words(package: Package, due: str, language: str) -> str:
    """Return a time limit in words: the parameters that its formula reads with their values, a number written into it.

    Of what says neither the day on record that it names; a handbook prints no formula.
    """
    if not due.strip():
        return ""
    if written := _WRITTEN.fullmatch(due.strip()):
        return number_words(int(written[2]), _UNITS[written[1]]).pick(language)
    read = (package.award.parameters.get(name.removeprefix("param.")) for name in names_in(due))
    known = [parameter for parameter in read if parameter is not None and parameter.values]
    if not known:
        return _day_words(due).pick(language)
    said = (f"{p.text.pick(language)}：{value_words(p, p.values[-1].value).pick(language)}" for p in known)
    return "；".join(said)
