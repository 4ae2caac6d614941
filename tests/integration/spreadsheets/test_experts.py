from __future__ import annotations

import pytest

from service.casework.spreadsheets.experts import COLUMNS, export_experts, import_experts
from service.casework.spreadsheets.scores import export_scores, import_scores, open_sheets
from service.casework.tasks.complete import complete_task
from service.casework.tasks.save_draft import save_draft
from service.domain.errors import NotAllowed
from service.domain.review import field_of
from service.domain.spreadsheets.import_report import LineOutcome
from service.office.tables import read_rows
from service.office.workbooks import write_xlsx
from tests.support.review import SCORED, ReviewBench, sheet

HEAD = [c.title.zh for c in COLUMNS]


def line(login: str, name: str, **cells: str) -> list[str]:
    known = {
        "name": name, "login": login, "employer": "某大学", "education": "博士研究生", "practising_since": "2001-07-01",
        "sectors": "机械、化工", "trained_on": "2025-06-01", **cells,
    }  # fmt: skip
    return [known.get(c.id, "") for c in COLUMNS]


def education(bench: ReviewBench) -> str:
    return next(label for value, label in next(c for c in COLUMNS if c.id == "education").choices if value == "doctor")


def test_experts_are_added_brought_up_to_date_and_left_as_they_are(scoring: ReviewBench) -> None:
    office, desk, word = scoring.actor("office"), scoring.desk, education(scoring)
    table = [
        HEAD,
        line("zhao.liu", "赵六", education=word),
        line("qian.qi", "钱七", education=word, practising_since="x"),
    ]
    first = import_experts(desk, office, "riverton", table)
    assert [r.outcome for r in first.lines] == [LineOutcome.TAKEN, LineOutcome.REFUSED]
    assert first.lines[1].field is not None
    assert first.lines[1].field.zh == "从事质量工作起始日"
    assert import_experts(desk, office, "riverton", table, commit=True).taken == 1
    assert import_experts(desk, office, "riverton", table, commit=True).lines[0].outcome is LineOutcome.KNOWN
    moved = [HEAD, line("zhao.liu", "赵六", education=word, employer="某研究所", trained_on="2026-01-10")]
    [report] = import_experts(desk, office, "riverton", moved, commit=True).lines
    assert (report.outcome, report.reason.zh) == (LineOutcome.CHANGED, "更新：工作单位、培训")
    _, _, exported = export_experts(desk, office, "riverton")
    [row] = [r for r in exported if r[0] == "赵六"]
    assert (row[1], row[2], str(row[11])) == ("zhao.liu", "某研究所", "2026-01-10")


def test_a_cell_that_is_changed_and_not_read_is_named(scoring: ReviewBench) -> None:
    """Who changes it in the list and brings that in again must not believe that it is on record now."""
    office, desk, word = scoring.actor("office"), scoring.desk, education(scoring)
    first = line("zhao.liu", "赵六", education=word, email="liu@example.cn", training="评审员培训")
    import_experts(desk, office, "riverton", [HEAD, first], commit=True)
    table = read_rows("专家.xlsx", write_xlsx(*export_experts(desk, office, "riverton")))
    [row] = [row for row in table if row[0] == "赵六"]
    places = {heading.rstrip("*"): place for place, heading in enumerate(table[0])}
    for changed, outcome, named in (
        ({}, LineOutcome.KNOWN, ""),
        ({"状态": "暂停"}, LineOutcome.UNREAD, "没有改：状态。"),
        ({"邮箱": "new@example.cn", "最近培训": "另一次"}, LineOutcome.UNREAD, "没有改：邮箱、最近培训。"),
        ({"邮箱": "new@example.cn", "工作单位": "某研究所"}, LineOutcome.CHANGED, "更新：工作单位。"),
    ):
        cells = list(row)
        for heading, cell in changed.items():
            cells[places[heading]] = cell
        [report] = import_experts(desk, office, "riverton", [table[0], cells]).lines
        assert (report.outcome, named in report.reason.zh) == (outcome, True), report
    assert "没有改：邮箱。" in report.reason.zh
    assert "left as on record: E-mail." in report.reason.en


def test_a_login_of_somebody_else_and_one_that_stands_twice_are_refused(scoring: ReviewBench) -> None:
    office, word = scoring.actor("office"), education(scoring)
    _, _, exported = export_experts(scoring.desk, office, "riverton")
    table = [HEAD, line(str(exported[0][1]), "别人", education=word), *[line("new.one", "新人", education=word)] * 2]
    reports = import_experts(scoring.desk, office, "riverton", table).lines
    assert [r.outcome for r in reports] == [LineOutcome.REFUSED, LineOutcome.TAKEN, LineOutcome.REFUSED]
    assert "另一姓名" in reports[0].reason.zh
    said = f"{reports[0].reason.zh}{reports[0].reason.en}".replace(str(exported[0][1]), "")
    assert str(exported[0][0]) not in said  # a list is no directory


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"email": "a@b；c@d"}, "不是邮箱地址"),
        ({"sectors": "机械、化工／纺织"}, "“化工／纺织”像是几个行业"),
        ({"sectors": "机械 化工"}, "请用顿号分开"),
        ({"practising_since": "2090-01-01"}, "不能晚于今天"),
        ({"trained_on": "2099-01-01"}, "已举行的日期"),
        ({"training": "评审员培训", "trained_on": ""}, "填写培训日期"),
        ({"term_from": "2026-01-01", "term_until": "2025-01-01"}, "不能早于起始日"),
    ],
)
def test_an_expert_who_cannot_be_is_refused_before_anything_is_confirmed(
    scoring: ReviewBench, cells: dict[str, str], sentence: str
) -> None:
    office, good = scoring.actor("office"), {"education": education(scoring)}
    wrong = [HEAD, line("zhao.liu", "赵六", **(good | cells))]
    for commit in (False, True):
        [told] = import_experts(scoring.desk, office, "riverton", wrong, commit=commit).lines
        assert told.outcome is LineOutcome.REFUSED
        assert sentence in told.reason.zh
    import_experts(scoring.desk, office, "riverton", [HEAD, line("zhao.liu", "赵六", **good)], commit=True)
    [told] = import_experts(scoring.desk, office, "riverton", wrong).lines
    assert (told.outcome, sentence in told.reason.zh) == (LineOutcome.REFUSED, True)


def test_a_login_in_capitals_is_no_second_expert(scoring: ReviewBench) -> None:
    office, word = scoring.actor("office"), education(scoring)
    import_experts(scoring.desk, office, "riverton", [HEAD, line("zhao.liu", "赵六", education=word)], commit=True)
    table = [HEAD, line("ZHAO.LIU", "赵六", education=word)]
    [report] = import_experts(scoring.desk, office, "riverton", table, commit=True).lines
    assert report.outcome is LineOutcome.KNOWN


def test_a_register_is_kept_by_its_own_office(scoring: ReviewBench) -> None:
    for call in (
        lambda a: import_experts(scoring.desk, a, "riverton", [HEAD]),
        lambda a: export_experts(scoring.desk, a, "riverton"),
    ):
        with pytest.raises(NotAllowed):
            call(scoring.actor("甲"))
    with pytest.raises(NotAllowed):
        export_experts(scoring.desk, scoring.actor("office"), "elsewhere")
    named = {export_experts(scoring.desk, scoring.actor("office"), place).title for place in ("", "riverton")}
    assert len(named) == 1, "it says whose register it is also where none was named"
    assert named != {"评审专家"}


def filled(bench: ReviewBench, person: int, percent: object = 60) -> list[list[str]]:
    _, columns, rows = open_sheets(bench.desk, bench.member(person))
    for row in rows:
        row[5], row[6] = percent, "方法系统"
    return read_rows("a.xlsx", write_xlsx("评分", columns, rows))


def test_an_expert_fills_in_drafts_and_sends_them_in_by_hand(scoring: ReviewBench) -> None:
    [task, *_] = scoring.tasks("score")
    person, table = task.assignee_id, filled(scoring, task.assignee_id)
    expert = scoring.member(person)
    assert import_scores(scoring.desk, expert, table).taken == len(table) - 1
    with scoring.desk.store.read() as tx:
        assert tx.drafts.find(task_id=task.id, person_id=person) is None
    report = import_scores(scoring.desk, expert, table, commit=True)
    with scoring.desk.store.read() as tx:
        draft = tx.drafts.find(task_id=task.id, person_id=person).data
    assert draft[field_of("4.1.2")]["percent"] == "60"
    assert (report.taken, len(draft)) == (len(table) - 1, len(table) - 1)
    assert {r.outcome for r in import_scores(scoring.desk, expert, table, commit=True).lines} == {LineOutcome.KNOWN}
    table[1][4] = "999"
    unread = import_scores(scoring.desk, expert, table[:2], commit=True).lines[0]
    assert (unread.outcome, "没有改：分值。" in unread.reason.zh) == (LineOutcome.UNREAD, True)
    assert [t.state for t in scoring.tasks("score") if t.id == task.id] == ["open"]


def test_a_percentage_that_is_none_is_handed_out_as_it_was_typed(scoring: ReviewBench) -> None:
    [task, *_] = scoring.tasks("score")
    expert = scoring.member(task.assignee_id)
    save_draft(scoring.desk, expert, task.id, {field_of("4.1.2"): {"percent": "abc"}})
    _, columns, rows = open_sheets(scoring.desk, expert)
    table = read_rows("a.xlsx", write_xlsx("评分", columns, rows))
    assert [row[5] for row in table[1:3]] == ["abc", ""]
    assert import_scores(scoring.desk, expert, table).lines[0].outcome is LineOutcome.REFUSED


def test_what_was_sent_in_is_never_overwritten(scoring: ReviewBench) -> None:
    [task, *_] = scoring.tasks("score")
    expert, table = scoring.member(task.assignee_id), filled(scoring, task.assignee_id)
    complete_task(scoring.desk, expert, task.id, task.version, sheet(scoring, 70))
    reports = import_scores(scoring.desk, expert, table, commit=True).lines
    assert {r.outcome for r in reports} == {LineOutcome.REFUSED}
    assert "已经提交" in reports[0].reason.zh


def test_wrong_lines_are_left_out_and_nobody_fills_in_for_another(scoring: ReviewBench) -> None:
    [task, other, *_] = scoring.tasks("score")
    expert, table = scoring.member(task.assignee_id), filled(scoring, task.assignee_id)
    table[1][5], table[2][2], table[3][1], table[4][5] = "63", "9.9.9", "别的公司", "很高"
    reports = import_scores(scoring.desk, expert, table, commit=True).lines
    assert [r.outcome for r in reports[:4]] == [LineOutcome.REFUSED] * 4
    assert [r.field.zh for r in reports[:4] if r.field] == ["得分率（%）", "条款", "申报组织", "得分率（%）"]
    assert {r.outcome for r in reports[4:]} == {LineOutcome.TAKEN}
    stranger = import_scores(scoring.desk, scoring.member(other.assignee_id), table).lines
    assert {r.outcome for r in stranger} == {LineOutcome.REFUSED}


def test_the_office_takes_all_scores_out(scoring: ReviewBench) -> None:
    scoring.play(SCORED)
    office, here = scoring.actor("office"), scoring.case("届")
    _, columns, rows = export_scores(scoring.desk, office, here)
    assert len(rows) == 3 * len(scoring.stage.package.edition("gbt19580-2012").items)
    assert {row[8] for row in rows} == {60, 70, 20}
    assert [c.title.zh for c in columns][4] == "专家"
    with scoring.desk.store.read() as tx:
        assert any(e.text.startswith("导出评分") for e in tx.history.newest(here))
        assert tx.history.verify(here) is None
    for actor in (scoring.actor("甲"), scoring.member(scoring.active()[0])):
        with pytest.raises(NotAllowed):
            export_scores(scoring.desk, actor, here)
