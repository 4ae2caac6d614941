"""Print a diagram of a draft with the clauses that its elements carry out, for a meeting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.documents.produce_document import NoPrinter
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.catalog.bpmn.in_words import in_words
from service.catalog.bpmn.picture import picture_of
from service.catalog.bpmn.read import read_diagram
from service.catalog.handbook.clause_rows import clause_rows
from service.catalog.layout.drawn import drawn
from service.catalog.source.format_xml import for_other_tools
from service.domain.calendar.clock import local_date
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text

BPMN = "bpmn"
FORMS = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml", BPMN: "application/xml"}
_HEAD = Text("图元,由谁办理,条文,要求", "Element,Who acts,Article,What it asks for")


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
