"""Two sides of a procedure beside each other: a draft, its revisions, the versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.desk.packages import unpack_files
from service.casework.reading.published import version_names
from service.casework.studio.drafts.draft_access import newer_version, visible_draft
from service.casework.studio.drafts.draft_tree import tree_at, tree_of
from service.catalog import Package
from service.catalog.bpmn.model import Diagram
from service.catalog.differences.differences import (
    FieldDifference,
    FileDifference,
    PieceChange,
    RecordDifference,
    file_differences,
)
from service.catalog.handbook.handbook import limit_words
from service.catalog.layout.drawn import drawn, is_diagram
from service.catalog.names.field_names import naming_of
from service.catalog.patterns.patterns import fill_patterns
from service.catalog.pieces.piece_kinds import PieceKind, kind_of, title_of
from service.catalog.tree import Files
from service.catalog.wording.word_lists import parameter_name
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PackageDraftRow

_SUBJECT_FIELDS = ("id", "key", "name", "article")
"""What a record that only one side has is called by already."""
Say = Callable[[Text], str]
"""Picks the reader's language."""
_WRITTEN_LIMIT = re.compile(r"\w+\(\s*\d+\s*\)")
_LITERAL = re.compile(r'"(\w+)"')


def named_difference(difference: FileDifference, left: Package, right: Package, say: Say) -> FileDifference:
    """Return ``difference`` with names for the ids that its records say, in the language of ``say``.

    An id that its side does not know stays as it is.
    """
    records = tuple(_name_record(each, difference.path, left, right, say) for each in difference.records)
    return replace(difference, records=records)


def _name_record(record: RecordDifference, path: str, left: Package, right: Package, say: Say) -> RecordDifference:
    operation = next((f.right or f.left for f in record.fields if f.name == "operation"), None)
    whole = record.change in (PieceChange.ADDED, PieceChange.REMOVED)
    named_fields = [each for each in record.fields if not (whole and each.name in _SUBJECT_FIELDS)]

    def name_field(field_difference: FieldDifference) -> FieldDifference:
        sides = (
            _name_ids(left, path, field_difference.name, field_difference.left, say),
            _name_ids(right, path, field_difference.name, field_difference.right, say),
        )
        return FieldDifference(
            field_difference.name, _get_label(right, field_difference.name, field_difference.label, operation), *sides
        )

    return replace(record, fields=tuple(name_field(each) for each in named_fields))


def _get_label(package: Package, name: str, label: Text, operation: str | None) -> Text:
    head, _, parameter = name.rpartition(".")
    return _get_parameter_name(package, operation, parameter) if head == "operation" else label


def _name_ids(package: Package, path: str, field: str, text: str | None, say: Say) -> str | None:
    """Return what a side says with names for the ids in it; None and nothing stay."""
    if not text:
        return text
    if field.startswith("operation."):
        naming = naming_of(field)
        return _name_literals(naming, package, text, say) if naming else text
    if field in _ELEMENTS and path in package.diagrams:
        return _get_element_name(package.diagrams[path], text)
    if field == "due" and _WRITTEN_LIMIT.fullmatch(text):
        return say(Text(limit_words(package, text, "zh"), limit_words(package, text, "en")))
    naming = naming_of(field)
    return say(naming(package, text)) if naming else text


def _name_literals(naming: Callable[[Package, str], Text], package: Package, formula: str, say: Say) -> str:
    """Return a formula with names for the words in it that name a piece."""
    return _LITERAL.sub(lambda match: f"“{say(naming(package, match[1]))}”", formula)


def _get_element_name(diagram: Diagram, ident: str) -> str:
    piece = diagram.elements.get(ident) or diagram.flows.get(ident)
    named = piece.name if piece else next((lane.name for lane in diagram.lanes if lane.id == ident), "")
    return named or (diagram.name if ident == diagram.process_id else "") or ident


def _get_parameter_name(package: Package, operation: str | None, name: str) -> Text:
    return parameter_name(operation or "", name) if operation in package.operations else Text(name, name)


_ELEMENTS = ("sourceRef", "targetRef", "attachedToRef", "default", "lane", "parent")
"""What a diagram says of an element by the id of another one."""


_REVISION = re.compile(r"r[0-9]{1,9}")
DRAFT, PUBLISHED, NOTHING = "draft", "published", "unpublished"
"""The sides that a draft has, the last where nothing was ever published; others are a version, or "r" with a revision."""


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
    """Two sides with everything that differs, and what else may be compared."""

    left: ComparedSide
    right: ComparedSide
    files: tuple[ComparedFile, ...]
    choices: tuple[tuple[str, Text], ...]

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
        choices = dict(_iterate_choices(tx, row))
        base_side = _get_side(desk, tx, row, left or _get_first_side(tx, row))
        other = _get_side(desk, tx, row, right or DRAFT)
    for side in (base_side, other):
        choices.setdefault(side.word, side.label)
    return DraftComparison(base_side, other, tuple(_iterate_files(base_side, other)), tuple(choices.items()))


def compare_versions(left: Package, right: Package, say: Say) -> tuple[ComparedFile, ...]:
    """Return every file that differs between two versions of one city, in words, kinds of files together."""
    sides = [ComparedSide(side.version, _NEVER, side, side.files, scenarios=False) for side in (left, right)]
    files = (
        replace(file, difference=named_difference(file.difference, left, right, say)) for file in _iterate_files(*sides)
    )
    order = list(PieceKind)
    return tuple(sorted(files, key=lambda file: order.index(file.kind)))


@guarded("draft.view")
def compared_file(desk: Desk, actor: Actor, draft: int, side: str, path: str) -> bytes:
    """Return the file at ``path`` as one side has it; raises NotFound."""
    with desk.store.read() as tx:
        content = _get_side(desk, tx, visible_draft(tx, actor, draft), side).files.get(path)
    if content is None:
        raise NotFound(Text(f"这一边没有文件“{path}”。", f"This side has no file “{path}”."))
    return drawn(content, path) if is_diagram(path) else content


def _get_first_side(tx: Transaction, row: PackageDraftRow) -> str:
    """Return what the draft is compared with: where another version came meanwhile, what it was opened on."""
    if newer_version(tx, row) is not None:
        return "r0"
    return PUBLISHED if tx.definitions.current(row.package) else NOTHING


def _iterate_choices(tx: Transaction, row: PackageDraftRow) -> Iterator[tuple[str, Text]]:
    yield DRAFT, Text("本草稿", "This draft")
    if tx.definitions.current(row.package):
        yield PUBLISHED, Text("现行版本", "The current version")
    else:
        yield NOTHING, _NEVER
    yield "r0", Text("草稿建立时", "The draft as it was opened")
    yield from version_names(tx.definitions.of_package(row.package)).items()


def _get_side(desk: Desk, tx: Transaction, row: PackageDraftRow, word: str) -> ComparedSide:
    if word == DRAFT:
        tree = tree_of(desk, tx, row.id)
        return _of_tree(word, Text(f"草稿“{row.title}”", f"Draft “{row.title}”"), tree.package, tree.filled)
    if word == NOTHING:  # what is new is all that is the city's own; what it shares was there
        tree = tree_of(desk, tx, row.id)
        city = row.package.partition("/")[0]
        city_folders = (f"processes/{city}/", f"forms/{city}/")
        shared = {path: data for path, data in tree.package.files.items() if not path.startswith(city_folders)}
        return ComparedSide(word, _NEVER, tree.package, shared, scenarios=True)
    if _REVISION.fullmatch(word):
        tree = tree_at(desk, tx, row.id, int(word[1:]))
        label = (
            Text(f"第 {word[1:]} 次修改", f"Revision {word[1:]}") if word != "r0" else Text("草稿建立时", "As opened")
        )
        return _of_tree(word, label, tree.package, tree.filled)
    current = tx.definitions.current(row.package)
    version = current.version if current and word == PUBLISHED else word
    names = version_names(tx.definitions.of_package(row.package))
    if version not in names:
        raise NotFound(Text(f"没有可以比较的“{word[:40]}”。", f"There is no “{word[:40]}” to compare."))
    return _of_version(desk, tx, word, names[version], version)


def _of_version(desk: Desk, tx: Transaction, word: str, label: Text, version: str) -> ComparedSide:
    package, sources = desk.packages.get(version, tx), tx.definitions.get(version).sources
    if sources is None:
        return ComparedSide(word, label, package, package.files, scenarios=False)
    filled = package.derived("files with patterns filled", lambda: fill_patterns(unpack_files(sources))[0])
    return _of_tree(word, label, package, filled)


def _of_tree(word: str, label: Text, package: Package, filled: Files) -> ComparedSide:
    inside = (f"processes/{package.key}/", f"forms/{package.key.partition('/')[0]}/")
    unused = {path: data for path, data in filled.items() if path.startswith(inside)}
    return ComparedSide(word, label, package, {**package.files, **unused}, scenarios=True)


def _iterate_files(left: ComparedSide, right: ComparedSide) -> Iterator[ComparedFile]:
    names = {**left.package.award.parameter_names, **right.package.award.parameter_names}
    for each in file_differences(left.files, right.files, names):
        path = each.path
        if (left.scenarios and right.scenarios) or "/scenarios/" not in path:
            side = left if path in left.files else right
            yield ComparedFile(path, kind_of(path), title_of(side.package, path, side.files), each)
