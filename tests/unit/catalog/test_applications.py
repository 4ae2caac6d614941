"""By which kinds of case organisations apply, told from the other kinds below a round."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.catalog import build_catalog
from service.catalog.applications import application_kinds, is_application
from service.catalog.tree import Files, read_tree
from tests.support.bundled import bundled

AWARD = "processes/example_city/quality_award/award.yaml"
ONCE = b"    one_per_subject: true\n    title: '{subject.name}'\n"
"""What says that an organisation applies once; the follow-up below the same round says it too."""


@pytest.fixture
def files() -> Files:
    return read_tree(Path(__file__).parents[3] / "tests" / "data" / "example_city")


def test_each_city_has_one_kind_of_application() -> None:
    found = {key: [kind.parent for kind in application_kinds(one)] for key, one in bundled().packages.items()}
    assert set(map(tuple, found.values())) == {("round",)}


@pytest.mark.parametrize("once", [True, False])
def test_what_follows_an_award_is_no_application(files: Files, once: bool) -> None:
    changed = dict(files)
    assert ONCE in changed[AWARD]
    if not once:
        changed[AWARD] = changed[AWARD].replace(ONCE, b"    title: '{subject.name}'\n")
    package = build_catalog(changed).package("example_city/quality_award")
    assert [kind.key for kind in application_kinds(package)] == ["application"]
    assert not is_application(package, package.award.processes["tenure"])
