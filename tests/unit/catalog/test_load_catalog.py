""""""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from service.catalog import Catalog, Kind, Package, Severity, build_catalog
from service.catalog.check import check_path
from service.catalog.law_text.register import set_amendment
from service.catalog.played_version import played_version, rests_on
from service.catalog.version import is_version_of
from service.sdk import operations
from tests.unit.catalog.conftest import AWARD, CITY, DIAGRAM, LAW, MINIATURE, NOTICE, PARAMETERS, Change


def star(catalog: Catalog) -> Package:
    return catalog.package("lakeside/star_award")


def test_every_folder_with_an_award_is_a_package(catalog: Catalog) -> None:
    assert list(catalog.packages) == ["lakeside/star_award"]
    assert catalog.jurisdictions["lakeside"].text.en == "Lakeside County"
    assert catalog.problems == ()


def test_elements_say_what_their_properties_say(catalog: Catalog) -> None:
    decide = star(catalog).element("lakeside_application", "decide")
    assert decide.kind is Kind.USER_TASK
    assert (decide.role, decide.form, decide.routes) == ("office", "decide", ("decision",))
    assert decide.due == "workdays(param.decision_working_days)"
    assert decide.clauses == ("LS-4",)
    assert (decide.send_back, decide.take_back, decide.bulk) == (True, True, False)


def test_roles_of_shared_diagrams_are_bound(catalog: Catalog) -> None:
    city = catalog.jurisdictions["lakeside"]
    assert city.bind("poster") == "office"
    assert city.bind("applicant") == "applicant"


def test_slots_are_bound_along_the_call(catalog: Catalog) -> None:
    package = star(catalog)
    post = package.element("shared_notice", "post")
    assert package.clauses_of(post, ("publish",), "lakeside_application") == ("LS-5",)
    assert package.clauses_of(post, (), "shared_notice") == ()
    assert package.clauses_anywhere(post, "lakeside_application") == ("LS-5",)
    assert package.clauses_anywhere(post, "nowhere") == ()


def test_two_diagrams_whose_calls_have_one_id_each_bind_their_own(tree: Mapping[str, bytes]) -> None:
    copy = tree[DIAGRAM].replace(b"lakeside_application", b"lakeside_again").replace(b'"LS-5"', b'"LS-4"')
    copy = copy.replace(b"posting=LS-5", b"posting=LS-4").replace(b"period=LS-5", b"period=LS-4")
    beside = DIAGRAM.replace("application.bpmn", "a.bpmn"), DIAGRAM.replace("application.bpmn", "z.bpmn")
    assert DIAGRAM not in beside
    for path in beside:
        package = star(build_catalog({**tree, path: copy}))
        post = package.element("shared_notice", "post")
        assert package.clauses_of(post, ("publish",), "lakeside_application") == ("LS-5",)
        assert package.clauses_of(post, ("publish",), "lakeside_again") == ("LS-4",)
        assert package.clauses_anywhere(post, "lakeside_again") == ("LS-4",)
        assert set(package.clauses_anywhere(post)) == {"LS-4", "LS-5"}


def test_a_slot_passed_on_is_bound_by_the_outer_call(tree: Mapping[str, bytes]) -> None:
    outer = tree[NOTICE].replace(b"shared_notice", b"shared_outer")
    call = (
        '<bpmn:callActivity id="inner" name="公示" calledElement="shared_notice"><bpmn:extensionElements>'
        '<spiffworkflow:properties><spiffworkflow:property name="slots" value="posting=slot:posting period=slot:period"'
        " /></spiffworkflow:properties></bpmn:extensionElements></bpmn:callActivity></bpmn:process>"
    ).encode()
    files = {
        **tree,
        "processes/shared/outer.bpmn": outer.replace(b"</bpmn:process>", call),
        DIAGRAM: tree[DIAGRAM].replace(b'calledElement="shared_notice"', b'calledElement="shared_outer"'),
    }
    package = star(build_catalog(files))
    post = package.element("shared_notice", "post")
    assert package.clauses_of(post, ("publish", "inner"), "lakeside_application") == ("LS-5",)


def test_parameters_are_dated(catalog: Catalog) -> None:
    package = star(catalog)
    assert package.parameters_on(date(2026, 6, 1))["notice_working_days"] == 5
    assert package.parameters_on(date(2027, 1, 1))["notice_working_days"] == 7
    assert package.award.parameters["notice_working_days"].value_on(date(2020, 1, 1)) == 5


def test_a_package_comes_back_from_its_files(catalog: Catalog) -> None:
    package = star(catalog)
    again = Package.from_files(package.files)
    assert (again.key, again.version) == (package.key, package.version)
    assert Package.from_files(package.files, version="kept").version == "kept"


def test_broken_files_become_problems_not_crashes(changed: Change) -> None:
    for path in (AWARD, LAW, CITY):
        broken = build_catalog(changed(path, ":", ": : ["))
        assert {(p.file, p.rule, p.severity) for p in broken.problems} == {(path, "yaml", Severity.ERROR)}
    broken = build_catalog(changed(DIAGRAM, "</bpmn:definitions>", ""))
    assert [(p.file, p.rule) for p in broken.problems] == [(DIAGRAM, "xml")]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the miniature that may be spoiled."""
    shutil.copytree(MINIATURE, tmp_path / "tree")
    return tmp_path / "tree"


@pytest.mark.parametrize("path", [LAW, CITY])
def test_a_missing_file_stands_alone(copied: Path, path: str) -> None:
    (copied / path).unlink()
    found = check_path(copied / "processes")
    assert [(p.file, p.rule) for p in found] == [(path, "missing_file")]


def test_what_is_called_like_a_file_and_is_none_is_named(copied: Path) -> None:
    folder, pipe, broken = (str(PurePosixPath(LAW).with_name(name)) for name in ("a.yaml", "b.yaml", "c.yaml"))
    (copied / folder).mkdir()
    os.mkfifo(copied / pipe)
    (copied / broken).symlink_to("nowhere")
    found = {p.file: p for p in check_path(copied / "processes") if p.rule == "not_a_file"}
    assert set(found) == {folder, pipe, broken}
    assert found[pipe].severity is Severity.ERROR


def test_a_shared_piece_that_nobody_uses_yet_is_checked_too(copied: Path) -> None:
    unused = copied / "processes" / "shared" / "later.bpmn"
    notice = (copied / "processes" / "shared" / "notice.bpmn").read_text("utf-8")
    unused.write_text(notice.replace("shared_notice", "shared_later"), "utf-8")
    assert check_path(copied) == ()
    unused.write_text(unused.read_text("utf-8").replace('id="notice.close"', 'id="notice.clothe"'), "utf-8")
    for path in (copied, copied / "processes" / "shared", unused):
        assert [(p.rule, p.file) for p in check_path(path)] == [("unknown_operation", "processes/shared/later.bpmn")]
    assert check_path(copied / "processes" / "lakeside") == ()


KEY = "lakeside/star_award"


def version(files: Mapping[str, bytes]) -> str:
    return build_catalog(files).package(KEY).version


def test_the_version_changes_with_any_file_of_the_closure(tree: Mapping[str, bytes], changed: Change) -> None:
    before = version(tree)
    for path in build_catalog(tree).package(KEY).files:
        assert version({**tree, path: tree[path] + b"\n"}) != before, path
    assert version(changed(PARAMETERS, "value: 10", "value: 9")) != before


def test_what_is_said_of_running_cases_alone_leaves_what_seasons_rest_on(tree: Mapping[str, bytes]) -> None:
    text = tree[LAW].decode()
    silent, spoken, other = (
        build_catalog({**tree, LAW: content.encode()}).package(KEY)
        for content in (
            text,
            set_amendment(
                text, {"applies_to_running": True, "clauses": ["LS-4"], "note": "修改决定：" + "按新的办。" * 40}
            ),
            text.replace("湖滨", "湖畔", 1),
        )
    )
    assert len({silent.version, spoken.version, other.version}) == 3
    assert played_version(silent) == played_version(spoken) == silent.version
    assert played_version(other) != played_version(silent)
    assert rests_on(silent.version, spoken), "a play from before it was said"
    assert rests_on(spoken.version, spoken)
    assert not rests_on(silent.version, other)


def test_shared_pieces_nobody_uses_are_not_part_of_it(tree: Mapping[str, bytes]) -> None:
    unused = tree[NOTICE].replace(b"shared_notice", b"shared_other")
    files = {
        **tree,
        "processes/shared/other.bpmn": unused,
        "processes/shared/documents/other.yaml": b"id: other\ntitle: x\nparagraphs: [x]\n",
        "forms/shared/other.json": b'{"id": "other", "components": []}',
        "processes/scoring/other.yaml": b"edition: other\n",
    }
    assert version(files) == version(tree)


def test_shared_pieces_in_use_are_part_of_it(tree: Mapping[str, bytes]) -> None:
    files = build_catalog(tree).package(KEY).files
    assert NOTICE in files
    assert not any("scenarios" in path for path in files)


def test_a_scoring_edition_that_a_parameter_names_is_part_of_it(tree: Mapping[str, bytes], changed: Change) -> None:
    edition = (
        "  edition: {name: 标准, name_en: Edition, unit: text, clauses: [LS-4], source: stated, "
        "values: [{from: 2026-01-01, value: gbt-1}]}\nparameters_end"
    )
    files = changed(PARAMETERS, "parameters:\n", "parameters:\n" + edition.removesuffix("parameters_end"))
    with_scoring = {**files, "processes/scoring/gbt-1.yaml": b"edition: gbt-1\n"}
    assert "processes/scoring/gbt-1.yaml" in build_catalog(with_scoring).package(KEY).files


def test_the_version_changes_with_the_version_of_an_operation_it_calls(tree: Mapping[str, bytes]) -> None:
    files = build_catalog(tree).package(KEY).files
    known = dict(operations())
    newer = {**known, "notice.post": replace(known["notice.post"], version=99)}
    unrelated = {**known, "mail.send": replace(known["mail.send"], version=99)}
    assert Package.from_files(files, newer).version != Package.from_files(files, known).version
    assert Package.from_files(files, unrelated).version == Package.from_files(files, known).version


def test_files_are_known_as_those_of_a_version_after_the_operations_moved_on(tree: Mapping[str, bytes]) -> None:
    package = build_catalog(tree).package(KEY)
    known, drawn = dict(operations()), package.diagrams.values()
    newer = {name: replace(each, version=each.version + 1) for name, each in known.items() if name == "notice.post"}
    fewer = {name: each for name, each in known.items() if name != "notice.post"}
    for now in (known, {**known, **newer}, fewer):
        assert is_version_of(package.version, package.files, drawn, now)
        assert not is_version_of(package.version, {**package.files, "more.txt": b"x"}, drawn, now)
