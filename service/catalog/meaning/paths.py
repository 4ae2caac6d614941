"""Which files of two packages are counterparts, wherever they lie and whatever they are called."""

from __future__ import annotations

from collections.abc import Hashable

from service.catalog.bpmn.read import read_processes
from service.catalog.meaning.pairs import Pairs
from service.catalog.source.yaml import parse_yaml, plain
from service.catalog.tree import Files
from service.domain.errors import LaurelError


def counterparts(left: Files, right: Files, keys: tuple[str, str]) -> dict[str, str]:
    """Return the path on the left of every file on the right that has another one there; ``keys`` are those of the packages.

    A file of another name is a diagram or scenario that is called the same; a form may lie in either folder of forms.
    """
    moved = {_moved(path, keys[1], keys[0]): path for path in right}
    pairs = _same_title(left, {path: right[old] for path, old in moved.items()})
    there = {old: pairs.get(path, path) for path, old in moved.items()}
    return {old: new for old, new in there.items() if old != new}


def _moved(path: str, key: str, other: str) -> str:
    """Return where a file of package ``key`` would lie in package ``other``."""
    city, there = key.partition("/")[0], other.partition("/")[0]
    pairs = ((f"processes/{key}/", f"processes/{other}/"), (f"processes/{city}/", f"processes/{there}/"))
    for old, new in (*pairs, (f"forms/{city}/", f"forms/{there}/")):
        if path.startswith(old):
            return new + path.removeprefix(old)
    return path


def _same_title(left: Files, right: Files) -> dict[str, str]:
    pairs = Pairs()
    only_left, only_right = (
        {p: one[p] for p in one if p not in other} for one, other in ((left, right), (right, left))
    )
    ours, theirs = ({p: (p, data) for p, data in only.items()} for only in (only_left, only_right))
    pairs.pair(ours, theirs, lambda file: _title(*file), twins=False)
    return pairs.left_of


def _title(path: str, data: bytes) -> Hashable | None:
    try:
        if path.endswith(".bpmn"):
            return "diagram", read_processes(data, path)[0].name
        if path.endswith(".json"):
            return "form", path.rpartition("/")[2]
        if "/scenarios/" in path:
            value = plain(parse_yaml(data, path))
            return "scenario", str(value.get("title")) if isinstance(value, dict) else ""
    except LaurelError:
        return None
    return None
