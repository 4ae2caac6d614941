"""What is wrong with a draft, told as it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.comparison import check_whole
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.drafts.last_check import counted, keep_check, last_check
from service.catalog import Package, Problem
from service.catalog.check import is_unreadable
from service.catalog.names.page_names import on_pages
from service.catalog.rules.scenarios import check_scenarios
from service.catalog.rules.standing import told_alone
from service.store import Store


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """Every problem of a draft at a revision, errors first.

    Not ``whole`` where a file of it cannot be read: then only that is told, and nothing else was looked at.
    """

    revision: int
    problems: tuple[Problem, ...]
    whole: bool


_MOST_DRAFTS = 8


class _Findings(dict[object, Any]):
    """What a check finds or takes over from the check before; what it does not ask for is gone afterwards.

    Kept without end, every change of a large package would leave some megabytes behind.
    """

    def __init__(self, before: dict[object, Any]) -> None:
        super().__init__()
        self._before = before

    def __contains__(self, key: object) -> bool:
        if super().__contains__(key):
            return True
        if key not in self._before:
            return False
        self[key] = self._before[key]
        return True

    def settled(self) -> dict[object, Any]:
        """Return what the next check may take over."""
        return dict(self)


class _Memory:
    """What was found of one draft; one check at a time."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.known: dict[object, Any] = {}
        self.last: CheckedDraft | None = None


_MEMORIES: WeakKeyDictionary[Store, dict[int, _Memory]] = WeakKeyDictionary()
_LOCK = Lock()


@guarded("draft.view")
def check_draft(desk: Desk, actor: Actor, draft: int) -> CheckedDraft:
    """Return the problems of ``draft``; only what changed since the last call is looked at again."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    checked = known_problems(desk, draft, tree)
    if last_check(row) != counted(checked.problems):
        keep_check(desk, draft, checked.problems, checked.revision)
    return checked


def known_problems(desk: Desk, draft: int, tree: DraftTree) -> CheckedDraft:
    """Return the problems of ``draft``, whose newest files are ``tree``; one check at a time."""
    memory = _memory(desk.store, draft)
    with memory.lock:
        if memory.last is None or memory.last.revision != tree.revision:
            findings = _Findings(memory.known)
            whole = not is_unreadable(tree.package)
            memory.last = CheckedDraft(tree.revision, problems_of(tree, findings), whole)
            memory.known = findings.settled()
        return memory.last


def _memory(store: Store, draft: int) -> _Memory:
    """Return what is known of ``draft``; the draft that was asked about longest ago is forgotten first."""
    with _LOCK:
        memories = _MEMORIES.setdefault(store, {})
        memories[draft] = memory = memories.pop(draft, None) or _Memory()
        while len(memories) > _MOST_DRAFTS:
            memories.pop(next(iter(memories)))
    return memory


def problems_of(tree: DraftTree, memory: dict[object, Any] | None = None) -> tuple[Problem, ...]:
    """Return every problem of a tree: of its package, of its scenarios, and of what it makes of patterns.

    A fault that was published before there was a rule against it is a warning: it holds up nothing else.
    """
    whole = told_alone(check_whole(tree.package, memory), tree.base, tree.files)
    found = [*tree.unfilled, *whole, *_of_scenarios(tree.package, tree.filled)]
    return tuple(dict.fromkeys(on_pages(tree.package, problem) for problem in found))


def _of_scenarios(package: Package, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    if is_unreadable(package):
        return ()
    return tuple(check_scenarios(package, files))
