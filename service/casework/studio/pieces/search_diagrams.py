"""Find an element in all diagrams of a draft: by its name, its id, or anything that it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.catalog import Diagram, Package
from service.catalog.differences.words import FIELDS
from service.catalog.pieces.piece_kinds import PieceKind, names_apart, title_of
from service.catalog.wording.word_lists import parameter_name
from service.domain.text import Text

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
    for hit in _places(package):
        if all(word in hit.text.lower() for word in wanted):
            hits.append(hit)
            if len(hits) == MOST:
                break
    return tuple(hits)


def _places(package: Package) -> Iterator[DiagramHit]:
    names = names_apart((path, PieceKind.DIAGRAM, title_of(package, path)) for path in package.diagrams)
    for diagram in package.diagrams.values():
        seen = set[tuple[str, str]]()
        for element, name, where, text in _texts(package, diagram):
            drawn = diagram.elements.get(element)
            operation = drawn.operation.operation if drawn and drawn.operation else ""
            if text and (element, text) not in seen:
                seen.add((element, text))
                known = (
                    None
                    if drawn and drawn.operation and where in drawn.operation.parameters
                    else _NAMES.get(where) or FIELDS.get(where)
                )
                label = known or parameter_name(operation, where)
                yield DiagramHit(diagram.file, names[diagram.file], element, name or element, label, text)


def _texts(package: Package, diagram: Diagram) -> Iterator[tuple[str, str, str, str]]:
    """Yield (element, its name, field, text) of everything that stands in a diagram."""
    for element in diagram.elements.values():
        said = {
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
        for where, text in (*said.items(), *parameters.items()):
            yield element.id, element.name, where, text
    for flow in diagram.flows.values():
        for where, text in (("name", flow.name), ("id", flow.id), ("condition", flow.condition)):
            yield flow.id, flow.name, where, text
