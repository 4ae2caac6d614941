"""Diagrams of a draft as their editor opens, begins, lays out, prints and searches them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated
from xml.sax.saxutils import quoteattr

from service.casework.access.actor import Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.desk import Desk
from service.casework.documents.produce_document import NoPrinter
from service.casework.people.rights.first_people import jurisdiction_of
from service.casework.studio.drafts.draft_access import OPEN, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.casework.studio.drafts.view_draft import file_in, origin_of
from service.catalog import Diagram, Package
from service.catalog.bpmn.foreign import is_drawn, strip_additions
from service.catalog.bpmn.picture import in_words, picture_of
from service.catalog.bpmn.read import UnsoundDiagram, read_diagram
from service.catalog.differences.words import FIELDS
from service.catalog.handbook.handbook import clause_rows
from service.catalog.layout.draw import layout_diagram
from service.catalog.layout.drawn import drawn
from service.catalog.layout.lanes import lane_names
from service.catalog.made_id import choose_id
from service.catalog.pieces.piece_kinds import Origin, PieceKind, kind_of, names_apart, title_of
from service.catalog.rules.context import is_shared
from service.catalog.rules.drawing import iterate_misplaced_elements
from service.catalog.source.formatting import for_editor, for_other_tools, format_file
from service.catalog.tree import get_file_stem, iterate_folder_files
from service.catalog.wording.word_lists import parameter_name
from service.domain.calendar.clock import local_date
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.domain.values.bounds import Named, Path, Utf8


@dataclass(frozen=True, slots=True)
class OpenedDiagram:
    """A diagram in an editor; ``hash`` is that of the file as the draft holds it, ``xml`` what the editor gets."""

    path: str
    name: str
    xml: str
    hash: str
    revision: int
    origin: Origin
    editable: bool


@guarded("draft.view")
def open_diagram(desk: Desk, actor: Actor, draft: int, path: str) -> OpenedDiagram:
    """Return a diagram of ``draft``.

    Raises:
        NotFound: the draft has no such file.
        Invalid: the file is no diagram, or cannot be read.
    """
    if kind_of(path) is not PieceKind.DIAGRAM:
        raise Invalid(
            Text(f"“{path}”不是流程图，请从流程图列表中选择。", f"“{path}” is no diagram: choose one from the list.")
        )
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    content = file_in(tree, path)
    editable = row.state == OPEN and GUARDS["draft.edit"].admits(actor, jurisdiction_of(row))
    xml = for_editor(drawn(content, path), path).decode()
    name, origin = title_of(tree.package, path), origin_of(tree, path)
    return OpenedDiagram(path, name, xml, hash_of(content), tree.revision, origin, editable)


_LONGEST = 60
_MOST_FAULTS = 8
_BEGUN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="{process}_definitions" targetNamespace="urn:laurel:processes">
  <bpmn:process id="{process}" name={title} isExecutable="true">
    <bpmn:startEvent id="begin" name="开始" />
    <bpmn:userTask id="handle" name={title}>
      <bpmn:extensionElements><spiffworkflow:properties>
        <spiffworkflow:property name="role" value={role} />
      </spiffworkflow:properties></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:endEvent id="done" name="结束" />
    <bpmn:sequenceFlow id="to_handle" sourceRef="begin" targetRef="handle" />
    <bpmn:sequenceFlow id="handled" sourceRef="handle" targetRef="done" />
  </bpmn:process>
</bpmn:definitions>
"""


@guarded("draft.edit")
def new_diagram(desk: Desk, actor: Actor, draft: int, name: str, title: str, role: str) -> Saved:
    """Add a diagram called ``title`` under the file ``name`` ("": made from the title); its first task is done by ``role``.

    Raises:
        Invalid: the name, the title or the role cannot be used.
        Conflict: the draft has such a file already, or cannot be changed.
    """
    package, tree = _open_tree(desk, actor, draft)
    title = title.strip()
    if not title or len(title) > _LONGEST:
        raise Invalid(
            Text(f"请给流程图起名，最多 {_LONGEST} 个字。", f"Name the diagram, with {_LONGEST} characters at most.")
        )
    place = tree.package.jurisdiction
    if role not in place.roles:
        raise Invalid(Text("请选择第一个任务由谁办理。", "Choose who does the first task."))
    path = _new_path(tree, package, name, title)
    process = f"{place.id}_{get_file_stem(path)}"
    begun = _BEGUN.format(process=process, title=quoteattr(title), role=quoteattr(role))
    return save_file(desk, actor, draft, path, layout_diagram(begun.encode(), path, *lane_names(place)), None)


@guarded("draft.edit")
def import_diagram(
    desk: Desk, actor: Actor, draft: int, name: str, content: bytes, sent: str = ""
) -> tuple[Saved, tuple[str, ...]]:
    """Add the diagram of a BPMN file that came as ``sent``; returns it, and the tools whose additions were taken out.

    Without ``name`` the file is named after ``sent``.

    Raises:
        XmlMistake: it is no BPMN with one process, or no XML that is accepted.
        Invalid: the name cannot be a file's, or the diagram could not be opened; every fault is named.
        Conflict: the draft has a diagram of this name.
    """
    package, tree = _open_tree(desk, actor, draft)
    path = _new_path(tree, package, name, get_file_stem(sent) or name or "diagram")
    file = sent or get_file_stem(path)  # what cannot be read is named as the file came
    stripped, tools = strip_additions(content, file)
    try:
        read_diagram(stripped, file)
    except UnsoundDiagram as unsound:
        raise Invalid(_list_faults(unsound)) from unsound
    if not is_drawn(stripped, file):
        stripped = layout_diagram(stripped, path, *lane_names(tree.package.jurisdiction))
    return save_file(desk, actor, draft, path, stripped, None), tools


def _open_tree(desk: Desk, actor: Actor, draft: int) -> tuple[str, DraftTree]:
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft, "draft.edit")
        return row.package, tree_of(desk, tx, draft)


def _new_path(tree: DraftTree, package: str, name: str, title: str) -> str:
    """Return the path of a new diagram called ``title``; raises as `choose_id`."""
    taken = {get_file_stem(path) for path in iterate_folder_files(tree.filled, f"processes/{package}", ".bpmn")}
    return f"processes/{package}/{choose_id(name.strip().removesuffix('.bpmn'), title, taken)}.bpmn"


def _list_faults(unsound: UnsoundDiagram) -> Text:
    named_faults = unsound.faults[:_MOST_FAULTS]
    zh = "".join(f"{fault.message.zh}{fault.remedy.zh}" for fault in named_faults)
    en = " ".join(f"{fault.message.en} {fault.remedy.en}" for fault in named_faults)
    return Text(
        f"这张图打不开，请在原来的软件里改好后再导入。{zh}",
        f"This diagram cannot be opened; mend it where it was drawn and take it in again. {en}",
    )


@guarded("draft.view")
def tidy_diagram(desk: Desk, actor: Actor, draft: int, path: Path, content: Annotated[Utf8, Named("xml")]) -> Utf8:
    """Return ``content``, a diagram that is being drawn at ``path``, with a fresh drawing; tasks go to the lanes of who acts.

    Raises:
        XmlMistake: it is no diagram that can be read.
        Invalid: it cannot be drawn, too many flows for one page.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        package = tree_of(desk, tx, draft).package
    place = None if is_shared(path) else package.jurisdiction
    file = format_file(path, content)
    wrong = iterate_misplaced_elements(read_diagram(file, path), place) if place is not None else ()
    moved = {element.id: (role.id, role.name) for element, role in wrong}
    return for_editor(layout_diagram(file, path, *lane_names(place), moved), path)


BPMN = "bpmn"
FORMS = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml", BPMN: "application/xml"}
_HEAD = Text("环节,由谁办理,条文,要求", "Element,Who acts,Article,What it asks for")


@dataclass(frozen=True, slots=True)
class PrintedDiagram:
    """A printed diagram: the file's bytes, its name and its kind."""

    content: bytes
    name: str
    media_type: str


@guarded("draft.view")
def print_diagram(
    desk: Desk, actor: Actor, draft: int, path: str, form: str, language: str = "zh", say: Callable[[str], str] = str
) -> PrintedDiagram:
    """Return the diagram at ``path`` with its table of clauses as ``pdf``, ``png`` or ``svg``, letters embedded; ``say`` gives its names.

    ``bpmn`` is the file itself with its drawing, for other tools.

    Raises:
        Invalid: there is no such form.
        NotFound: the draft has no diagram there that can be read.
        NoPrinter, NoChineseFont, NotPrintable: it cannot be printed here, and why.
    """
    if form not in FORMS:
        raise Invalid(Text("请选择 PDF、PNG、SVG 或 BPMN。", "Choose PDF, PNG, SVG or BPMN."))
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        package = tree_of(desk, tx, draft).package
    diagram = package.diagrams.get(path)
    if diagram is None:
        raise NotFound(
            Text(f"草稿中没有可以读出的流程图“{path}”。", f"The draft has no diagram “{path}” that can be read.")
        )
    name, whole = f"{path.rpartition('/')[2].removesuffix('.bpmn')}.{form}", drawn(package.files[path], path)
    if form == BPMN:
        return PrintedDiagram(for_other_tools(whole, path), name, FORMS[form])
    if desk.printer is None:
        raise NoPrinter(
            Text("此处没有打印功能，请在浏览器中打印。", "Nothing can be printed here: print from the browser.")
        )
    day = local_date(desk.clock.now())
    note = f"{package.jurisdiction.text.pick(language)} · {package.award.text.pick(language)} · {row.title} · {day.isoformat()}"
    rows = list(clause_rows(package, diagram, language))
    sheet = {
        "title": say(diagram.name) or diagram.process_id,
        "note": note,
        "head": _HEAD.pick(language).split(","),
        "rows": rows,
    }
    made = desk.printer.draw(sheet, picture_of(read_diagram(in_words(whole, path, say), path)), form)
    return PrintedDiagram(made, name, FORMS[form])


MOST = 200
_NAMES = {
    "name": Text("名称", "name"), "id": Text("编号", "id"), "role": Text("角色", "role"), "form": Text("表单", "form"),
    "clauses": Text("条款", "clauses"), "operation": Text("服务操作", "operation"), "message": Text("消息", "message"),
    "timer": Text("时间", "timer"), "condition": Text("条件", "condition"), "table": Text("决策表", "table"),
    "called": Text("调用的流程", "called process"), "due": Text("期限", "time limit"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DiagramHit:
    """A place where the words were found: ``where`` names the field, ``text`` is what stands in it."""

    path: str
    diagram: str
    element: str
    name: str
    where: Text
    text: str


@guarded("draft.view")
def search_diagrams(desk: Desk, actor: Actor, draft: int, words: str) -> tuple[DiagramHit, ...]:
    """Return where all of ``words`` stand in one field of an element, at most 200 places; nothing for no words."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        package = tree_of(desk, tx, draft).package
    wanted = words.lower().split()
    if not wanted:
        return ()
    hits = []
    for hit in _iterate_places(package):
        if all(word in hit.text.lower() for word in wanted):
            hits.append(hit)
            if len(hits) == MOST:
                break
    return tuple(hits)


def _iterate_places(package: Package) -> Iterator[DiagramHit]:
    names = names_apart(((path, PieceKind.DIAGRAM, title_of(package, path)) for path in package.diagrams), package)
    for diagram in package.diagrams.values():
        seen = set[tuple[str, str]]()
        for element, name, where, text in _iterate_texts(package, diagram):
            drawn = diagram.elements.get(element)
            operation = drawn.operation.operation if drawn and drawn.operation else ""
            if text and (element, text) not in seen:
                seen.add((element, text))
                field_label = (
                    None
                    if drawn and drawn.operation and where in drawn.operation.parameters
                    else _NAMES.get(where) or FIELDS.get(where)
                )
                label = field_label or parameter_name(operation, where)
                yield DiagramHit(diagram.file, names[diagram.file], element, name or element, label, text)


def _iterate_texts(package: Package, diagram: Diagram) -> Iterator[tuple[str, str, str, str]]:
    """Yield (element, its name, field, text) of everything that stands in a diagram."""
    for element in diagram.elements.values():
        texts_by_field = {
            "name": element.name,
            "id": element.id,
            "clauses": " ".join(f"{ident} {package.law.article(ident)}" for ident in element.clauses),
            "operation": element.operation.operation if element.operation else "",
            "message": element.message,
            "timer": element.timer.expression if element.timer else "",
            "table": element.decision,
            "called": element.called,
            **{name: text for name, text in element.properties.items() if name != "clauses"},
        }
        parameters = element.operation.parameters if element.operation else {}
        for where, text in (*texts_by_field.items(), *parameters.items()):
            yield element.id, element.name, where, text
    for flow in diagram.flows.values():
        for where, text in (("name", flow.name), ("id", flow.id), ("condition", flow.condition)):
            yield flow.id, flow.name, where, text
