"""New diagrams of a draft: begun with one task, or taken from a BPMN file."""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.catalog.bpmn.foreign import is_drawn, strip_additions
from service.catalog.bpmn.read import UnsoundDiagram, read_diagram
from service.catalog.layout.draw import layout_diagram
from service.catalog.layout.lane_names import lane_names
from service.catalog.made_id import made_id
from service.catalog.tree import below, stem
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
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
    package, tree = _open(desk, actor, draft)
    title = title.strip()
    if not title or len(title) > _LONGEST:
        raise Invalid(
            Text(f"请给流程图起名，最多 {_LONGEST} 个字。", f"Name the diagram, with {_LONGEST} characters at most.")
        )
    place = tree.package.jurisdiction
    if role not in place.roles:
        raise Invalid(Text("请选择第一个任务由谁办理。", "Choose who does the first task."))
    path = _new_path(tree, package, name, title)
    process = f"{place.id}_{stem(path)}"
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
    package, tree = _open(desk, actor, draft)
    path = _new_path(tree, package, name, stem(sent))
    file = sent or stem(path)  # what cannot be read is named as the file came
    stripped, tools = strip_additions(content, file)
    try:
        read_diagram(stripped, file)
    except UnsoundDiagram as unsound:
        raise Invalid(_list_faults(unsound)) from unsound
    if not is_drawn(stripped, file):
        stripped = layout_diagram(stripped, path, *lane_names(tree.package.jurisdiction))
    return save_file(desk, actor, draft, path, stripped, None), tools


def _open(desk: Desk, actor: Actor, draft: int) -> tuple[str, DraftTree]:
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft, "draft.edit")
        return row.package, tree_of(desk, tx, draft)


def _new_path(tree: DraftTree, package: str, name: str, title: str) -> str:
    """Return the path of a new diagram called ``title``; raises Invalid for what is no file's name, Conflict where it is taken."""
    name = name.strip() or made_id(title, {stem(path) for path in below(tree.filled, f"processes/{package}", ".bpmn")})
    name = name.removesuffix(".bpmn")
    if not _NAME.fullmatch(name):
        raise Invalid(
            Text(
                f"“{name[:60]}”不能作文件名：请用小写拉丁字母、数字和下划线，以字母开头，例如 second_review。",
                f"“{name[:60]}” cannot be a file's name: use small Latin letters, digits and underscores, such as second_review.",
            )
        )
    path = f"processes/{package}/{name}.bpmn"
    if path in tree.filled:
        raise Conflict(
            Text(f"草稿里已经有“{path}”，请换一个文件名。", f"The draft has “{path}” already: choose another name.")
        )
    return path


def _list_faults(unsound: UnsoundDiagram) -> Text:
    shown = unsound.faults[:_MOST_FAULTS]
    zh = "".join(f"{fault.message.zh}{fault.remedy.zh}" for fault in shown)
    en = " ".join(f"{fault.message.en} {fault.remedy.en}" for fault in shown)
    return Text(
        f"这张图打不开，请在原来的软件里改好后再导入。{zh}",
        f"This diagram cannot be opened; mend it where it was drawn and take it in again. {en}",
    )
