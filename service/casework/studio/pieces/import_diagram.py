"""Look at a diagram that comes from outside before it is taken in: what was mended, and what will not run."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.check_draft import problems_of
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, grown, tree_of
from service.catalog import Problem, errors_of
from service.catalog.bpmn.foreign import Mending, is_drawn, mend_foreign
from service.catalog.bpmn.foreign_processes import foreign_processes
from service.catalog.bpmn.read import UnsoundDiagram, read_diagram
from service.catalog.layout.draw import layout_diagram
from service.catalog.layout.lane_names import lane_names
from service.catalog.made_id import made_id
from service.catalog.source.format_xml import format_root
from service.catalog.tree import below, stem
from service.domain.errors import Conflict, Invalid, LaurelError
from service.domain.text import Text

MOST_PROCESSES = 10
"""So many processes of one file are taken in at once."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class DiagramImport:
    """A diagram from outside as it would be taken in: ``content`` after the ``mended``; ``problems`` remain for a person.

    ``others`` are the further processes of the same file, each as a diagram of its own.
    """

    path: str
    content: bytes
    mended: tuple[Mending, ...]
    problems: tuple[Problem, ...]
    title: str = ""
    others: tuple[DiagramImport, ...] = ()

    @property
    def errors(self) -> int:
        """How many of the problems keep the draft from being published."""
        return len(errors_of(self.problems))


@guarded("draft.edit")
def inspect_import(desk: Desk, actor: Actor, draft: int, name: str, content: bytes, sent: str = "") -> DiagramImport:
    """Return how ``content`` would be taken into ``draft`` under the file name ``name``; nothing is written.

    Without ``name`` one is made from ``sent``, the name of the file as it came.

    Raises:
        XmlMistake: it is no BPMN with a process, or no XML that is accepted.
        Invalid: the name cannot be a file's.
        Conflict: the draft has a diagram of this name.
    """
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    path = path_of_diagram(tree, row.package, name, stem(sent))
    file = sent or stem(path)  # what cannot be read is told by the name of the file as it came
    first = _looked_at(desk, row.package, tree, path, content, file, 0)
    titles = foreign_processes(content, file)[:MOST_PROCESSES]
    taken = {stem(one) for one in below(tree.filled, f"processes/{row.package}", ".bpmn")} | {stem(path)}
    others = []
    for which, title in enumerate(titles[1:], 1):
        ident = made_id(title, taken)
        taken.add(ident)
        beside = f"processes/{row.package}/{ident}.bpmn"
        others.append(replace(_looked_at(desk, row.package, tree, beside, content, file, which), title=title))
    return replace(first, title=next(iter(titles), ""), others=tuple(others))


def _looked_at(
    desk: Desk, package: str, tree: DraftTree, path: str, content: bytes, file: str, which: int
) -> DiagramImport:
    """Return the process of ``file`` that is ``which`` by size, mended and checked at ``path``."""
    found = mend_foreign(content, file, which)
    made, done = format_root(found.root), list(found.done)
    try:
        if not is_drawn(found.root):
            made = layout_diagram(made, path, *lane_names(tree.package.jurisdiction))
            done.append(
                Mending("", "", Text("图没有画全，已重新布局", "the drawing was incomplete: it was laid out anew"))
            )
        read_diagram(made, path)
    except UnsoundDiagram as unsound:
        return DiagramImport(path, made, tuple(done), unsound.faults)
    except LaurelError as refused:
        told = Problem(
            path, "", "not_drawn", refused.message, Text("请拆成几张图再导入。", "Split it and import the parts.")
        )
        return DiagramImport(path, made, tuple(done), (told,))
    trial = grown(desk, package, tree, {**tree.files, path: made})
    return DiagramImport(path, made, tuple(done), tuple(p for p in problems_of(trial) if p.file == path))


def path_of_diagram(tree: DraftTree, package: str, name: str, title: str) -> str:
    """Return the path of a diagram called ``title`` to be added under the file ``name``, "" for one made from the title.

    Raises Invalid for what is no name, and Conflict where it is taken.
    """
    name = name.strip() or made_id(title, {stem(path) for path in below(tree.filled, f"processes/{package}", ".bpmn")})
    path = f"processes/{package}/{_file_name(name)}.bpmn"
    if path in tree.filled:
        raise Conflict(
            Text(f"草稿里已经有“{path}”，请换一个文件名。", f"The draft has “{path}” already: choose another name.")
        )
    return path


def _file_name(name: str) -> str:
    stem = name.removesuffix(".bpmn")
    if not _NAME.fullmatch(stem):
        raise Invalid(
            Text(
                f"“{name[:60]}”不能作文件名：请用小写拉丁字母、数字和下划线，以字母开头，例如 second_review。",
                f"“{name[:60]}” cannot be a file's name: use small Latin letters, digits and underscores, such as second_review.",
            )
        )
    return stem
