"""What is wrong with a draft, told as it is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.check import check_whole
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import CHECKED, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, extend_draft_tree, tree_of
from service.catalog import Package, Problem, Severity
from service.catalog.check import is_unreadable
from service.catalog.rules.context import prepare_check
from service.catalog.rules.literals import literals_of_diagrams, literals_of_tables
from service.catalog.rules.places import add_place
from service.catalog.rules.scenarios import check_beside
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import Store
from service.store.models import PackageDraftRow


@dataclass(frozen=True, slots=True)
class LastCheck:
    """Errors hold up the publication of a draft, warnings do not.

    ``current``: the draft was not changed since; what was found of an earlier state says nothing of the newest change.
    """

    errors: int
    warnings: int
    current: bool = True

    @property
    def is_clean(self) -> bool:
        """Tell whether the newest change was checked and nothing found."""
        return self.current and not self.errors and not self.warnings


def last_check(row: PackageDraftRow) -> LastCheck | None:
    """Return what the last check of a draft found, None where it was never checked."""
    check_record = (row.details or {}).get(CHECKED)
    if not check_record:
        return None
    return LastCheck(
        int(check_record["errors"]), int(check_record["warnings"]), check_record.get("revision") == row.revision
    )


def counted(problems: Sequence[Problem]) -> LastCheck:
    """Count errors and warnings."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    return LastCheck(errors, sum(problem.severity is Severity.WARNING for problem in problems))


def keep_check(desk: Desk, draft: int, problems: Sequence[Problem], revision: int) -> None:
    """Keep how many ``problems`` a check found in the files at ``revision``; who submits or reviews the draft at that moment goes first."""
    totals = counted(problems)
    with desk.store.write() as tx:
        row = tx.package_drafts.brief(draft)
        check_record = {"errors": totals.errors, "warnings": totals.warnings, "revision": revision}
        details = {**(row.details or {}), CHECKED: check_record}
        tx.package_drafts.change_where({"id": draft, "changed_at": row.changed_at}, details=details)


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

    def get(self, key: object, default: Any = None) -> Any:
        return super().get(key, default) if key in self else default

    def settled(self) -> dict[object, Any]:
        """Return what the next check may take over."""
        return dict(self)


class _Memory:
    """What was found of one draft, standing on ``version``; one check at a time."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.known: dict[object, Any] = {}
        self.last: CheckedDraft | None = None
        self.version: str | None = None


_MEMORIES: WeakKeyDictionary[Store, dict[int, _Memory]] = WeakKeyDictionary()
_LOCK = Lock()


@guarded("draft.view")
def check_draft(desk: Desk, actor: Actor, draft: int) -> CheckedDraft:
    """Return the problems of ``draft``; only what changed since the last call is looked at again."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    checked = load_draft_problems(desk, draft, tree)
    if last_check(row) != counted(checked.problems):
        keep_check(desk, draft, checked.problems, checked.revision)
    return checked


def load_draft_problems(desk: Desk, draft: int, tree: DraftTree) -> CheckedDraft:
    """Return the problems of ``draft``, whose newest files are ``tree``; one check at a time."""
    memory = _get_memory(desk.store, draft)
    with memory.lock:
        if memory.last is None or (memory.last.revision, memory.version) != (tree.revision, tree.version):
            findings = _Findings(memory.known)
            whole = not is_unreadable(tree.package)
            memory.last = CheckedDraft(tree.revision, problems_of(tree, findings), whole)
            memory.version = tree.version
            memory.known = findings.settled()
        return memory.last


def find_known_check(desk: Desk, draft: int, version: str | None) -> CheckedDraft | None:
    """Return what this process found last of ``draft`` while it stood on ``version``, without a check."""
    memory = _get_memory(desk.store, draft)
    return memory.last if memory.version == version else None


def _get_memory(store: Store, draft: int) -> _Memory:
    """Return what is known of ``draft``; the draft that was asked about longest ago is forgotten first."""
    with _LOCK:
        memories = _MEMORIES.setdefault(store, {})
        memories[draft] = memory = memories.pop(draft, None) or _Memory()
        while len(memories) > _MOST_DRAFTS:
            memories.pop(next(iter(memories)))
    return memory


def problems_of(tree: DraftTree, memory: dict[object, Any] | None = None) -> tuple[Problem, ...]:
    """Return every problem of a tree: of its package, of its scenarios, and of what it makes of patterns."""
    problems = [*tree.unfilled, *check_whole(tree.package, memory), *_of_scenarios(tree.package, tree.filled)]
    return tuple(dict.fromkeys(problems))


def _of_scenarios(package: Package, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    if is_unreadable(package):
        return ()
    return tuple(check_beside(package, files))


_MOST_SAID = 5
_TYPED = (
    Text("下列数超出了取值界限，这张表没有保存", "These numbers are beyond the law, and the table was not saved"),
    Text(
        "请改正这一格；您的其他改动还在，改正以后一起保存。",
        "Correct the cell: your other changes stay and are saved with it.",
    ),
)
_DRAWN = (
    Text("下列数超出了取值界限，这张图没有保存", "These numbers are beyond the law, and the diagram was not saved"),
    Text(
        "请在图形上改正；您的其他改动还在，改正以后一起保存。",
        "Correct them on the element: your other changes stay and are saved with it.",
    ),
)


def require_lawful_cells(desk: Desk, key: str, tree: DraftTree, path: str, content: bytes) -> None:
    """Raise Invalid, with the article, where ``content`` says a number beyond the law that the table does not say yet."""
    trial = extend_draft_tree(desk, key, tree, {**tree.files, path: content})
    old_problems = set(_list_unlawful(tree.package, path))
    _raise_unlawful(
        [problem for problem in _list_unlawful(trial.package, path) if problem not in old_problems], *_TYPED
    )


def require_lawful_diagram(desk: Desk, key: str, tree: DraftTree, path: str, content: bytes | None) -> DraftTree | None:
    """Return the tree in which a diagram is changed to ``content``; None where none is.

    Raises Invalid, with the article, where that says a number beyond the law that the diagram does not say yet.
    """
    if content is None or tree.opened(path) in (None, content) or not path.endswith(".bpmn"):
        return None
    trial = extend_draft_tree(desk, key, tree, {**tree.files, path: content})
    beyond = _drawn_beyond(trial.package, path)
    if beyond:
        old_problems = set(_drawn_beyond(tree.package, path))
        _raise_unlawful([problem for problem in beyond if problem not in old_problems], *_DRAWN)
    return trial


def _drawn_beyond(package: Package, path: str) -> list[Problem]:
    checked = prepare_check(package)
    diagrams = [diagram for diagram in checked.diagrams.values() if diagram.file == path]
    return [
        add_place(package, problem)
        for drawn_diagram in diagrams
        for problem in literals_of_diagrams.find(checked.only(drawn_diagram))
    ]


def _list_unlawful(package: Package, path: str) -> list[Problem]:
    if path not in {table.file for table in package.tables.values()}:
        return []
    problems = literals_of_tables.find(prepare_check(package))
    return [add_place(package, problem) for problem in problems if problem.file == path]


def _raise_unlawful(beyond: Sequence[Problem], before: Text, after: Text) -> None:
    if not beyond:
        return
    labelled = [(problem.place or Text(problem.element, problem.element), problem.message) for problem in beyond]
    zh = "".join(f"{place.zh}：{message.zh}" for place, message in labelled[:_MOST_SAID])
    en = " ".join(f"{place.en}: {message.en}" for place, message in labelled[:_MOST_SAID])
    raise Invalid(Text(f"{before.zh}。{zh}{after.zh}", f"{before.en}. {en} {after.en}"))
