"""What a proposal writes, in sentences: of two long values only what differs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest

from service.catalog import Catalog
from service.catalog.bpmn.change_element import change_element
from service.catalog.merge.text_marks import StretchKind
from service.catalog.names.field_names import naming_of
from service.catalog.names.written_words import written_words
from service.catalog.package import Package
from service.catalog.parameters.parameter_entries import set_value
from tests.support.bundled import bundled
from tests.support.raw_words import raw_words
from tests.unit.catalog.conftest import AWARD, DIAGRAM, PARAMETERS, Change

OLD = "candidates are those whose points are at least six hundred and whose kind is large, ordered by points, then by"


def test_of_two_long_values_only_what_differs_is_told(changed: Change, catalog: Catalog) -> None:
    package = catalog.package("lakeside/star_award")
    old, new = (changed(PARAMETERS, "Time to decide", f"{OLD} {end}") for end in ("name", "kind"))
    [sentence] = [one for file in written_words(package, old, new) for one in file.sentences]
    [(_, stretches)] = sentence.marked
    assert [(one.mark, one.text) for one in stretches if one.mark in (StretchKind.GONE, StretchKind.COMES)] == [
        (StretchKind.GONE, "name"),
        (StretchKind.COMES, "kind"),
    ]
    assert "then by name 改为 " in sentence.text.zh
    assert sentence.text.zh.endswith("then by kind")
    assert "candidates" not in sentence.text.zh


def test_of_a_formula_that_reads_another_setting_the_setting_is_told() -> None:
    known = bundled().package("urumqi/quality_award")
    path = "processes/urumqi/quality_award/round.bpmn"
    element, (name, said) = next(
        (e.id, item)
        for e in known.diagrams[path].elements.values()
        if e.operation
        for item in e.operation.parameters.items()
        if len(item[1]) > 60 and "param." not in item[1]
    )
    other = f"if param.cycle_years > 9 then null else {said}"
    files = dict(known.files)
    changed = {**files, path: change_element(files[path], path, element, {}, {name: other})}
    [told] = written_words(known, files, changed)
    [sentence] = told.sentences
    assert not sentence.marked
    assert sentence.text.zh.endswith(f"的公式改写，新读取参数“{known.award.parameters['cycle_years'].text.zh}”")
    assert name not in sentence.text.zh.partition("公式")[0], "what it is given by its name in the panel"


def test_of_a_list_of_facts_what_comes_and_goes_is_told() -> None:
    known = bundled().package("urumqi/quality_award")
    path = known.award_file
    files = dict(known.files)
    new = {**files, path: files[path].replace(b" deadline: date ", b" awaited_award: list ", 1)}
    assert new != files
    [told] = written_words(known, files, new)
    assert [sentence.text.zh.partition("：")[2] for sentence in told.sentences] == [
        "记录的事实增加 等待条件的奖项（名单），记录的事实去掉 申报截止日（日期）"
    ]


def test_a_clause_and_a_form_are_told_by_their_names(changed: Change, catalog: Catalog) -> None:
    package = catalog.package("lakeside/star_award")
    new = changed(DIAGRAM, 'name="clauses" value="LS-4"', 'name="clauses" value="LS-4,LS-5"')
    said = [one.text.zh for file in written_words(package, changed(DIAGRAM, "", ""), new) for one in file.sentences]
    assert any("由 第四条 改为 第四条、第五条" in one for one in said), said
    form = changed(DIAGRAM, 'name="form" value="decide"', 'name="form" value="other"')
    [told] = [one.text.zh for file in written_words(package, changed(DIAGRAM, "", ""), form) for one in file.sentences]
    assert "表单由 决定是否受理 改为 other" in told, "a form by its title"


def test_what_a_call_binds_is_told_by_articles() -> None:
    known = bundled().package("urumqi/quality_award")
    files = dict(known.files)
    path = next(
        p for p, content in files.items() if p.startswith("processes/urumqi/") and b"forming=WQ-11-5a" in content
    )
    changed = {**files, path: files[path].replace(b"forming=WQ-11-5a", b"forming=WQ-5-1,WQ-11-5a")}
    [told] = written_words(known, files, changed)
    said = "".join(sentence.text.zh for sentence in told.sentences)
    assert "forming" not in said
    assert "第五条" in said


def test_facts_and_whose_word_a_value_is_are_told_in_words(catalog: Catalog) -> None:
    package = catalog.package("lakeside/star_award")
    for field, said, told in (
        ("facts", "deadline：date，nobody_knows：number", "申报截止日（日期）、nobody_knows（数字）"),
        ("source", "default", "条文没有写明，本地选定"),
        ("slots", "posting=LS-4,LS-5 period=LS-5", "第四条、第五条"),
    ):
        naming = naming_of(field)
        assert naming is not None
        assert naming(package, said).zh == told


def test_which_values_a_procedure_hands_on_is_not_told() -> None:
    known = bundled().package("qingyuan/quality_award")
    files = dict(known.files)
    path = "processes/qingyuan/quality_award/deliberation.bpmn"
    changed = {
        **files,
        path: files[path].replace(b'value="agenda: context, ', b'value="agenda: context, told: context, '),
    }
    assert changed != files
    [told] = written_words(known, files, changed)
    assert told.sentences == (), "that something changed, and not what, says nothing either"


def told(package: Package, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    return "\n".join(one.text.zh for file in written_words(package, before, after) for one in file.sentences)


def emptied(path: str, content: bytes) -> bytes:
    """Return a piece that says x wherever it said anything: what its elements and entries are called stays."""
    if path.endswith(".bpmn"):
        return re.sub(rb"""(name="\w+" value=)("[^"]*"|'[^']*')""", rb'\1"x"', content)
    if path.endswith(".yaml") and "/scenarios/" not in path and "/documents/" not in path:
        return re.sub(rb"(?m)^( +(?!id:|name)\w+: )(?=[\w\[\"'])[^\n]+$", rb"\1x", content)
    return content


def test_values_from_days_on_are_told_with_their_unit(tree: Mapping[str, bytes], catalog: Catalog) -> None:
    text = tree[PARAMETERS].decode()
    new = set_value(text, "decision_working_days", 8, date(2027, 1, 1), amended=True)
    said = told(catalog.package("lakeside/star_award"), tree, {**tree, PARAMETERS: new.encode()})
    assert said == (
        "修改参数“受理决定期限”：取值由 10个工作日 改为 自2026年1月1日起 10个工作日（修改前的条文）；自2027年1月1日起 8个工作日"
    )


def test_a_default_flow_without_a_name_is_told_by_where_it_leads() -> None:
    known = bundled().package("qingyuan/quality_award")
    path = "processes/qingyuan/quality_award/deliberation.bpmn"
    bare = re.sub(rb'(id="any_quality_to_none_quality") name="[^"]*"', rb"\1", known.files[path])
    assert bare != known.files[path]
    without = bare.replace(b' default="any_quality_to_none_quality"', b"")
    assert "默认流 到“" in told(known, {path: without}, {path: bare})


def test_an_empty_part_of_a_file_is_told_by_its_name_alone(catalog: Catalog, changed: Change) -> None:
    package = catalog.package("lakeside/star_award")
    said = told(package, changed(AWARD, "", ""), changed(AWARD, "processes:\n", "actions: {}\nprocesses:\n"))
    assert said == "新增“办件动作”"


@pytest.mark.parametrize("key", ["kizilsu/quality_award", "qingyuan/quality_award"])
def test_no_identifier_stands_where_a_word_is_known(key: str) -> None:
    """Everything that a city writes, told as if each piece had just been written into an empty one."""
    known = bundled().package(key)
    new = dict(known.files)
    old = {path: emptied(path, content) for path, content in new.items()}
    assert raw_words(known, told(known, old, new).splitlines()) == []
