"""Two regulations side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from service.catalog import Catalog, Package, build_catalog
from service.catalog.compare import compare_packages
from tests.unit.catalog.conftest import LAW, Change

KEY = "lakeside/star_award"
PARAMETERS = f"processes/{KEY}/parameters.yaml"
TODAY = date(2026, 3, 2)


@pytest.fixture
def elsewhere(tree: Mapping[str, bytes]) -> Package:
    """The same award in another county, with a longer notice under another name and no limit for the decision."""
    moved = {p.replace("lakeside", "hillside"): d.replace(b"lakeside", b"hillside") for p, d in tree.items()}
    path = PARAMETERS.replace("lakeside", "hillside")
    text = moved[path].decode().replace("notice_working_days", "posting_working_days").replace("value: 5}", "value: 6}")
    text = text.replace("    name: 公示期\n", "    name: 张榜期\n    key: notice_min_working_days\n")
    return build_catalog({**moved, path: text.encode()}).package(KEY.replace("lakeside", "hillside"))


def test_a_package_beside_itself_differs_in_nothing(catalog: Catalog) -> None:
    found = compare_packages(catalog.package(KEY), catalog.package(KEY), TODAY)
    rows = (*found.tiers, *found.processes, *found.stages, *found.parameters, *found.clauses)
    assert all(row.same for row in rows)
    assert found.files == ()


def test_a_kind_of_case_with_another_key_pairs_by_its_name(catalog: Catalog, tree: Mapping[str, bytes]) -> None:
    files = {p: d.replace(b"processes:\n  application:", b"processes:\n  candidacy:") for p, d in tree.items()}
    found = compare_packages(catalog.package(KEY), build_catalog(files).package(KEY), TODAY)
    assert [(p.key, p.same) for p in found.processes] == [("application", True)]


def test_versions_differ_value_by_value_and_clause_by_clause(catalog: Catalog, changed: Change) -> None:
    files = dict(changed(PARAMETERS, "value: 7}", "value: 8}"))
    files[LAW] = files[LAW].replace("10个工作日".encode(), "10个工作日内".encode(), 1)
    found = compare_packages(catalog.package(KEY), build_catalog(files).package(KEY), TODAY)
    [pair] = [p for p in found.parameters if not p.same]
    assert [c.key for c in found.clauses if not c.same] == ["LS-4"]
    assert pair.left
    assert pair.right
    assert pair.left.words == pair.right.words
    since = pair.right.parameter.values[-1].since
    day = f"{since.year}年{since.month}月{since.day}日"
    assert (pair.left.in_words.zh, pair.right.in_words.zh) == (
        f"5个工作日，{day}起7个工作日",
        f"5个工作日，{day}起8个工作日",
    )
    assert (pair.key, pair.subject) == ("notice_working_days", "notices")
    assert [v.value for v in pair.right.parameter.values] == [5, 8]
    assert [f.key for f in found.files] == [LAW, PARAMETERS]


def test_what_differs_only_before_today_is_told_with_its_days(catalog: Catalog, changed: Change) -> None:
    """Both sides would say the same words otherwise, and nobody would see why they stand there."""
    files = dict(changed(PARAMETERS, "value: 5}", "value: 4}"))
    later = date(2030, 1, 1)
    [pair] = [
        p
        for p in compare_packages(catalog.package(KEY), build_catalog(files).package(KEY), later).parameters
        if not p.same
    ]
    assert pair.left
    assert pair.right
    assert pair.left.words == pair.right.words
    assert "起5个工作日，" in pair.left.in_words.zh
    assert "起4个工作日，" in pair.right.in_words.zh
    assert (pair.left.in_words.zh.count("起"), pair.right.in_words.zh.count("起")) == (2, 2)


def test_cities_pair_parameters_by_what_they_mean(catalog: Catalog, changed: Change, elsewhere: Package) -> None:
    keyed = changed(PARAMETERS, "    name: 公示期\n", "    name: 公示期\n    key: notice_min_working_days\n")
    found = compare_packages(build_catalog(keyed).package(KEY), elsewhere, TODAY)
    pair = next(p for p in found.parameters if p.key == "notice_working_days")
    assert pair.left
    assert pair.right
    assert (pair.left.words.zh, pair.right.words.zh, pair.same) == ("5个工作日", "6个工作日", False)
    assert pair.right.articles == "第五条"
    assert {p.key for p in found.clauses} == {c.kind for c in elsewhere.law.clauses.values()}


def test_what_only_one_side_has_stands_alone(catalog: Catalog, elsewhere: Package) -> None:
    found = {p.key: p for p in compare_packages(catalog.package(KEY), elsewhere, TODAY).parameters}
    assert found["notice_working_days"].right is None
    assert found["posting_working_days"].left is None
    assert found["min_years"].same
