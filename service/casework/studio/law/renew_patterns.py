"""Draw for a clause in a draft that keeps older copies of the patterns a place begins with: they are renewed on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from service.casework.studio.drafts.draft_tree import DraftTree
from service.casework.studio.drafts.start_city import shared_pieces
from service.catalog.assistants.clause_drawing import draw_clause
from service.catalog.assistants.drawn_clause import Drawn, DrawnFor
from service.catalog.patterns.patterns import DIAGRAMS, SLOT_MARK, USES, PatternMistake, fill_patterns
from service.catalog.tree import Files, stem
from service.domain.errors import Invalid
from service.domain.text import Text

RENEWED = Text(
    "草稿里的起步范本是以前的样子，没有改动过，随这一步换成程序现在的范本；已经画的内容不变。",
    "The draft's copies of the first patterns were of an earlier program and unchanged: they are renewed with this step. "
    "What was drawn stays.",
)
_FIRST = ("start_round.bpmn", "start_application.bpmn")
"""The patterns of the two diagrams into which steps are drawn: what the place puts into their slots is written anew."""


def draw_renewing(tree: DraftTree, texts: Mapping[str, bytes], wanted: DrawnFor) -> tuple[Drawn, bool]:
    """Return what `draw_clause` draws over ``texts``, and whether older copies of patterns had to be renewed for it.

    Raises Invalid as `draw_clause` does, and where an older copy was changed in the draft.
    """
    files = {**tree.files, **texts}
    try:
        drawn = draw_clause(files, tree.filled, tree.package, wanted)
    except PatternMistake:
        if not _older(files):
            raise
    else:
        if _fits(tree, {**files, **drawn.files}) or not _older(files):
            return drawn, False
    newer = _renewed(tree, files)
    drawn = draw_clause({**files, **newer}, tree.filled, tree.package, wanted)
    return replace(drawn, files={**_needed(newer, {**files, **drawn.files}), **drawn.files}), True


def _fits(tree: DraftTree, files: Files) -> bool:
    """Tell whether every use of a pattern still finds its slots; what was wrong before does not count."""
    return set(fill_patterns(files)[1]) <= set(tree.unfilled)


def _older(files: Files) -> dict[str, bytes]:
    """Return the patterns that come with the program where ``files`` have them with other slots, or not at all."""
    return {
        path: content
        for path, content in shared_pieces().items()
        if path.startswith(f"{DIAGRAMS}/start_")
        and (path not in files or _slots(files[path]) != _slots(content))
        and (path.rpartition("/")[2] in _FIRST or not _used(files, path))
    }


def _slots(pattern: bytes) -> set[str]:
    return set(SLOT_MARK.findall(pattern.decode("utf-8", "replace")))


def _renewed(tree: DraftTree, files: Files) -> dict[str, bytes]:
    newer = _older(files)
    changed = [stem(path) for path in newer if path in tree.files and tree.files[path] != tree.base.get(path)]
    if changed:
        names = "、".join(changed)
        raise Invalid(
            Text(
                f"草稿里的范本“{names}”是以前的样子，而且改动过，不能自动画上这一环节。请在“历史”中把它恢复成打开草稿时的样子再来，"
                "或者在流程图中画好这一环节，再回来选图元。",
                f"The draft's copy of the pattern “{names}” is of an earlier program and was changed, so the step cannot be "
                "drawn here. Restore it in the history to what it was when the draft was opened, or draw the step on the "
                "diagram and choose its element here.",
            )
        )
    return newer


def _needed(newer: Mapping[str, bytes], files: Files) -> dict[str, bytes]:
    """Return those of the newer patterns that the place takes now."""
    return {path: content for path, content in newer.items() if path.rpartition("/")[2] in _FIRST or _used(files, path)}


def _used(files: Files, path: str) -> bool:
    name = path.rpartition("/")[2].encode()
    return any(name in content for uses, content in files.items() if uses.endswith(f"/{USES}"))
