"""An example of every rule: what breaks it and what keeps it, on the worked example of the manual or a bare process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from service.catalog import Package, Problem, build_catalog
from service.catalog.check import check_catalog
from service.catalog.tree import read_tree
from tests.unit.engine.diagrams import doc, package_of, problems

DATA = Path(__file__).parents[1] / "data"
EXAMPLES: Mapping[str, Mapping[str, Any]] = yaml.safe_load((DATA / "rules.yaml").read_text("utf-8"))
TREE = read_tree(DATA / "miniature")


def found(example: Mapping[str, Any], which: str) -> tuple[Problem, ...]:
    """Return what is told of an example; ``which``: right or wrong."""
    if "around" in example:
        return tuple(problems(_diagrams(example, which)))
    return check_catalog(build_catalog(_files(example, which)))


def packages(example: Mapping[str, Any], which: str) -> Iterable[Package]:
    """Return the packages that an example looks at; ``which``: right or wrong."""
    if "around" in example:
        return (package_of(_diagrams(example, which)),)
    return build_catalog(_files(example, which)).packages.values()


def _diagrams(example: Mapping[str, Any], which: str) -> dict[str, bytes]:
    beside = {"0.bpmn": doc(example["beside"])} if "beside" in example else {}
    return {**beside, "a.bpmn": doc(example["around"].replace("…", example[which]))}


def _files(example: Mapping[str, Any], which: str) -> dict[str, bytes]:
    files = dict(TREE)
    for change in example.get("base", ()):
        files[change["file"]] = _put(files.get(change["file"], b""), change.get("old", ""), change["new"])
    old, new = (_listed(example[word]) for word in ("right", which))
    for before, after in zip(old, new, strict=True):
        files[example["file"]] = _put(files[example["file"]], before, after)
    return files


def _put(content: bytes, old: str, new: str) -> bytes:
    """Put ``new`` in the place of ``old``, which must be there; without ``old`` the file is new."""
    assert (old.encode() in content) if old else not content
    return content.replace(old.encode(), new.encode()) if old else new.encode()


def _listed(text: str | list[str]) -> list[str]:
    return text if isinstance(text, list) else [text]
