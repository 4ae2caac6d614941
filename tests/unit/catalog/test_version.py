from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from service.catalog import Package, build_catalog
from service.catalog.law_text.register import set_amendment
from service.catalog.played_version import played_version, rests_on
from service.catalog.version import is_version_of
from service.sdk import operations
from tests.unit.catalog.conftest import LAW, NOTICE, PARAMETERS, Change

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
