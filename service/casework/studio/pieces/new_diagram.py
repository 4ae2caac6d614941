"""Begin a diagram in a draft: a pool named after the city, a start, one task of a role, an end."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.casework.studio.pieces.import_diagram import path_of_diagram
from service.catalog.layout.draw import layout_diagram
from service.catalog.layout.lane_names import lane_names
from service.domain.errors import Invalid
from service.domain.text import Text

_LONGEST = 60
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
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft, "draft.edit")
        tree = tree_of(desk, tx, draft)
    title = title.strip()
    if not title or len(title) > _LONGEST:
        raise Invalid(
            Text(f"请给流程图起名，最多 {_LONGEST} 个字。", f"Name the diagram, with {_LONGEST} characters at most.")
        )
    place = tree.package.jurisdiction
    if role not in place.roles:
        raise Invalid(Text("请选择第一个任务由谁办理。", "Choose who does the first task."))
    path = path_of_diagram(tree, row.package, name, title)
    process = f"{place.id}_{path.rpartition('/')[2].removesuffix('.bpmn')}"
    begun = _BEGUN.format(process=process, title=quoteattr(title), role=quoteattr(role))
    return save_file(desk, actor, draft, path, layout_diagram(begun.encode(), path, *lane_names(place)), None)
