"""The chapters of forms, tables, letters, parameters and clauses."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.coverage.matrix import matrix
from service.catalog.documents.documents import DocumentTemplate, Included, Paragraph, Tabled
from service.catalog.package import Package
from service.catalog.parameters.value_words import bounds_words, value_words
from service.catalog.pieces.piece_kinds import plain_title, title_of
from service.catalog.tables.tables import TableDescription
from service.catalog.uses.piece_users import users_of_form
from service.domain.errors import LaurelError
from service.domain.forms import compile_form
from service.domain.forms.describe import FieldInfo
from service.domain.forms.model import InputType
from service.domain.output.handbook import BookBlock, BookHeading, BookTable, BookText
from service.domain.text import Text

_NONE = Text("没有。", "None.")
_FIELD_HEAD = Text("填写项,怎样填,必填,谁能看,条文", "Field,How,Required,Who sees it,Article")
_PARAMETER_HEAD = Text("参数,取值,界限,条文", "Parameter,Value,Bounds,Article")
_CLAUSE_HEAD = Text("条文,要求,落实之处", "Article,What it asks for,Where it is carried out")
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
    return label, kind.pick(language), required.pick(language), "、".join(one.pick(language) for one in seen), articles


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
    told = Text(f"标题由办件写定（{document.id}）", f"Titled by the case ({document.id})")
    return plain_title(document.title) or told.pick(language)


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
        known = package.documents.get(paragraph.template)
        title = _title(known, language) if known else paragraph.template
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
            f"{value_words(parameter, one.value).pick(language)}（{one.since.isoformat()}）" for one in parameter.values
        ]
        one = value_words(parameter, parameter.values[-1].value).pick(language) if parameter.values else ""
        bounds = bounds_words(parameter)
        articles = "、".join(dict.fromkeys(map(package.law.article, parameter.clauses)))
        said = "；".join(dated) if len(dated) > 1 else one
        rows.append((parameter.text.pick(language), said, bounds.pick(language) if bounds else "", articles))
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
        for line in matrix([package]).lines
    )
    yield BookTable(tuple(_CLAUSE_HEAD.pick(language).split(",")), rows, (16, 50, 34))
