"""Two regulations by what they mean: files side by side, whatever ids they use and however they are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from service.catalog.meaning import counterparts, differences_in_meaning
from service.catalog.meaning.settings_in_full import settings_in_full
from service.catalog.merge.differences import FileDifference, PieceChange, RecordDifference
from service.catalog.package import Package
from service.catalog.tree import Files, read_tree
from service.cli.deploy import tree_root

_SIGNS = {PieceChange.ADDED: "+", PieceChange.REMOVED: "−", PieceChange.CHANGED: "≠", PieceChange.MOVED: "↔"}


def files_of(package: Package, root: Path, word: str) -> Files:
    """Return what is the place's own of a package that ``word`` named: with its scenarios where it is a folder's."""
    files = package.files
    if "@" not in word:
        files = read_tree(tree_root(root, Path(word)) if Path(word).is_dir() else root)
    city, award = package.key.split("/")
    own = (f"processes/{city}/", f"forms/{city}/")
    others = {path.split("/")[2] for path in files if path.endswith("/award.yaml") and path.startswith(own)} - {award}
    held = {p: d for p, d in files.items() if p.startswith(own) and p.split("/")[2] not in others}
    return settings_in_full(package, held)


def by_meaning(left: Files, right: Files, keys: tuple[str, str]) -> tuple[FileDifference, ...]:
    """Return what two folders say differently."""
    moved = counterparts(left, right, keys)
    return differences_in_meaning(left, {moved.get(path, path): data for path, data in right.items()})


def in_words(found: Iterable[FileDifference]) -> str:
    """Return differences for people, a line each; one sentence where there are none."""
    lines = [line for each in found for line in _file(each)]
    return "\n".join(lines) or "除版面和编号以外没有差别。/ Nothing differs but layout and ids."


def _file(found: FileDifference) -> Iterator[str]:
    yield f"{_SIGNS[found.change]} {found.path}"
    for record in found.records:
        yield f"  {_SIGNS[record.change]} {record.subject.zh}"
        yield from _fields(record)


def _fields(record: RecordDifference) -> Iterator[str]:
    for field in record.fields if record.change in (PieceChange.CHANGED, PieceChange.MOVED) else ():
        yield f"      {field.label.zh}：{field.left or '—'}  |  {field.right or '—'}"
