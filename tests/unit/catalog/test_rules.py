""""""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from service.casework.definitions.check import check_whole
from service.catalog import Package, Problem, Severity
from service.catalog.closure import collect_award_files
from tests.unit.catalog.conftest import AWARD, DIAGRAM, LAW, NOTICE, PARAMETERS, TABLE, Change

Check = Callable[[Mapping[str, bytes]], list[Problem]]
DAYS = 'value="param.notice_working_days"'
PLACE = "processes/lakeside/star_award"
DECIDE = "processes/lakeside/star_award/forms/decide.json"
ACCEPTED = "processes/lakeside/star_award/scenarios/accepted.yaml"
REFUSAL = "processes/lakeside/star_award/documents/refusal.yaml"


def says(name: str, value: str) -> str:
    """Return a property as a file writes it."""
    said = f'<spiffworkflow:property name="{name}" value="{value}" />'
    return (
        f"<bpmn:extensionElements><spiffworkflow:properties>{said}</spiffworkflow:properties></bpmn:extensionElements>"
    )


def test_the_miniature_has_no_problems(tree: Mapping[str, bytes], problems_of: Check) -> None:
    assert problems_of(tree) == []


@pytest.mark.parametrize(
    "path",
    [f"{PLACE}/parameters (1).yaml", f"{PLACE}/Scenarios/other.yaml", f"{PLACE}/scenarios/sub/other.yaml",
     f"{PLACE}/scenarios/other.yml", f"{PLACE}/form/other.json", f"{PLACE}/other.bpmn20.xml",
     "processes/lakeside/law (1).yaml", "forms/lakeside/sub/other.json"],
)  # fmt: skip
def test_a_file_that_nothing_reads_is_told(tree: Mapping[str, bytes], problems_of: Check, path: str) -> None:
    assert [(p.rule, p.file) for p in problems_of({**tree, path: b"a: 1"})] == [("file_name", path)]


def test_two_tables_of_one_decision_are_told(tree: Mapping[str, bytes], problems_of: Check) -> None:
    copy = TABLE.replace("eligibility.dmn", "eligibility (1).dmn")
    assert [(p.rule, p.file) for p in problems_of({**tree, copy: tree[TABLE]})] == [("duplicate_id", TABLE)]


def test_a_yaml_file_that_cannot_be_read_hides_what_only_follows_from_it(changed: Change, problems_of: Check) -> None:
    assert [(p.rule, p.file) for p in problems_of(changed(PARAMETERS, "parameters:", "parameters: ["))] == [
        ("yaml", PARAMETERS)
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('decision = "accept"', 'decision = "refuse" and decide.reason = "x"', False),
        ('decision = "accept"', 'decision = "accept" and decide.reason = "x"', True),
        ('decision = "accept"', 'decision = "accept" or decide.reason = "x"', True),
        (DAYS, 'value="if decide.reason = &quot;x&quot; then 5 else 7"', True),
        (DAYS, 'value="if decision = &quot;refuse&quot; then 5 else 7"', False),
    ],
)
def test_what_may_be_empty_where_it_decides_is_told_unless_the_field_is_shown(
    changed: Change, problems_of: Check, old: str, new: str, told: bool
) -> None:
    tree = changed(DIAGRAM, old, new)
    assert ("may_be_empty" in {problem.rule for problem in problems_of(tree)}) == told


def test_a_column_keeps_its_name_in_messages_whatever_a_property_of_that_name_is_called(
    tree: Mapping[str, bytes], problems_of: Check
) -> None:
    table = re.sub(
        rb'label="[^"]*"(.*?)<text>[^<]*', rb'label="due"\1<text>nobody', tree[TABLE], count=1, flags=re.DOTALL
    )
    (problem,) = (p for p in problems_of({**tree, TABLE: table}) if p.rule == "undeclared_name")
    assert problem.message.zh == "due：这里不能读取“nobody”。"


def test_a_document_issued_row_by_row_reads_the_row(changed: Change, problems_of: Check) -> None:
    files = dict(changed(REFUSAL, "{decide.reason}", "{row.reason}"))
    assert "undeclared_name" in {p.rule for p in problems_of(files)}
    rows = b'Operator id="document.issue_below">\n<spiffworkflow:parameters>'
    rows += b'<spiffworkflow:parameter id="rows" type="string" value="&quot;children&quot;" />'
    files[DIAGRAM] = re.sub(rb'Operator id="document.issue">\s*<spiffworkflow:parameters>', rows, files[DIAGRAM])
    assert "undeclared_name" not in {p.rule for p in problems_of(files)}


def test_a_message_nobody_sends_and_one_nobody_awaits(changed: Change, problems_of: Check) -> None:
    action = "actions:\n  stop: {process: application, name: 停, name_en: Stop, roles: [office], message: stopped}\nprocesses:"
    assert "message_never_caught" in {p.rule for p in problems_of(changed(AWARD, "processes:", action))}
    files = dict(changed(NOTICE, "<bpmn:timerEventDefinition", '<bpmn:messageEventDefinition messageRef="m" /><!--'))
    files[NOTICE] = files[NOTICE].replace(b"</bpmn:timerEventDefinition>", b"-->")
    assert [p.rule for p in problems_of(files)] == ["stale_reference"]
    files[NOTICE] = files[NOTICE].replace(b"<bpmn:process ", b'<bpmn:message id="m" name="over" /><bpmn:process ', 1)
    assert "message_never_sent" in {p.rule for p in problems_of(files)}


IDLE = (
    "parameters:\n  who_decides:\n    name: 由谁决定\n    name_en: Who decides\n    unit: choice\n    choices: [office, clerk]\n"
    "    source: default\n    question: 没有写明。\n    values: [{from: 2026-01-01, value: office}]\n"
)


def test_a_setting_that_nothing_reads_is_idle(changed: Change, problems_of: Check) -> None:
    assert [p.rule for p in problems_of(changed(PARAMETERS, "parameters:\n", IDLE))] == ["idle_parameter"]
    by_the_program = IDLE.replace("    unit", "    key: notice_day_one\n    unit")
    assert problems_of(changed(PARAMETERS, "parameters:\n", by_the_program)) == []


def test_a_number_that_nothing_reads_does_not_carry_its_clause_out(changed: Change, problems_of: Check) -> None:
    told = "parameters:\n  least:\n    name: 最低分\n    name_en: Least\n    unit: points\n    clauses: [LS-2]\n    source: stated\n    value: 550\n"
    files = dict(changed(PARAMETERS, "parameters:\n", told))
    (problem,) = problems_of(files)
    assert (problem.rule, problem.element) == ("cited_not_read", "parameters.least")
    assert "引用了，但参数没有用上：“最低分”" in problem.message.zh
    fixed = told.replace("    value", "    minimum: 550\n    maximum: 550\n    value")
    assert problems_of(changed(PARAMETERS, "parameters:\n", fixed)) == []
    filled = b'name="prefill" value="{'
    files[DIAGRAM] = files[DIAGRAM].replace(filled, filled + b"reason: string(param.least), ", 1)
    assert problems_of(files) == []


def test_an_organisation_has_a_task_in_a_case_that_others_start_without_naming_it(
    changed: Change, problems_of: Check
) -> None:
    role = 'name="role" value="{}"'
    files = dict(changed(DIAGRAM, role.format("office"), role.format("applicant")))
    assert "subject_missing" not in {p.rule for p in problems_of(files)}
    files[AWARD] = files[AWARD].replace(b"started_by: [applicant]", b"started_by: [office]")
    assert ("subject_missing", "processes.application.started_by") in {(p.rule, p.element) for p in problems_of(files)}
    files[AWARD] = files[AWARD].replace(b"started_by: [office]", b"started_by: [office]\n    one_per_subject: true")
    assert "subject_missing" not in {p.rule for p in problems_of(files)}


def test_clauses_left_for_later_are_warnings(changed: Change, problems_of: Check) -> None:
    files = dict(changed(LAW, ", informative: 立法目的，没有可执行的行为。", ""))
    files[LAW] += "not_modelled_yet: {clauses: [LS-1], reason: 下一版再建。}\n".encode()
    assert [(p.rule, p.severity) for p in problems_of(files)] == [("uncovered_clause", Severity.WARNING)]


def test_the_day_after_another_is_no_period(changed: Change, problems_of: Check) -> None:
    beside = """reply:
    {name: 申报期限, name_en: Reply, unit: calendar_days, clauses: [LS-4], source: stated, exactly: 30}
  notice_working_days:"""
    files = dict(changed(PARAMETERS, "notice_working_days:", beside))
    due = b"workdays(param.decision_working_days"
    for length, told in (("P1D", []), ("P2D", ["literal_beyond_law"])):
        later = due + f", today() + duration(&quot;{length}&quot;)".encode()
        found = problems_of({**files, DIAGRAM: files[DIAGRAM].replace(due, later)})
        assert [p.rule for p in found if p.rule == "literal_beyond_law"] == told


def test_a_clause_that_a_sibling_award_carries_out_is_not_missing(changed: Change, problems_of: Check) -> None:
    files = dict(changed(LAW, ", informative: 立法目的，没有可执行的行为。", ""))
    assert "uncovered_clause" in {p.rule for p in problems_of(files)}
    sibling = {path.replace("star_award", "moon_award"): data for path, data in files.items() if "star_award" in path}
    moved = sibling[AWARD.replace("star", "moon")].replace(b"id: star_award\nname", b"id: moon_award\nname")
    sibling[AWARD.replace("star", "moon")] = moved.replace(b"clauses: [LS-2]", b"clauses: [LS-1]")
    assert problems_of({**files, **sibling}) == []


def test_a_setting_declares_every_clause_that_it_decides_on(changed: Change, problems_of: Check) -> None:
    lax = (
        IDLE.replace("who_decides", "years_asked")
        .replace("[office, clerk]", "[asked, waived]")
        .replace("value: office", "value: asked")
    )
    files = dict(changed(PARAMETERS, "parameters:\n", lax))
    files[TABLE] = files[TABLE].replace(
        b"param.min_years", b'(if param.years_asked = "waived" then 0 else param.min_years)', 1
    )
    assert files[TABLE] != changed(PARAMETERS, "parameters:\n", lax)[TABLE]
    found = problems_of(files)
    assert {p.rule for p in found} == {"undeclared_reach"}
    clauses = {word for p in found for word in re.findall(r"LS-\d+", p.message.zh)}
    told = "    touches: [" + ", ".join(sorted(clauses)) + "]\n    unit"
    files[PARAMETERS] = changed(PARAMETERS, "parameters:\n", lax.replace("    unit", told, 1))[PARAMETERS]
    assert problems_of(files) == []
    files[PARAMETERS] = files[PARAMETERS].replace(b"touches: [LS-", b"touches: [LS-99, LS-", 1)
    assert [p.rule for p in problems_of(files)] == ["unknown_clause"]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ('"label": "听取了谁", "properties": {"personal": "true"}', "personal_purpose"),
        ('"label": "听取了谁", "properties": {"personal": true, "purpose": "办理"}', "personal_purpose"),
        ('"label": "听取了谁", "properties": {"personal": "true", "purpose": "记录听取了谁的意见"}', ""),
        ('"label": "听取了谁", "properties": {"personal": "true", "clauses": "LS-4"}', ""),
        ('"label": "听取了谁", "readonly": true, "properties": {"personal": "true"}', ""),
        ('"label": "证件", "properties": {"check": "identity_number"}', "personal_unmarked"),
        ('"label": "去信", "validate": {"validationType": "email"}', "personal_unmarked"),
        ('"label": "联系电话"', "personal_unmarked"),
        ('"label": "咨询电话", "properties": {"personal": "false"}', ""),
        ('"label": "咨询电话", "properties": {"purpose": "供公众咨询"}', ""),
    ],
)
def test_personal_data_are_marked_and_asked_for_with_a_purpose_or_by_a_clause(
    changed: Change, problems_of: Check, field: str, told: str
) -> None:
    start = '"components": ['
    line = f'{start}{{"type": "group", "id": "group_heard", "label": "听取", "components": [{{"type": "textfield", "id": "heard", "key": "heard", {field}}}]}},'
    found = problems_of(changed(DECIDE, start, line))
    assert [(p.rule, p.element) for p in found] == ([(told, "heard")] if told else [])


@pytest.mark.parametrize(
    ("content", "rule"),
    [(b"<a>" * 300 + b"</a>" * 300, "xml"), (b"<oops", "xml"), (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "xml")],
)
def test_a_shared_diagram_that_cannot_be_read_is_itself_named(
    tree: Mapping[str, bytes], problems_of: Check, content: bytes, rule: str
) -> None:
    found = problems_of({**tree, NOTICE: content})

    assert [(p.file, p.rule, p.line) for p in found] == [(NOTICE, rule, 1)]


@pytest.mark.parametrize(
    ("own", "shared"),
    [
        (DECIDE, "forms/shared/decide.json"),
        (TABLE, "processes/shared/eligibility.dmn"),
        (REFUSAL, "processes/shared/documents/refusal.yaml"),
    ],
    ids=["form", "table", "document"],
)
def test_a_piece_that_all_places_share_cites_no_clause_of_one(
    tree: Mapping[str, bytes], problems_of: Check, own: str, shared: str
) -> None:
    moved = {**{path: content for path, content in tree.items() if path != own}, shared: tree[own]}
    found = [p for p in problems_of(moved) if p.rule == "clause_in_shared"]
    assert {p.file for p in found} == {shared}


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


def only(found: list[Problem]) -> Problem:
    assert len(found) == 1
    return found[0]


def test_a_flow_is_named_by_what_it_connects(changed: Change, problems_of: Check) -> None:
    flow = '<bpmn:sequenceFlow id="decided" sourceRef="decide" targetRef="accepted" />'
    condition = "<bpmn:conditionExpression>exam.result = &quot;met&quot;</bpmn:conditionExpression></bpmn:sequenceFlow>"
    problem = only(problems_of(changed(DIAGRAM, flow, flow.replace(" />", f">{condition}"))))
    assert (problem.rule, problem.element) == ("ignored_condition", "decide")
    assert problem.message.zh == "连线“从‘决定是否受理’到‘是否受理’”从“决定是否受理”流出，其条件会被忽略。"
    assert problem.message.en.startswith("The condition on flow “from ‘决定是否受理’ to ‘是否受理’” out of")
    assert problem.place is not None
    assert problem.place.zh == "任务“决定是否受理”"


@pytest.mark.parametrize(
    ("file", "old", "new", "element", "place"),
    [
        (DIAGRAM, ' name="决定是否受理"', "", "decide", "“条件是否具备”之后未命名的任务"),
        (DIAGRAM, "exam.result", "ezam.result", "is_eligible", "从‘条件是否具备’到‘决定是否受理’的连线（具备或未查明）"),
        (PARAMETERS, "value: 10", "value: 11", "parameters.decision_working_days.values", "参数“受理决定期限”"),
        (TABLE, "apply.founded", "apply.grounded", "founded_long_enough", "第 1 行“成立年限”"),
    ],
)  # fmt: skip
def test_a_place_is_called_as_people_see_it(
    changed: Change, problems_of: Check, file: str, old: str, new: str, element: str, place: str
) -> None:
    found = next(problem for problem in problems_of(changed(file, old, new)) if problem.element == element)
    assert found.place is not None
    assert found.place.zh == place


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (DIAGRAM, 'name="routes" value="decision"', 'name="routes" value="verdict"',
         "“verdict” of the fields that later decisions read (routes) is no field of form “决定是否受理” (decide)."),  # a task has the same id
        (TABLE, "apply.founded", "apply.grounded", "是否符合: form “申报” (apply) has no “grounded”."),
    ],
)  # fmt: skip
def test_a_form_is_named_by_its_title(
    changed: Change, problems_of: Check, file: str, old: str, new: str, message: str
) -> None:
    assert message in [problem.message.en for problem in problems_of(changed(file, old, new))]


def test_a_formula_is_called_as_the_panel_calls_it_in_both_languages(changed: Change, problems_of: Check) -> None:
    problem = only(problems_of(changed(DIAGRAM, 'exam.result != "not_met"', 'ezam.result = "met"')))
    assert (problem.message.zh, problem.message.en) == (
        "条件：这里不能读取“ezam”。",
        "condition: “ezam” cannot be read here.",
    )
    due = only(problems_of(changed(DIAGRAM, 'name="due" value="', 'name="due" value="nothing + ')))
    assert due.message.zh.startswith("法定期限：")
    assert due.message.en.startswith("statutory limit:")
