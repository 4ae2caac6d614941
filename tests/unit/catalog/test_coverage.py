from __future__ import annotations

from collections.abc import Mapping

from service.catalog import Catalog, build_catalog
from service.catalog.coverage import coverage
from tests.unit.catalog.conftest import DIAGRAM, LAW, NOTICE, Change

KEY = "lakeside/star_award"


def test_every_clause_is_accounted_for(catalog: Catalog) -> None:
    found = coverage(catalog.package(KEY))
    assert found.carried_out == ("LS-2", "LS-3", "LS-4", "LS-5", "LS-6")
    assert found.informative == ("LS-1",)
    assert found.outside == ("LS-7",)
    assert found.uncovered == ()
    parts = (*found.carried_out, *found.informative, *found.outside, *found.uncovered)
    assert sorted(parts) == sorted(found.clauses)


def test_it_says_where_a_clause_is_carried_out(catalog: Catalog) -> None:
    where = coverage(catalog.package(KEY)).where
    assert {(c.kind, c.element) for c in where["LS-3"]} == {
        ("serviceTask", "examine"),
        ("table_row", "founded_long_enough"),
        ("parameter", "parameters.min_years"),
        ("form_field", "founded"),
    }


def test_a_slot_counts_where_it_is_bound(catalog: Catalog) -> None:
    cited = coverage(catalog.package(KEY)).where["LS-5"]
    assert {(c.file, c.element) for c in cited} >= {(NOTICE, "post"), (NOTICE, "over")}


def test_an_unbound_slot_covers_nothing(changed: Change) -> None:
    files = changed(DIAGRAM, "posting=LS-5 period=LS-5", "")
    where = coverage(build_catalog(files).package(KEY)).where
    assert {c.kind for c in where["LS-5"]} == {"parameter"}


def test_an_uncovered_clause_is_named(changed: Change) -> None:
    files = changed(LAW, "id: LS-7", "id: LS-8")
    extra = files[LAW] + "  - {id: LS-9, article: 第九条, kind: other, summary: 新增。}\n".encode()
    assert coverage(build_catalog({**files, LAW: extra}).package(KEY)).uncovered == ("LS-9",)


def test_awards_of_one_jurisdiction_count_together(tree: Mapping[str, bytes]) -> None:
    moon = {path.replace("star_award", "moon_award"): data for path, data in tree.items() if "star_award" in path}
    both = build_catalog({**tree, **moon})
    files = {c.file for c in coverage(both.of("lakeside")).where["LS-4"]}
    assert any("star_award" in file for file in files)
    assert any("moon_award" in file for file in files)
