"""The miniature award, with its operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import handlers
from service.catalog import Catalog, Problem, build_catalog
from service.catalog.check import check_catalog
from service.catalog.tree import read_tree

MINIATURE = Path(__file__).parents[2] / "data" / "miniature"
AWARD = "processes/lakeside/star_award/award.yaml"
PARAMETERS = "processes/lakeside/star_award/parameters.yaml"
DIAGRAM = "processes/lakeside/star_award/application.bpmn"
LAW = "processes/lakeside/law.yaml"
CITY = "processes/lakeside/jurisdiction.yaml"
TABLE = "processes/lakeside/star_award/eligibility.dmn"
NOTICE = "processes/shared/notice.bpmn"

handlers.load()


@pytest.fixture(scope="session")
def tree() -> Mapping[str, bytes]:
    """The files of the miniature."""
    return read_tree(MINIATURE)


@pytest.fixture(scope="session")
def catalog(tree: Mapping[str, bytes]) -> Catalog:
    """The miniature's catalog."""
    return build_catalog(tree)


Change = Callable[..., Mapping[str, bytes]]


@pytest.fixture
def changed(tree: Mapping[str, bytes]) -> Change:
    """Return the tree with a piece of text replaced in one file; the piece must be there."""

    def change(path: str, old: str, new: str) -> Mapping[str, bytes]:
        content = tree[path].decode()
        assert old in content, f"{path} holds no {old!r}"
        return {**tree, path: content.replace(old, new).encode()}

    return change


@pytest.fixture
def problems_of() -> Callable[[Mapping[str, bytes]], list[Problem]]:
    """Return everything wrong with a tree."""
    return lambda files: list(check_catalog(build_catalog(files)))
