"""After a change only what it touches is looked at again, and what is found is what a fresh check finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from service.casework.definitions.check import check_whole
from service.catalog import Package, Problem
from service.catalog.closure import collect_award_files


def award(files: Mapping[str, bytes]) -> Package:
    city = next(path.split("/")[1] for path in files if path.endswith("/law.yaml"))
    name = next(path.split("/")[2] for path in files if path.endswith("/award.yaml"))
    return Package.from_files(collect_award_files(files, city, name))


def check(files: Mapping[str, bytes], memory: dict[object, Any] | None = None) -> tuple[Problem, ...]:
    return check_whole(award(files), memory)


CHANGES = [
    (b'name="role" value="', b'name="role" value="x'),
    (b'name="form" value="', b'name="form" value="x'),
    (b'name="variables" value="', b'name="variables" value="x'),
    (b' default="', b' name2="'),
    (b'calledElement="', b'calledElement="x'),
    (b'resultVariable="', b'resultVariable="x'),
    (b'name="outputs" value="', b'name="outputs" value="x, '),
    (b"param.", b"param.x"),
    (b'id="', b'id="x'),
]


@pytest.mark.parametrize(("old", "new"), CHANGES, ids=lambda value: value.decode()[-14:])
def test_a_change_is_checked_as_if_everything_were(tree: Mapping[str, bytes], old: bytes, new: bytes) -> None:
    memory: dict[object, Any] = {}
    assert check(tree, memory) == ()
    for path in (path for path, content in tree.items() if path.endswith(".bpmn") and old in content):
        changed = {**tree, path: tree[path].replace(old, new, 1)}
        assert check(changed, memory) == check(changed)
    for path in (
        path for path, content in tree.items() if path.endswith((".json", ".dmn", ".yaml")) and b"decide" in content
    ):
        changed = {**tree, path: tree[path].replace(b"decide", b"decided")}
        assert check(changed, memory) == check(changed)
    assert check(tree, memory) == ()
