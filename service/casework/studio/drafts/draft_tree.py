"""The files of a draft: what it was opened from, overlaid by the newest change of each."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from types import MappingProxyType
from weakref import WeakKeyDictionary

from service.casework.desk.desk import Desk
from service.casework.desk.packages import unpack_files
from service.catalog import Package, Problem
from service.catalog.closure import collect_award_files
from service.catalog.patterns.patterns import fill_patterns
from service.catalog.scenarios.proofs import with_proofs
from service.catalog.tree import Files
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import Store, Transaction
from service.store.models import DraftRevisionRow

_MOST = 16
"""Drafts whose files are kept in the memory of one process."""


@dataclass(frozen=True, slots=True, eq=False)
class DraftTree:
    """A draft at a revision, standing on version ``version``.

    ``base`` are the files it was opened from, ``files`` what it holds now, patterns unfilled, ``filled`` the same with
    what patterns make; ``package`` is what would be published, ``unfilled`` what is wrong with the use of patterns.
    """

    revision: int
    version: str | None
    base: Files
    files: Files
    filled: Files
    package: Package
    unfilled: tuple[Problem, ...]

    def opened(self, path: str) -> bytes | None:
        """Return a file as an editor opens it: as it stands, a form with its uses of patterns; else what a pattern makes."""
        return self.files.get(path, self.filled.get(path))


class _TreesOfStore:
    """Trees of one database by draft; only the newest revision of each."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.trees: dict[int, DraftTree] = {}


_KNOWN: WeakKeyDictionary[Store, _TreesOfStore] = WeakKeyDictionary()
_LOCK = Lock()


def tree_of(desk: Desk, tx: Transaction, draft: int) -> DraftTree:
    """Return the files of ``draft`` at its newest revision; who may see it was asked before.

    Raises:
        NotFound: there is no such draft.
        Invalid: its award.yaml is gone.
    """
    row = tx.package_drafts.brief(draft)
    cache = _get_trees(desk)
    with cache.lock:
        tree = cache.trees.get(draft)
    if tree is None or (tree.revision, tree.version) != (row.revision, row.base):
        tree = _read_tree(desk, tx, draft, tree.base if tree and tree.version == row.base else None)
        cache_draft_tree(desk, draft, tree)
    return tree


def tree_at(desk: Desk, tx: Transaction, draft: int, revision: int) -> DraftTree:
    """Return the files of ``draft`` as they were at an earlier ``revision``; 0 is the draft as it was opened."""
    now = tree_of(desk, tx, draft)
    if revision >= now.revision:
        return now
    files = _apply_changes(now.base, tx.draft_revisions.newest(draft, revision))
    return _build_tree(desk, tx.package_drafts.brief(draft).package, revision, now.version, now.base, files)


def tree_for_entry(
    desk: Desk, tx: Transaction, draft: int, opened: int | None, entry: Callable[[DraftTree], object]
) -> DraftTree:
    """Return the draft as it is, where ``entry`` stands as a page showed it at revision ``opened`` (None: now).

    Else the draft as it was then: what is written from it is an older version, which no save takes.
    """
    now = tree_of(desk, tx, draft)
    if opened is None or opened >= now.revision:
        return now
    then = tree_at(desk, tx, draft, max(0, opened))
    return now if entry(then) == entry(now) else then


def require_unchanged_entry(
    desk: Desk, tx: Transaction, draft: int, opened: int | None, entry: Callable[[DraftTree], object]
) -> None:
    """Raise Conflict where ``entry`` no longer stands as a page showed it at revision ``opened`` (None: it says nothing)."""
    if tree_for_entry(desk, tx, draft, opened, entry).revision != tree_of(desk, tx, draft).revision:
        raise Conflict(
            Text(
                "打开本页之后，这里又保存过，没有改动。请重新打开本页，看清现在的内容再做。",
                "This was saved again after the page was opened, so nothing was changed: reopen the page and see what stands now.",
            )
        )


def package_of(desk: Desk, draft: int) -> Package:
    """Return the package that ``draft`` would publish now; raises as `tree_of`."""
    with desk.store.read() as tx:
        return tree_of(desk, tx, draft).package


@lru_cache(maxsize=_MOST)
def offered_by(tree: DraftTree) -> Package:
    """Return the package with everything that it could use: shared pieces and forms that nothing in it names yet, too."""
    return Package.from_files(tree.filled, tree.package.operations)


def get_containing_package(tree: DraftTree, path: str) -> Package:
    """Return the package that has the file ``path``: with all that could be used where nothing uses it yet, as a copied form."""
    return tree.package if path in tree.package.files or path not in tree.filled else offered_by(tree)


def raw_files(tx: Transaction, draft: int, base: Files) -> Files:
    """Return ``base`` overlaid by the newest change of each file of ``draft``."""
    return _apply_changes(base, tx.draft_revisions.newest(draft))


def _apply_changes(base: Files, changes: Iterable[DraftRevisionRow]) -> Files:
    files = dict(base)
    for row in changes:
        content = unpack_content(row.content)
        if content is None:
            files.pop(row.path, None)
        else:
            files[row.path] = content
    return MappingProxyType(files)


def extend_draft_tree(desk: Desk, key: str, tree: DraftTree, files: Files) -> DraftTree:
    """Return the tree that follows ``tree`` by one revision and holds the raw ``files``; raises Invalid."""
    return _build_tree(desk, key, tree.revision + 1, tree.version, tree.base, files)


def cache_draft_tree(desk: Desk, draft: int, tree: DraftTree) -> None:
    """Keep the newest tree of a draft, so that it is not put together again."""
    cache = _get_trees(desk)
    with cache.lock:
        cache.trees.pop(draft, None)
        while len(cache.trees) >= _MOST:
            cache.trees.pop(next(iter(cache.trees)))
        cache.trees[draft] = tree


def pack_content(content: bytes | None) -> bytes | None:
    """Return a file as a revision keeps it."""
    return None if content is None else zlib.compress(content)


def unpack_content(content: bytes | None) -> bytes | None:
    """Return the inverse of `pack_content`."""
    return None if content is None else zlib.decompress(content)


def hash_of(content: bytes | None) -> str:
    """Return the mark by which a stale save is recognised: SHA-256 in hexadecimal, "" for a file that is not there."""
    return "" if content is None else hashlib.sha256(content).hexdigest()


def _read_tree(desk: Desk, tx: Transaction, draft: int, base: Files | None) -> DraftTree:
    row = tx.package_drafts.brief(draft) if base is not None else tx.package_drafts.get(draft)
    before: Mapping[str, bytes] = base if base is not None else MappingProxyType(unpack_files(row.sources))
    files = raw_files(tx, draft, before)
    return _build_tree(desk, row.package, row.revision, row.base, before, files)


def _build_tree(desk: Desk, key: str, revision: int, version: str | None, base: Files, files: Files) -> DraftTree:
    filled, unfilled = fill_patterns(files)
    jurisdiction, award = key.split("/")
    package = with_proofs(
        Package.from_files(collect_award_files(filled, jurisdiction, award), desk.operations, before=base), filled
    )
    return DraftTree(revision, version, base, files, filled, package, unfilled)


def _get_trees(desk: Desk) -> _TreesOfStore:
    with _LOCK:
        return _KNOWN.setdefault(desk.store, _TreesOfStore())
