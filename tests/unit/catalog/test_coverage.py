""""""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

import pytest

from service.casework.step.fill import form_settings
from service.catalog import Catalog, build_catalog
from service.catalog.check import check_catalog
from service.catalog.coverage.coverage import coverage
from service.catalog.coverage.matrix import ClauseStatus, build_coverage_matrix
from service.catalog.parameters.counting import counting_of, time_settings
from service.catalog.parameters.parameters import Basis, Parameter, Unit
from service.catalog.scenarios.proofs import with_proofs
from service.cli.coverage import as_text
from service.domain.calendar import Counting, RestDayRule, StartRule
from service.domain.text import Text
from tests.unit.catalog.conftest import DIAGRAM, LAW, NOTICE, Change

KEY = "lakeside/star_award"


def test_every_clause_is_accounted_for(catalog: Catalog) -> None:
    found = coverage(with_proofs(catalog.package(KEY), catalog.tree))
    assert found.carried_out == ("LS-2", "LS-3", "LS-4", "LS-5", "LS-6")
    assert found.unproved == ()
    assert found.informative == ("LS-1",)
    assert found.outside == ("LS-7",)
    assert found.uncovered == ()
    parts = (*found.carried_out, *found.informative, *found.outside, *found.uncovered)
    assert sorted(parts) == sorted(found.clauses)


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


ACCEPTED = "processes/lakeside/star_award/scenarios/accepted.yaml"
NOTICE_PROVED = "last_day: 2026-03-10, proves: [LS-5]}"


def test_what_is_cited_is_carried_out_only_where_an_expectation_proves_it(changed: Change) -> None:
    files = changed(ACCEPTED, NOTICE_PROVED, "last_day: 2026-03-10}")
    package = with_proofs(build_catalog(files).package(KEY), files)
    found = coverage(package)
    assert found.unproved == ("LS-5",)
    assert "LS-5" not in found.carried_out
    assert {c.kind for c in found.where["LS-5"]} >= {"parameter"}
    assert build_coverage_matrix([package]).count(ClauseStatus.UNPROVED) == 1
    assert "4 条由流程落实并有情景证明，1 条未证明" in found.summary.zh


def test_words_only_stands_apart_with_its_reason(changed: Change) -> None:
    words = "summary: 组织可以随时向办公室申报。, words_only: 只在申报表上写明。}"
    files = dict(changed(LAW, "summary: 组织可以随时向办公室申报。}", words))
    files[ACCEPTED] = files[ACCEPTED].replace(b"proves: [LS-2, LS-3]", b"proves: [LS-3]")
    package = with_proofs(build_catalog(files).package(KEY), files)
    found = coverage(package)
    assert found.words_only == ("LS-2",)
    assert "LS-2" not in (*found.carried_out, *found.unproved, *found.uncovered)
    assert "1 条为文字体现" in found.summary.zh
    line = next(line for line in build_coverage_matrix([package]).lines if line.clause.id == "LS-2")
    assert (line.status, line.reason) == (ClauseStatus.WORDS_ONLY, "只在申报表上写明。")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("proves: [LS-5]", "proves: [LS-55]", "unknown_clause"),
        ("complete: decide,", "complete: decide, proves: [LS-4],", "proves_nothing"),
    ],
)
def test_a_proof_of_nothing_is_refused(changed: Change, old: str, new: str, rule: str) -> None:
    found = check_catalog(build_catalog(changed(ACCEPTED, old, new)))
    assert [(p.file, p.element, p.rule) for p in found] == [(ACCEPTED, "proves", rule)]
    assert found[0].line


def test_a_season_under_parameters_beyond_the_law_proves_nothing(changed: Change) -> None:
    files = changed(ACCEPTED, "steps:", "parameters: {notice_working_days: 1}\nsteps:")
    package = with_proofs(build_catalog(files).package(KEY), files)
    found = coverage(package)
    assert "LS-5" not in found.carried_out
    assert "LS-5" in found.unproved
    told = as_text(found, build_coverage_matrix([package]))
    assert "参数越过法定界限，不算证明" in told
    within = changed(ACCEPTED, "steps:", "parameters: {notice_working_days: 6}\nsteps:")
    assert coverage(with_proofs(build_catalog(within).package(KEY), within)).unproved == ()


LAKESIDE = "lakeside/star_award"


def setting(ident: str, key: str) -> Parameter:
    return Parameter(ident, Text(ident, ident), Unit.CHOICE, Basis.DEFAULT, (), (), key)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("notice_day_one", "day_of_posting", Counting(notice=StartRule.POSTING_DAY)),
        ("period_day_one", "day_of_event", Counting(period=StartRule.POSTING_DAY)),
        ("period_ending_on_rest_day", "no_shift", Counting(roll=RestDayRule.NONE)),
        ("deadline_end_time", "end_of_office_hours", Counting(closes=time(18))),
        ("deadline_end_time", "17:30", Counting(closes=time(17, 30))),
        ("deadline_end_time", "24:00", Counting()),
        ("notice_day_one", "some other day", Counting()),
        ("", "day_of_posting", Counting()),
    ],
)
def test_a_key_of_time_is_carried_out_wherever_it_stands(
    catalog: Catalog, key: str, value: str, expected: Counting
) -> None:
    place = catalog.package(LAKESIDE).jurisdiction
    assert counting_of(place, time_settings({"own_name": setting("own_name", key)}), {"own_name": value}) == expected


def test_forms_read_settings_raw_and_in_words(catalog: Catalog) -> None:
    outside = form_settings(catalog.package(LAKESIDE), {"notice_working_days": 7, "gone": 1})
    assert outside["param"] == {"notice_working_days": 7, "gone": 1}
    assert outside["setting"] == {"notice_working_days": "本地规定：公示期——7个工作日"}
