"""The procedure of a package as a handbook: its chapters, put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from math import ceil

from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.bpmn.picture import picture_of
from service.catalog.coverage.matrix import build_coverage_matrix
from service.catalog.documents.documents import DocumentTemplate, Included, Paragraph, Tabled
from service.catalog.layout.drawn import drawing_of
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit
from service.catalog.parameters.value_words import bounds_words, number_words, value_words
from service.catalog.pieces.piece_kinds import plain_title, title_of
from service.catalog.settings.setting_reach import names_in
from service.catalog.tables.tables import TableDescription
from service.catalog.uses.piece_users import users_of_form
from service.catalog.wording.word_lists import fact_words
from service.domain.errors import LaurelError
from service.domain.forms import compile_form
from service.domain.forms.describe import FieldInfo
from service.domain.forms.model import InputType
from service.domain.output.handbook import BookBlock, BookHeading, BookPicture, BookTable, BookText, Handbook
from service.domain.text import Text


def clause_rows(package: Package, diagram: Diagram, language: str) -> Iterator[list[str]]:
    """Yield a row per element and clause: its name, who acts, the article, what the clause asks for."""
    slots = _bound(package, diagram)
    cited = [(e.name or e.id, package.role_of(e), e.clauses) for e in diagram.elements.values()]
    cited += [(flow.name or flow.id, "", flow.clauses) for flow in diagram.flows.values()]
    for name, role, clauses in cited:
        for ident in dict.fromkeys(clause_id for clause in clauses for clause_id in slots.get(clause, (clause,))):
            clause = package.law.clauses.get(ident)
            article, summary = (clause.article, clause.summary) if clause else (ident, "")
            yield [name, role_name(package, role, language), article, summary]


def articles_of_element(package: Package, diagram: Diagram, clauses: tuple[str, ...]) -> str:
    """Return the articles that ``clauses`` of an element stand in, slots bound by the callers."""
    slots = _bound(package, diagram)
    bound = dict.fromkeys(clause_id for clause in clauses for clause_id in slots.get(clause, (clause,)))
    cited_clauses = (package.law.clauses.get(ident) for ident in bound)
    return "、".join(dict.fromkeys(clause.article for clause in cited_clauses if clause))


def role_name(package: Package, role: str, language: str) -> str:
    """Return how a role is called, "" for none."""
    role_entry = package.jurisdiction.roles.get(role)
    return role_entry.text.pick(language) if role_entry else ""


def _bound(package: Package, diagram: Diagram) -> dict[str, tuple[str, ...]]:
    """Return the clauses that the callers of a shared diagram put into its slots, by the word that cites the slot."""
    clauses_by_slot: dict[str, tuple[str, ...]] = {}
    for other in package.diagrams.values():
        for call in other.calls:
            for slot, clauses in call.slots.items() if call.called == diagram.process_id else ():
                clauses_by_slot[f"slot:{slot}"] = clauses_by_slot.get(f"slot:{slot}", ()) + clauses
    return clauses_by_slot


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
    diagrams: dict[str, Diagram] = {}
    waiting = [info.process for info in package.award.processes.values()]
    while waiting:
        ident = waiting.pop(0)
        diagram = package.processes.get(ident)
        if diagram is not None and ident not in diagrams:
            diagrams[ident] = diagram
            waiting = [call.called for call in diagram.calls] + waiting
    return tuple(diagrams.values())


def _summary(package: Package, diagram: Diagram, diagrams: tuple[Diagram, ...], language: str) -> tuple[str, ...]:
    callers = (caller.name for caller in diagrams if any(call.called == diagram.process_id for call in caller.calls))
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
    parameters = [parameter for parameter in read if parameter is not None and parameter.values]
    if not parameters:
        return _day_words(due).pick(language)
    phrases = (f"{p.text.pick(language)}：{value_words(p, p.values[-1].value).pick(language)}" for p in parameters)
    return "；".join(phrases)


_NONE = Text("没有。", "None.")
_FIELD_HEAD = Text("填写项,怎样填,必填,谁能看,条文", "Field,How,Required,Who sees it,Article")
_PARAMETER_HEAD = Text("参数,取值,界限,条文", "Parameter,Value,Bounds,Article")
_CLAUSES_HEAD = Text("条文,要求,落实之处", "Article,What it asks for,Where it is carried out")
_TYPES = {
    "textfield": Text("一行文字", "a line"),
    "textarea": Text("一段文字", "text"),
    "number": Text("数字", "number"),
    "date": Text("日期", "date"),
    "checkbox": Text("勾选", "tick"),
    "checklist": Text("多选", "several of a list"),
    "radio": Text("单选", "one of a list"),
    "select": Text("单选", "one of a list"),
    "taglist": Text("多选", "several of a list"),
    "time": Text("时间", "time"),
    "datetime": Text("日期和时间", "date and time"),
    "upload": Text("上传文件", "file"),
}


def form_chapter(package: Package, language: str) -> Iterator[BookBlock]:
    """Yield every form that somebody fills in, with its fields."""
    yield BookHeading(Text("表单", "Forms").pick(language), 1)
    for ident, path in package.forms.items():
        if users_of_form(package, ident, reading=False):
            yield BookHeading(title_of(package, path), 2)
            yield from _fields(package, ident, language)


def _fields(package: Package, ident: str, language: str) -> Iterator[BookBlock]:
    try:
        fields = compile_form(package.form(ident)).fields()
    except LaurelError as mistake:
        yield BookText(mistake.message.pick(language), quiet=True)
        return
    rows = tuple(_field(package, field, language) for field in fields)
    if rows:
        yield BookTable(tuple(_FIELD_HEAD.pick(language).split(",")), rows, (36, 16, 10, 18, 20))
    else:
        yield BookText(Text("只用来阅读和确认。", "It is read and confirmed only.").pick(language), quiet=True)


def _field(package: Package, field: FieldInfo, language: str) -> tuple[str, ...]:
    kind = Text("系统计算", "computed") if field.type is None else _type(field.type)
    required = Text("是", "yes") if field.required else Text("", "")
    seen = [Text("个人信息", "personal")] if field.personal else []
    seen += [Text("商业秘密", "secret")] if field.secret else []
    articles = "、".join(dict.fromkeys(map(package.law.article, field.clauses)))
    label = field.label.pick(language) or field.key
    return (
        label,
        kind.pick(language),
        required.pick(language),
        "、".join(mark.pick(language) for mark in seen),
        articles,
    )


def _type(kind: InputType) -> Text:
    return _TYPES.get(kind.value, Text(kind.value, kind.value))


def table_chapter(package: Package, language: str) -> Iterator[BookBlock]:
    """Yield every decision table."""
    yield BookHeading(Text("决策表", "Decision tables").pick(language), 1)
    tables = {table.file: table for table in package.tables.values()}
    for table in tables.values():
        yield BookHeading(table.name or table.id, 2)
        yield from _table(table)
    if not tables:
        yield BookText(_NONE.pick(language), quiet=True)


def _table(table: TableDescription) -> Iterator[BookBlock]:
    columns = [column.label or column.expression for column in table.inputs]
    columns += [column.label or column.name for column in table.outputs]
    rows = tuple(tuple(cell or "—" for cell in (*row.inputs, *row.outputs)) for row in table.rows)
    if columns and rows:
        yield BookTable(tuple(columns), rows, tuple(10 for _ in columns))


def letter_chapter(package: Package, language: str) -> Iterator[BookBlock]:
    """Yield the text of every letter; what a case fills in stands in braces."""
    yield BookHeading(Text("文书", "Letters").pick(language), 1)
    for document in package.documents.values():
        yield BookHeading(_title(document, language), 2)
        articles = "、".join(dict.fromkeys(map(package.law.article, document.clauses)))
        if articles:
            yield BookText(Text(f"依据：{articles}", f"By: {articles}").pick(language), quiet=True)
        yield from _letter(package, document, language)
    if not package.documents:
        yield BookText(_NONE.pick(language), quiet=True)


def _title(document: DocumentTemplate, language: str) -> str:
    """Return the title of a letter; where the case gives the whole of it, that is said."""
    fallback = Text(f"标题由办件写定（{document.id}）", f"Titled by the case ({document.id})")
    return plain_title(document.title) or fallback.pick(language)


def _letter(package: Package, document: DocumentTemplate, language: str) -> Iterator[BookBlock]:
    if document.addressee:
        yield BookText(f"{document.addressee.rstrip('：:')}：")
    for paragraph in document.paragraphs:
        yield _paragraph(package, paragraph, language)
    if document.signature:
        yield BookText(document.signature)
    for attachment in document.attachments:
        yield BookText(Text(f"附件：{attachment.name}", f"Enclosed: {attachment.name}").pick(language), quiet=True)


def _paragraph(package: Package, paragraph: Paragraph, language: str) -> BookBlock:
    if isinstance(paragraph, str):
        return BookText(paragraph)
    if isinstance(paragraph, Included):
        document = package.documents.get(paragraph.template)
        title = _title(document, language) if document else paragraph.template
        return BookText(Text(f"（同“{title}”的段落）", f"(as in “{title}”)").pick(language), quiet=True)
    if isinstance(paragraph, Tabled):
        columns = paragraph.columns
        if not columns:
            return BookText(
                Text("（一张表，列由办件确定）", "(a table whose columns the case gives)").pick(language), quiet=True
            )
        cells = tuple(column.text for column in columns)
        return BookTable(tuple(column.title for column in columns), (cells,), tuple(10 for _ in columns))
    return BookText(Text(f"（逐项）{paragraph.text}", f"(for each) {paragraph.text}").pick(language))


def parameter_chapter(package: Package, language: str) -> Iterator[BookBlock]:
    """Yield the parameters with value, bounds and articles."""
    yield BookHeading(Text("参数", "Parameters").pick(language), 1)
    rows = []
    for parameter in package.award.parameters.values():
        dated = [
            f"{value_words(parameter, dated_value.value).pick(language)}（{dated_value.since.isoformat()}）"
            for dated_value in parameter.values
        ]
        current_value = value_words(parameter, parameter.values[-1].value).pick(language) if parameter.values else ""
        bounds = bounds_words(parameter)
        articles = "、".join(dict.fromkeys(map(package.law.article, parameter.clauses)))
        value_text = "；".join(dated) if len(dated) > 1 else current_value
        rows.append((parameter.text.pick(language), value_text, bounds.pick(language) if bounds else "", articles))
    yield BookTable(tuple(_PARAMETER_HEAD.pick(language).split(",")), tuple(rows), (38, 30, 16, 16))


def clause_chapter(package: Package, language: str) -> Iterator[BookBlock]:
    """Yield every clause of the law with where it is carried out."""
    yield BookHeading(Text("条文与落实", "Clauses, and where they are carried out").pick(language), 1)
    rows = tuple(
        (
            line.clause.article,
            line.clause.summary,
            "、".join(dict.fromkeys(place.label for place in line.places)) or line.reason or "—",
        )
        for line in build_coverage_matrix([package]).lines
    )
    yield BookTable(tuple(_CLAUSES_HEAD.pick(language).split(",")), rows, (16, 50, 34))


_BODY_HEAD = Text("单位,担任的角色", "Body,Roles")


def handbook_of(package: Package, state: Text, day: date, language: str = "zh") -> Handbook:
    """Return the handbook of ``package`` in ``language``; ``state`` says which version it is, and stands on the cover."""
    place, award = package.jurisdiction.text.pick(language), package.award.text.pick(language)
    title = Text(f"{award}办理手册", f"{award}: handbook of the procedure").pick(language)
    cover = (place, package.law.title, state.pick(language), day.isoformat())
    chapters = (process_chapter, form_chapter, table_chapter, letter_chapter, parameter_chapter, clause_chapter)
    blocks = [block for chapter in (_overview, *chapters) for block in chapter(package, language)]
    return Handbook(title, cover, Text("目录", "Contents").pick(language), language, tuple(blocks))


def _overview(package: Package, language: str) -> Iterator[BookBlock]:
    yield BookHeading(Text("概况", "Overview").pick(language), 1)
    kinds = "、".join(info.text.pick(language) for info in package.award.processes.values())
    tiers = "、".join(tier.text.pick(language) for tier in package.award.tiers)
    if tiers:
        yield BookText(Text(f"奖项类别：{tiers}。", f"Tiers: {tiers}.").pick(language))
    yield BookText(Text(f"办件种类：{kinds}。", f"Kinds of cases: {kinds}.").pick(language))
    roles = package.jurisdiction.roles
    rows = tuple(
        (body.text.pick(language), "、".join(roles[role].text.pick(language) for role in body.roles if role in roles))
        for body in package.jurisdiction.bodies
    )
    if rows:
        yield BookTable(tuple(_BODY_HEAD.pick(language).split(",")), rows, (40, 60))
