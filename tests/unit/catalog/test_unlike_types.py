"""Formulas and tables whose types do not fit: each once came to a wrong result without a word."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

import handlers
from service.catalog import Problem
from tests.support.tables import rows
from tests.unit.catalog.conftest import AWARD, DIAGRAM, PARAMETERS

handlers.load()
LETTER = "processes/lakeside/star_award/documents/refusal.yaml"
DECIDE = "processes/lakeside/star_award/forms/decide.json"

Tree = Mapping[str, bytes]
Check = Callable[[Tree], list[Problem]]
FLOW, DECISION, DUE = 'exam.result != "not_met"', 'decision = "accept"', "workdays(param.decision_working_days)"
FACTS = (
    "{stage: string}",
    "{stage: string, on_day: date, at: date and time, amount: number, people: list, ok: boolean}",
)
_TABLE = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="band_definitions" name="档次" namespace="urn:laurel">'
    '<decision id="band" name="档次"><decisionTable id="band_table" hitPolicy="FIRST"><input id="i0" label="事迹">'
    '<inputExpression id="e0" typeRef="{kind}"><text>{text}</text></inputExpression></input>'
    '<output id="o0" name="band" typeRef="{result}" /><rule id="r0"><inputEntry id="a0"><text>{cell}</text></inputEntry>'
    '<outputEntry id="b0"><text>{gives}</text></outputEntry></rule><rule id="r1"><inputEntry id="a1"><text>-</text></inputEntry>'
    '<outputEntry id="b1"><text>"low"</text></outputEntry></rule></decisionTable></decision></definitions>'
)  # fmt: skip


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def told(problems: list[Problem]) -> set[str]:
    return {str(problem.rule) for problem in problems} - {
        "cited_not_read",
        "idle_parameter",
        "fact_never_set",
        "may_be_empty",
    }


def in_diagram(tree: Tree, old: str, new: str) -> Tree:
    source, wanted = tree[DIAGRAM].decode(), old if old in tree[DIAGRAM].decode() else escaped(old)
    assert wanted in source
    facts = tree[AWARD].decode().replace(*FACTS)
    return {**tree, DIAGRAM: source.replace(wanted, escaped(new)).encode(), AWARD: facts.encode()}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (FLOW, 'exam.result != "notmet"', "unknown_option"),
        (FLOW, "workdays(param.min_years) > now()", "argument_type"),
        (FLOW, "caldays(param.decision_working_days) > now()", "argument_type"),
        (FLOW, "count(exam.failed)", "not_boolean"),
        (FLOW, "case.stage", "not_boolean"),
        (FLOW, "null", "not_boolean"),
        (FLOW, 'if case.ok then "yes" else "no"', "not_boolean"),
        (DECISION, 'decision = "accepted"', "unknown_option"),
        (FLOW, "case.on_day = today()", "types_differ"),
        (FLOW, 'param.min_years >= duration("P3Y")', "types_differ"),
        (FLOW, 'exam.resullt != "not_met"', "undeclared_fact"),
        (FLOW, "(today() - date(case.on_day)).days >= param.min_years", "unit_differs"),
        (FLOW, "workdays between(case.on_day, today()) > param.min_years", "unit_differs"),
        (DUE, '"2026年3月31日"', "no_instant"),
        (DUE, '"P10D"', "no_instant"),
        (DUE, 'duration("P5D")', "no_instant"),
        (DUE, "10", "no_instant"),
        (DUE, "case.amount", "no_instant"),
        (DUE, 'duration("P1M")', "no_instant"),
        (DUE, "case.people", "no_instant"),
        (FLOW, "true", "threshold_always"),
        (FLOW, "1 = 2", "threshold_never"),
        ('value=\'"eligibility"\'', "value='12'", "parameter_type"),
        ("param.notice_working_days\" />", "string(param.notice_working_days)\" />", "parameter_type"),
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_meant_is_told(tree: Tree, problems_of: Check, old: str, new: str, rule: str):
    if old.startswith("value="):
        changed: Tree = {**tree, DIAGRAM: tree[DIAGRAM].replace(old.encode(), new.encode())}
    elif old.startswith("param."):
        changed = {**tree, DIAGRAM: tree[DIAGRAM].replace(old.encode(), new.encode())}
    else:
        changed = in_diagram(tree, old, new)
    assert told(problems_of(changed)) == {rule}


@pytest.mark.parametrize(("place", "new"), rows("types", "fits"))
def test_a_formula_that_fits_is_left_alone(tree: Tree, problems_of: Check, place: str, new: str):
    old = {"flow": FLOW, "decision": DECISION, "due": DUE}[place]
    assert told(problems_of(in_diagram(tree, old, new))) == set()


@pytest.mark.parametrize(
    ("kind", "text", "rules"),
    [
        *(("timeDuration", text, {"no_instant"}) for text in ('"P0D"', '"-P1D"', '"-P1M"', 'duration("P0D")', 'duration("-P1M")')),
        ("timeDuration", '"P1D"', set()), ("timeDuration", '"P1M"', set()),
        ("timeCycle", '"R0/P1D"', {"no_instant"}), ("timeCycle", '"R2/P1D"', set()), ("timeCycle", '"R/P1D"', set()),
    ],
)  # fmt: skip
def test_a_timer_waits_for_something_once_at_least(
    tree: Tree, problems_of: Check, kind: str, text: str, rules: set[str]
):
    timer = (
        '<bpmn:boundaryEvent id="wait" name="等候" attachedToRef="decide" cancelActivity="false"><bpmn:outgoing>f_wait</bpmn:outgoing>'
        f"<bpmn:timerEventDefinition><bpmn:{kind}>{escaped(text)}</bpmn:{kind}></bpmn:timerEventDefinition>"
        '</bpmn:boundaryEvent><bpmn:endEvent id="waited" name="等候完毕"><bpmn:incoming>f_wait</bpmn:incoming></bpmn:endEvent>'
        '<bpmn:sequenceFlow id="f_wait" sourceRef="wait" targetRef="waited" /><bpmn:userTask id="decide"'
    )
    changed = {**tree, DIAGRAM: tree[DIAGRAM].replace(b'<bpmn:userTask id="decide"', timer.encode())}
    assert told(problems_of(changed)) & {"no_instant", "short_cycle", "month_cycle"} == rules


@pytest.mark.parametrize(
    ("collection", "enough", "rule"),
    [
        *((text, "nrOfCompletedInstances > 1", "not_a_list") for text in ("[1..3]", '"abc"', "3", "case.stage", "null", "count([1])")),
        ("[1, 2]", '"yes"', "not_boolean"),
        ("[1, 2]", "nrOfCompletedInstances", "not_boolean"),
        ("[1, 2]", "1 > 2", "threshold_never"),
    ],
)  # fmt: skip
def test_a_list_is_done_one_by_one_until_a_condition_holds(
    tree: Tree, problems_of: Check, collection: str, enough: str, rule: str
):
    loop = (
        f"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>{escaped(collection)}</bpmn:loopDataInputRef>"
        f'<bpmn:inputDataItem id="w" name="w"/><bpmn:completionCondition>{escaped(enough)}</bpmn:completionCondition>'
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    changed = {**tree, DIAGRAM: tree[DIAGRAM].replace(b"</bpmn:userTask>", loop.encode())}
    assert told(problems_of(changed)) == {rule}


@pytest.mark.parametrize(
    ("kind", "expression", "cell", "result", "gives", "rule"),
    [
        ("date", "apply.founded", '>= date("2020-01-01")', "string", '"high"', "column_type"),
        ("number", "apply.merit", ">= 100", "string", '"high"', "column_type"),
        ("", "decide.decision", '"accepted"', "string", '"high"', "unknown_option"),
        ("string", "decide.decision", '"accept", "acept"', "string", '"high"', "unknown_option"),
        ("numbr", "case.amount", "> 3", "string", '"high"', "column_type"),
        ("number", "case.amount", "> 3", "strng", '"high"', "column_type"),
        ("number", "case.amount", ">= 1,000", "string", '"high"', "grouped_digits"),
        ("number", "case.amount", "[1..1,000]", "string", '"high"', "grouped_digits"),
        ("number", "case.amount", "> 3", "number", '"high"', "column_type"),
        ("string", "apply.merit", "true", "string", '"high"', "types_differ"),
        ("number", "case.amount", "contains(\"a\")", "string", '"high"', "feel_call"),
        ("number", "case.amount", "> 3", "string", "", "output_empty"),
        ("number", "case.amount", "> 5", "string", 'substring("a", 0)', "always_null"),
        ("number", "case.amount", "> 3", "string", "case.amount + 1", "column_type"),
        ("number", "case.amount", "> 3", "string", "apply.merits", "undeclared_fact"),
    ],
)  # fmt: skip
def test_a_table_whose_types_do_not_fit_is_told(
    tree: Tree, problems_of: Check, kind: str, expression: str, cell: str, result: str, gives: str, rule: str
):
    text = _TABLE.format(kind=kind, text=expression, cell=escaped(cell), result=result, gives=escaped(gives))
    if result == "number":
        text = text.replace("&quot;low&quot;", "1").replace('"low"', "1")
    file = DIAGRAM.replace("application.bpmn", "band.dmn")
    facts = tree[AWARD].decode().replace(*FACTS).encode()
    found = told(problems_of({**tree, file: text.encode(), AWARD: facts})) - {"table", "feel_syntax"}
    assert found == {rule}


def test_a_finding_is_compared_with_a_result_that_there_is(tree: Tree, problems_of: Check):
    letter = next(name for name in tree if name.endswith("documents/refusal.yaml"))
    misspelt = tree[letter].replace(b'result = "not_met"', b'result = "notmet"')
    assert misspelt != tree[letter]
    assert told(problems_of({**tree, letter: misspelt})) == {"unknown_option"}


@pytest.mark.parametrize(
    ("file", "old", "new", "rules"),
    [
        (LETTER, "{subject.name}", "{subject.nmae}", {"undeclared_fact"}),
        (LETTER, "{f.text}", "{f.txt}", {"undeclared_fact"}),
        (LETTER, "{f.text}", "{f}", {"record_in_text"}),
        (LETTER, "{decide.reason}", "{findings}{[1..3]}", {"record_in_text"}),
        (LETTER, "each: 'findings[result = \"not_met\"]'", "each: decide", {"not_a_list"}),
        (LETTER, "{f.text}", "{f.text}{f.unknown[1]}", set()),
        (AWARD, "title: '{subject.name}'", "title: '{subject.nmae}'", {"undeclared_fact"}),
        (LETTER, "{decide.reason}", "｛decide.reason｝", {"lone_brace"}),
        (LETTER, "{decide.reason}", "${decide.reason}", {"lone_brace"}),
        (LETTER, "{decide.reason}", "｛一｝US${decide.reason}", set()),
    ],
)
def test_a_text_is_filled_with_what_there_is(
    tree: Tree, problems_of: Check, file: str, old: str, new: str, rules: set[str]
):
    text = tree[file].decode()
    assert old in text
    assert told(problems_of({**tree, file: text.replace(old, new).encode()})) == rules


@pytest.mark.parametrize(
    ("prefill", "rules"),
    [
        ("{condition: exam.result}", {"prefill_not_in_form"}),
        ("{conditions: {met: exam.result}}", {"prefill_not_in_form"}),
        ("{found: exam.result, conditions: found}", set()),
        ("{conditions: exam.result, reason: null}", set()),
    ],
)
def test_first_values_are_of_fields(tree: Tree, problems_of: Check, prefill: str, rules: set[str]):
    assert told(problems_of(in_diagram(tree, "{conditions: exam.result}", prefill))) == rules


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('=decision != \\"refuse\\"', '=decision != \\"refused\\"', "unknown_option"),
        ('=decision != \\"refuse\\"', "=decision", "not_boolean"),
        ('=decision != \\"refuse\\"', "=decision > 3", "types_differ"),
        ('conditions != \\"unknown\\"', "conditions.result", "no_property"),
        ('"rule": "decision', '"rule": "reason + 1 > 2 or decision', "operand_type"),
    ],
)
def test_a_formula_of_a_form_is_told(tree: Tree, problems_of: Check, old: str, new: str, rule: str):
    assert old.encode() in tree[DECIDE]
    assert told(problems_of({**tree, DECIDE: tree[DECIDE].replace(old.encode(), new.encode())})) == {rule}


BOX = '"components": [{"type": "checkbox", "id": "field_urgent", "key": "urgent", "label": "加急", "properties": {"label_en": "Urgent"$}#}, '


@pytest.mark.parametrize(
    ("asks", "more", "beside", "rules"),
    [
        ("urgent = false", "", "", {"box_unticked"}),
        ("false != urgent", "", "", {"box_unticked"}),
        ("not(urgent)", "", "", {"box_unticked"}),
        ("urgent in (false)", "", "", {"box_unticked"}),
        ("urgent != true", "", "", set()),
        ("not(urgent = true)", "", "", set()),
        ("urgent = false", ', "unticked": "false"', "", set()),
        ("urgent = false", "", ', "defaultValue": false', set()),
        ("urgent = false", "", ', "readonly": true', set()),
    ],
)
def test_a_box_that_left_alone_says_nothing_is_not_asked_for_false(
    tree: Tree, problems_of: Check, asks: str, more: str, beside: str, rules: set[str]
):
    box, form = BOX.replace("$", more).replace("#", beside), tree[DECIDE].decode()
    source = tree[DIAGRAM].decode().replace('name="routes" value="decision"', 'name="routes" value="decision, urgent"')
    source = source.replace("decision: string", "decision: string, urgent: boolean")
    routed = {DIAGRAM: source.replace(f">{DECISION}<", f">{DECISION} and ({asks})<").encode()}
    assert routed[DIAGRAM] != source.encode()
    assert told(problems_of({**tree, **routed, DECIDE: form.replace('"components": [', box).encode()})) == rules
    hidden = form.replace('=decision != \\"refuse\\"', f"={asks}")
    assert told(problems_of({**tree, DECIDE: hidden.replace('"components": [', box).encode()})) == rules


def test_a_setting_that_counts_is_not_negative(tree: Tree, problems_of: Check):
    changed = tree[PARAMETERS].replace(b"maximum: 10\n    value: 10", b"maximum: 10\n    value: -1")
    assert changed != tree[PARAMETERS]
    assert told(problems_of({**tree, PARAMETERS: changed})) == {"value_unit"}


CONFER = """<spiffworkflow:serviceTaskOperator id="register.confer">
          <spiffworkflow:parameters>
            <spiffworkflow:parameter id="rows" type="string" value='"for w in case.people return {case: w.id, tier: \\"star_award\\"}"' />
            <spiffworkflow:parameter id="round" type="string" value='"2026"' />
            <spiffworkflow:parameter id="decided_on" type="date" value="today()" />
            <spiffworkflow:parameter id="prize_from" type="string" value='"if row.$ &gt; 100 then 2000 else 1000"' />
          </spiffworkflow:parameters>
        </spiffworkflow:serviceTaskOperator>"""


@pytest.mark.parametrize(("column", "rules"), [("staff", {"undeclared_fact"}), ("case", set())])
def test_a_prize_formula_reads_the_columns_of_its_rows(tree: Tree, problems_of: Check, column: str, rules: set[str]):
    source = tree[DIAGRAM].decode()
    start = source.index('<spiffworkflow:serviceTaskOperator id="document.issue">')
    end = source.index("</spiffworkflow:serviceTaskOperator>", start) + len("</spiffworkflow:serviceTaskOperator>")
    changed = source[:start] + CONFER.replace("$", column) + source[end:]
    facts = tree[AWARD].decode().replace(*FACTS)
    assert told(problems_of({**tree, DIAGRAM: changed.encode(), AWARD: facts.encode()})) == rules


STAFF = (
    '"components": [',
    '"components": [{"type": "number", "id": "field_staff", "key": "staff", "label": "人数", '
    '"validate": {"min": 0, "max": 100}, "properties": {"label_en": "Staff"}}, ',
)
POINTS = (
    "parameters:\n",
    (
        "parameters:\n  least: {name: 入围分, name_en: Least, unit: points, clauses: [LS-3], source: stated, value: 600}\n"
        "  off: {name: 下限, name_en: Minimum, unit: points, clauses: [LS-3], source: stated, value: 0}\n"
    ),
)


@pytest.mark.parametrize(
    ("formula", "rules"),
    [
        ("apply.staff > 100", {"threshold_never"}),
        ("apply.staff >= param.least", {"threshold_never"}),
        ("apply.staff * 10 > 1000", {"threshold_never"}),
        ("apply.staff between 101 and 200", {"threshold_never"}),
        ("apply.staff in [101..200]", {"threshold_never"}),
        ("apply.staff in (> 100)", {"threshold_never"}),
        ("apply.staff = 101", {"threshold_never"}),
        ("apply.staff != 101", {"threshold_always"}),
        ("apply.staff >= 0", {"threshold_always"}),
        ("apply.staff >= param.off", set()),  # a setting of 0 turns a minimum off
        ("apply.staff in [0..60]", set()),
        ("apply.staff >= 100", set()),
        ("apply.staff + 1 > 100", set()),
        ("param.least > 700", set()),  # a setting may be another tomorrow
    ],
)
def test_a_threshold_is_within_the_bounds_of_what_it_is_compared_with(
    tree: Tree, problems_of: Check, formula: str, rules: set[str]
):
    table, apply = AWARD.replace("award.yaml", "eligibility.dmn"), DECIDE.replace("decide", "apply")
    text = tree[table].decode()
    start = text.index("<text>date(apply.founded)") + len("<text>")
    changed = text[:start] + escaped(formula) + " and " + text[start:]
    form, parameters = tree[apply].decode().replace(*STAFF), tree[PARAMETERS].decode().replace(*POINTS)
    found = problems_of({**tree, table: changed.encode(), apply: form.encode(), PARAMETERS: parameters.encode()})
    assert told(found) & {"threshold_never", "threshold_always"} == rules


@pytest.mark.parametrize(
    ("setting", "rule"),
    [
        ("unit: points, of: 100, value: 120", "threshold_never"),
        ("unit: points, of: 100, value: 100", ""),
        ('unit: fraction, value: "60%"', "value_unit"),
        ("unit: fraction, value: 2/3", ""),
    ],
)
def test_a_setting_keeps_to_its_scale(tree: Tree, problems_of: Check, setting: str, rule: str):
    added = f"parameters:\n  least: {{name: 线, name_en: Least, clauses: [LS-3], source: stated, {setting}}}\n"
    changed = tree[PARAMETERS].decode().replace("parameters:\n", added)
    found = told(problems_of({**tree, PARAMETERS: changed.encode()}))
    assert found & {"threshold_never", "value_unit"} == ({rule} if rule else set())


def test_a_negation_without_brackets_is_written_with_them(tree: Tree, problems_of: Check):
    problems = problems_of(in_diagram(tree, FLOW, 'not exam.result = "met"'))
    assert [problem.remedy.zh for problem in problems] == ["否定写成 not(exam …)。"]


@pytest.mark.parametrize(
    ("policy", "rows", "values", "rules"),
    [
        ("FIRST", (("null", '"a"'), ("-", '"b"')), "", set()),
        ("FIRST", (("not(null)", '"a"'), ("-", '"b"')), "", set()),
        ("FIRST", (("? != null", '"a"'), ("-", '"b"')), "", set()),
        ("ANY", (('"x"', '"a"'), ('"x", "y"', '"b"')), "", {"table"}),
        ("ANY", (('"x"', '"a"'), ('"x", "y"', '"a"')), "", set()),
        ("FIRST", (('"x"', '"gold"'), ("-", '"a"')), '"a", "b"', {"table"}),
        ("FIRST", (('"x"', '"a"'), ("-", '"b"')), '"a", "b"', set()),
        ('COLLECT" aggregation="SUM', (('"x"', '"1"'),), "", {"column_type"}),
        ('FIRST" aggregation="SUM', (('"x"', '"a"'), ("-", '"b"')), "", {"hit_policy"}),
        ('COLLECT" aggregation="AVG', (('"x"', '"a"'), ("-", '"b"')), "", {"hit_policy"}),
        ("FIRST", (), "", {"table_gap"}),
    ],
)
def test_rows_of_a_table_give_what_they_say(
    tree: Tree, problems_of: Check, policy: str, rows: tuple[tuple[str, str], ...], values: str, rules: set[str]
):
    lines = "".join(
        f'<rule id="r{n}"><inputEntry id="a{n}"><text>{escaped(test)}</text></inputEntry>'
        f'<outputEntry id="b{n}"><text>{escaped(gives)}</text></outputEntry></rule>'
        for n, (test, gives) in enumerate(rows)
    )
    listed = f'<outputValues id="v"><text>{escaped(values)}</text></outputValues>' if values else ""
    text = _TABLE.format(kind="string", text="apply.merit", cell="", result="string", gives="")
    head, end = text[: text.index("<rule ")], "</decisionTable></decision></definitions>"
    head = head.replace('"FIRST"', f'"{policy}"').replace(
        'typeRef="string" /><', f'typeRef="string">{listed}</output><'
    )
    head = head.replace('typeRef="string" />', f'typeRef="string">{listed}</output>')
    file = DIAGRAM.replace("application.bpmn", "band.dmn")
    assert told(problems_of({**tree, file: f"{head}{lines}{end}".encode()})) - {"unused_piece"} == rules


@pytest.mark.parametrize(
    ("first", "second", "is_told"),
    [
        ("case.amount > 3", "case.amount > 5", True),
        ("case.amount > 5", "case.amount > 3", False),
        ('decision = "accept"', 'decision = "accept"', True),
        ('decision = "accept"', 'decision = "refuse"', False),
        ("case.amount > param.min_years", "case.amount >= param.min_years + 0", False),
        ("case.amount >= param.min_years", "param.min_years < case.amount", True),
        ("case.amount > param.min_years", "case.amount <= param.min_years", False),
    ],
)
def test_a_way_behind_others_that_leave_it_nothing_is_told(
    problems_of: Check, tree: Tree, first: str, second: str, is_told: bool
) -> None:
    way = '<bpmn:sequenceFlow id="more" name="也" sourceRef="accepted" targetRef="draft"><bpmn:conditionExpression>'
    way += f"{escaped(second)}</bpmn:conditionExpression></bpmn:sequenceFlow>"
    source = in_diagram(tree, DECISION, first)[DIAGRAM].decode()
    facts = in_diagram(tree, DECISION, first)[AWARD]
    put = source.replace('<bpmn:sequenceFlow id="not_accepted"', f'{way}<bpmn:sequenceFlow id="not_accepted"')
    problems = problems_of({**tree, AWARD: facts, DIAGRAM: put.encode()})
    assert [p.element for p in problems if str(p.rule) == "threshold_never"] == ["more"] * is_told
