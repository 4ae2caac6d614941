"""Shared pieces: which cities use each, what a change of one would mean for the others, and taking a version over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from threading import Lock
from weakref import WeakKeyDictionary

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.desk.packages import unpack_files
from service.casework.reading.published import published
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.catalog import Package
from service.catalog.differences.differences import FileDifference, file_difference
from service.catalog.patterns.patterns import DIAGRAMS, FORMS, USES, pattern_of
from service.catalog.pieces.piece_kinds import (
    PieceKind,
    get_default_title,
    kind_of,
    pattern_name,
    takers_of_pattern,
    title_in,
    title_of,
)
from service.catalog.source.yaml import YamlMistake, parse_yaml, to_plain_value
from service.catalog.tree import Files, get_file_stem
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Store, Transaction

_PATTERNS = (f"{FORMS}/", f"{DIAGRAMS}/")
_MOST = 32
"""Published versions of which the sources are kept in the memory of one process."""


@dataclass(frozen=True, slots=True)
class SharedUse:
    """A package that uses a shared piece: ``content`` is its published copy, None where only what it makes of it is known."""

    key: str
    city: Text
    content: bytes | None


@dataclass(frozen=True, slots=True)
class SharedLine:
    """A shared piece in the list: the packages that use it; ``here`` tells whether the draft's own does."""

    path: str
    kind: PieceKind
    title: str
    pattern: bool
    changed: bool
    here: bool
    others: tuple[SharedUse, ...]


@dataclass(frozen=True, slots=True)
class OtherCopy:
    """The published copy of another package beside the draft's: what would change there if it took the draft's over."""

    use: SharedUse
    difference: FileDifference | None

    @property
    def same(self) -> bool:
        """Whether its copy says what the draft says."""
        return self.use.content is not None and self.difference is None


@dataclass(frozen=True, slots=True)
class SharedView:
    """A shared piece of a draft with the copies of the others."""

    line: SharedLine
    own: FileDifference | None
    copies: tuple[OtherCopy, ...]


@guarded("draft.view")
def list_shared(desk: Desk, actor: Actor, draft: int) -> tuple[SharedLine, ...]:
    """Return every shared piece of a draft, used or not, with the packages that use it."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        places = _list_places(desk, tx, row.package)
    return tuple(_build_line(tree, row.package, path, places) for path in sorted(tree.files) if is_shared_piece(path))


@guarded("draft.view")
def view_shared(desk: Desk, actor: Actor, draft: int, path: str) -> SharedView:
    """Return one shared piece with the copies of the others; raises NotFound."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        places = _list_places(desk, tx, row.package)
    if path not in tree.files or not is_shared_piece(path):
        raise NotFound(Text(f"没有共用件“{path}”。", f"There is no shared piece “{path}”."))
    line = _build_line(tree, row.package, path, places)
    content, before = tree.files[path], tree.base.get(path)
    copies = tuple(OtherCopy(use, _find_difference(path, use.content, content)) for use in line.others)
    return SharedView(line, _find_difference(path, before, content), copies)


@guarded("draft.edit")
def take_piece(desk: Desk, actor: Actor, draft: int, path: str, key: str) -> Saved:
    """Put the published copy of a shared piece that package ``key`` uses into ``draft``; raises NotFound, DraftConflict."""
    view = view_shared(desk, actor, draft, path)
    content = next((copy.use.content for copy in view.copies if copy.use.key == key), None)
    if content is None:
        raise NotFound(
            Text(f"“{key}”没有发布过共用件“{path}”。", f"“{key}” has no published copy of the shared piece “{path}”.")
        )
    return save_file(desk, actor, draft, path, content, _find_mark(desk, actor, draft, path), f"采用 {key} 的版本")


def is_shared_piece(path: str) -> bool:
    """Tell whether a file is a diagram, table, form or document that several cities may use, or a pattern of one."""
    kinds = (PieceKind.DIAGRAM, PieceKind.TABLE, PieceKind.FORM, PieceKind.DOCUMENT)
    return path.split("/")[1:2] == ["shared"] and kind_of(path) in kinds


def _find_mark(desk: Desk, actor: Actor, draft: int, path: str) -> str | None:
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        content = tree_of(desk, tx, draft).opened(path)
    return hash_of(content) or None


def _find_difference(path: str, left: bytes | None, right: bytes) -> FileDifference | None:
    return None if left is None or left == right else file_difference(path, left, right)


@dataclass(frozen=True, slots=True)
class _Place:
    """What is published of a package: its name, the files of its version, and those it was made from where they are kept."""

    key: str
    city: Text
    files: Files
    sources: Files
    patterns: frozenset[str]


def _list_places(desk: Desk, tx: Transaction, draft_key: str) -> tuple[_Place, ...]:
    return tuple(_get_place(desk, tx, package) for package in published(desk, tx).packages if package.key != draft_key)


_KNOWN: WeakKeyDictionary[Store, dict[str, _Place]] = WeakKeyDictionary()
_LOCK = Lock()


def _get_place(desk: Desk, tx: Transaction, package: Package) -> _Place:
    """Return a published package with its sources and the patterns it takes, put together once per version."""
    with _LOCK:
        cached_place = _KNOWN.setdefault(desk.store, {}).get(package.version)
    if cached_place is not None:
        return cached_place
    packed = tx.definitions.get(package.version).sources
    sources = unpack_files(packed) if packed else {}
    patterns = frozenset(path for path in sources if path.startswith(_PATTERNS) and takes(sources, package.key, path))
    place = _Place(package.key, package.jurisdiction.text, package.files, sources, patterns)
    with _LOCK:
        places = _KNOWN.setdefault(desk.store, {})
        places[package.version] = place
        while len(places) > _MOST:
            places.pop(next(iter(places)))
    return place


def _build_line(tree: DraftTree, key: str, path: str, places: tuple[_Place, ...]) -> SharedLine:
    pattern = path.startswith(_PATTERNS)
    is_used = takes(tree.files, key, path) if pattern else path in tree.package.files
    others = tuple(use for place in places if (use := _find_use(place, path, pattern)) is not None)
    title = _get_title(tree, path)
    return SharedLine(path, kind_of(path), title, pattern, tree.base.get(path) != tree.files[path], is_used, others)


def _find_use(place: _Place, path: str, pattern: bool) -> SharedUse | None:
    used = path in (place.patterns if pattern else place.files)
    content = place.sources.get(path, place.files.get(path))
    return SharedUse(place.key, place.city, content) if used else None


def takes(files: Mapping[str, bytes], key: str, path: str) -> bool:
    """Tell whether the city of package ``key`` makes a form, diagram or table of the pattern ``path``."""
    if path.startswith(f"{DIAGRAMS}/"):
        return any(pattern_of(files, made) == path for made in _iterate_pattern_pieces(files, key))
    city = key.partition("/")[0]
    waiting, seen = [path], set[str]()
    while waiting:
        takers = set(takers_of_pattern(files, get_file_stem(waiting.pop()))) - seen
        if any(city in PurePosixPath(taker).parts[:2] for taker in takers):
            return True
        seen |= takers
        waiting += [taker for taker in takers if taker.startswith(f"{FORMS}/")]
    return False


def _iterate_pattern_pieces(files: Mapping[str, bytes], key: str) -> Iterator[str]:
    """Yield the diagrams and tables that an award makes of patterns."""
    uses = f"processes/{key}/{USES}"
    try:
        pattern_uses = to_plain_value(parse_yaml(files[uses], uses)) if uses in files else {}
    except YamlMistake:
        return
    yield from (f"processes/{key}/{name}" for name in (pattern_uses if isinstance(pattern_uses, dict) else {}))


def _get_title(tree: DraftTree, path: str) -> str:
    if path.startswith(_PATTERNS):
        return pattern_name(tree.files, path)
    title = title_of(tree.package, path) if path in tree.package.files else title_in(tree.files[path], path)
    return get_default_title(path) if title == get_file_stem(path) else title
