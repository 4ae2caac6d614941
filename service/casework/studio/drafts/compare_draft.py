"""Two sides of a procedure beside each other: drafts, their revisions, versions and cities."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.desk.packages import unpack_files
from service.casework.queries.law.versions import studied_cities, studied_package
from service.casework.reading.published import version_names
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_at, tree_of
from service.catalog import Package
from service.catalog.bpmn.model import Diagram
from service.catalog.compare import Comparison, compare
from service.catalog.differences.differences import (
    FieldDifference,
    FileDifference,
    PieceChange,
    RecordDifference,
    file_differences,
)
from service.catalog.layout.drawn import drawn, is_diagram
from service.catalog.names.field_names import naming_of
from service.catalog.patterns.patterns import fill_patterns
from service.catalog.pieces.piece_kinds import PieceKind, kind_of, title_of
from service.catalog.tree import Files
from service.catalog.wording.word_lists import parameter_name
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PackageDraftRow

_SAID_BY_SUBJECT = ("id", "key", "name", "article")
"""What a record that only one side has is called by already."""
_OWN_ID = "“id”"
"""The entry by which a file that only one side has is named for programs; people are told its title."""
Say = Callable[[Text], str]
"""Picks the reader's language."""
_LITERAL = re.compile(r'"(\w+)"')


def named_difference(found: FileDifference, left: Package, right: Package, say: Say) -> FileDifference:
    """Return ``found`` with names for the ids that its records say, in the language of ``say``.

    An id that its side does not know stays as it is.
    """
    told = (each for each in found.records if found.change is PieceChange.CHANGED or each.subject.zh != _OWN_ID)
    return replace(found, records=tuple(_record(each, found.path, left, right, say) for each in told))


def _record(found: RecordDifference, path: str, left: Package, right: Package, say: Say) -> RecordDifference:
    operation = next((f.right or f.left for f in found.fields if f.name == "operation"), None)
    whole = found.change in (PieceChange.ADDED, PieceChange.REMOVED)
    told = [each for each in found.fields if not (whole and each.name in _SAID_BY_SUBJECT)]

    def field(one: FieldDifference) -> FieldDifference:
        sides = _name_ids(left, path, one.name, one.left, say), _name_ids(right, path, one.name, one.right, say)
        return FieldDifference(one.name, _label(right, one.name, one.label, operation), *sides)

    return replace(found, fields=tuple(field(each) for each in told))


def _label(package: Package, name: str, label: Text, operation: str | None) -> Text:
    head, _, parameter = name.rpartition(".")
    return _parameter(package, operation, parameter) if head == "operation" else label


def _name_ids(package: Package, path: str, field: str, said: str | None, say: Say) -> str | None:
    """Return what a side says with names for the ids in it; None and nothing stay."""
    if not said:
        return said
    if field.startswith("operation."):
        naming = naming_of(field)
        return _literals(naming, package, said, say) if naming else said
    if field in _ELEMENTS and path in package.diagrams:
        return _element(package.diagrams[path], said)
    naming = naming_of(field)
    return say(naming(package, said)) if naming else said


def _literals(naming: Callable[[Package, str], Text], package: Package, said: str, say: Say) -> str:
    """Return a formula with names for the words in it that name a piece."""
    return _LITERAL.sub(lambda one: f"“{say(naming(package, one[1]))}”", said)


def _element(diagram: Diagram, said: str) -> str:
    known = diagram.elements.get(said) or diagram.flows.get(said)
    named = known.name if known else next((lane.name for lane in diagram.lanes if lane.id == said), "")
    return named or (diagram.name if said == diagram.process_id else "") or said


def _parameter(package: Package, operation: str | None, name: str) -> Text:
    return parameter_name(operation or "", name) if operation in package.operations else Text(name, name)


_ELEMENTS = ("sourceRef", "targetRef", "attachedToRef", "default", "lane", "parent")
"""What a diagram says of an element by the id of another one."""


_REVISION = re.compile(r"r[0-9]{1,9}")
DRAFT, PUBLISHED, NOTHING = "draft", "published", "unpublished"
"""The sides that a draft has, the last where nothing was ever published; others are a version, "r" with a revision, or the key of a package."""


_NEVER = Text("还没有发布过", "Never published")


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """One side: ``word`` names it in addresses; ``scenarios`` tells whether its scenarios are known."""

    word: str
    label: Text
    package: Package
    files: Files
    scenarios: bool


@dataclass(frozen=True, slots=True)
class ComparedFile:
    """A file that differs."""

    path: str
    kind: PieceKind
    title: str
    difference: FileDifference


@dataclass(frozen=True, slots=True)
class DraftComparison:
    """Two sides with everything that differs, and what else may be compared; ``files`` only of one place."""

    left: ComparedSide
    right: ComparedSide
    found: Comparison
    files: tuple[ComparedFile, ...]
    choices: tuple[tuple[str, Text], ...]

    @property
    def one_place(self) -> bool:
        """Whether both sides are of one package, so that their files are compared too."""
        return self.left.package.key == self.right.package.key

    def file(self, path: str) -> ComparedFile:
        """Return the file at ``path``; raises NotFound where it does not differ."""
        for each in self.files:
            if each.path == path:
                return each
        raise NotFound(Text(f"“{path}”在两边没有差别。", f"“{path}” is the same on both sides."))


@guarded("draft.view")
def compare_draft(desk: Desk, actor: Actor, draft: int, left: str = "", right: str = "") -> DraftComparison:
    """Return ``left`` (the published version) beside ``right`` (the draft); raises NotFound for a side there is not."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        choices = tuple(_choices(desk, tx, actor, row))
        one = _side(desk, tx, actor, row, left or _first(tx, row))
        other = _side(desk, tx, actor, row, right or DRAFT)
    found = compare(one.package, other.package, local_date(desk.clock.now()))
    return DraftComparison(
        one, other, found, tuple(_files(one, other)) if one.package.key == other.package.key else (), choices
    )


@guarded("draft.view")
def compared_file(desk: Desk, actor: Actor, draft: int, side: str, path: str) -> bytes:
    """Return the file at ``path`` as one side has it; raises NotFound."""
    with desk.store.read() as tx:
        found = _side(desk, tx, actor, visible_draft(tx, actor, draft), side).files.get(path)
    if found is None:
        raise NotFound(Text(f"这一边没有文件“{path}”。", f"This side has no file “{path}”."))
    return drawn(found, path) if is_diagram(path) else found


def _first(tx: Transaction, row: PackageDraftRow) -> str:
    return PUBLISHED if tx.definitions.current(row.package) else NOTHING


def _choices(desk: Desk, tx: Transaction, actor: Actor, row: PackageDraftRow) -> Iterator[tuple[str, Text]]:
    yield DRAFT, Text("本草稿", "This draft")
    if tx.definitions.current(row.package):
        yield PUBLISHED, Text("现行版本", "The current version")
    else:
        yield NOTHING, _NEVER
    yield "r0", Text("草稿建立时", "The draft as it was opened")
    yield from version_names(tx.definitions.select("-published_at", package=row.package)).items()
    for _, packages in studied_cities(desk, tx, actor):
        for p in packages:
            if p.key != row.package:
                yield (
                    p.key,
                    Text(f"{p.jurisdiction.name} {p.award.name}", f"{p.jurisdiction.text.en} {p.award.text.en}"),
                )


def _side(desk: Desk, tx: Transaction, actor: Actor, row: PackageDraftRow, word: str) -> ComparedSide:
    if word == DRAFT:
        tree = tree_of(desk, tx, row.id)
        return _of_tree(word, Text(f"草稿“{row.title}”", f"Draft “{row.title}”"), tree.package, tree.filled)
    if word == NOTHING:  # what is new is all that is the city's own; what it shares was there
        tree = tree_of(desk, tx, row.id)
        city = row.package.partition("/")[0]
        own = (f"processes/{city}/", f"forms/{city}/")
        shared = {path: data for path, data in tree.package.files.items() if not path.startswith(own)}
        return ComparedSide(word, _NEVER, tree.package, shared, scenarios=True)
    if _REVISION.fullmatch(word):
        tree = tree_at(desk, tx, row.id, int(word[1:]))
        label = (
            Text(f"第 {word[1:]} 次修改", f"Revision {word[1:]}") if word != "r0" else Text("草稿建立时", "As opened")
        )
        return _of_tree(word, label, tree.package, tree.filled)
    if "/" in word:
        package = studied_package(desk, tx, actor, word)
        label = Text(package.jurisdiction.name, package.jurisdiction.text.en)
        return _of_version(desk, tx, word, label, package.version)
    current = tx.definitions.current(row.package)
    version = current.version if current and word == PUBLISHED else word
    names = version_names(tx.definitions.select("-published_at", package=row.package))
    if version not in names:
        raise NotFound(Text(f"没有可以比较的“{word[:40]}”。", f"There is no “{word[:40]}” to compare."))
    return _of_version(desk, tx, word, names[version], version)


def _of_version(desk: Desk, tx: Transaction, word: str, label: Text, version: str) -> ComparedSide:
    package, kept = desk.packages.get(version, tx), tx.definitions.get(version).sources
    if kept is None:
        return ComparedSide(word, label, package, package.files, scenarios=False)
    filled = package.derived("files with patterns filled", lambda: fill_patterns(unpack_files(kept))[0])
    return _of_tree(word, label, package, filled)


def _of_tree(word: str, label: Text, package: Package, filled: Files) -> ComparedSide:
    inside = (f"processes/{package.key}/", f"forms/{package.key.partition('/')[0]}/")
    unused = {path: data for path, data in filled.items() if path.startswith(inside)}
    return ComparedSide(word, label, package, {**package.files, **unused}, scenarios=True)


def _files(left: ComparedSide, right: ComparedSide) -> Iterator[ComparedFile]:
    for each in file_differences(left.files, right.files):
        path = each.path
        if (left.scenarios and right.scenarios) or "/scenarios/" not in path:
            side = left if path in left.files else right
            yield ComparedFile(path, kind_of(path), title_of(side.package, path, side.files), each)
