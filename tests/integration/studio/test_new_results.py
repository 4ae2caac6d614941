"""A scenario that fails only at results may expect those that came: shown side by side, taken over for a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.drafts.view_history import view_history
from service.casework.studio.scenarios.follow_period import DaysLine, propose_days, view_days, write_results
from service.casework.studio.scenarios.run_scenarios import view_job
from service.domain.errors import Conflict, Invalid
from tests.support.browsers import Browser
from tests.support.lakeside import KEY, Lakeside
from tests.support.waiting import until

Browse = Callable[..., Browser]
PATH = f"processes/{KEY}/scenarios/accepted.yaml"


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "新结果")


def expects(town: Lakeside, draft: int, *otherwise: tuple[str, str]) -> bytes:
    """Let the scenario expect something else than comes; returns what it was."""
    opened = open_file(town.desk, town.designer, draft, PATH)
    text = opened.content.decode()
    for old, new in otherwise:
        assert text.count(old) == 1
        text = text.replace(old, new)
    save_file(town.desk, town.designer, draft, PATH, text.encode(), opened.hash)
    return opened.content


def proposed(town: Lakeside, draft: int) -> DaysLine:
    job = propose_days(town.desk, town.designer, draft, [PATH])
    until(lambda: view_job(town.desk, town.designer, draft, job).over)
    found = view_days(town.desk, town.designer, draft).proposal
    assert found is not None
    [line] = found.lines
    return line


def test_results_that_came_are_shown_beside_those_expected_and_taken_over_for_a_reason(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    before = expects(
        town, draft, ("result: met", "result: not_met"), ("outcome: accepted, on: 2026-03-11", "outcome: refused")
    )
    line = proposed(town, draft)
    assert (line.passes, line.days, [(one.number, one.at_end) for one in line.results]) == (
        True,
        (),
        [(1, True), (3, True)],
    )
    assert "不符合" in line.results[0].before.zh
    assert "结论 符合" in line.results[0].after.zh
    assert line.results[0].proves == ("LS-2", "LS-3")
    page, here = browse("designer"), f"/studio/drafts/{draft}/scenarios/all/days"
    told = page.get(here).text
    assert "结果不同、日子不用动的（1 个情景）" in told
    assert f'value="{PATH}" checked' not in told, "a person ticks what is right"
    refused = page.post(f"{here}/results", {"path": PATH, "reason": " "}, page=here)
    assert (refused.status_code, "请写明为什么" in refused.text, f'value="{PATH}" checked' in refused.text) == (
        422,
        True,
        True,
    )
    with pytest.raises(Invalid, match="没有选中"):
        write_results(town.desk, town.designer, draft, [], "修改决定第二项")
    assert page.post(f"{here}/results", {"path": PATH, "reason": "修改决定第二项"}, page=here).status_code == 302
    after = open_file(town.desk, town.designer, draft, PATH).content
    assert after == before.replace(b"outcome: accepted, on: 2026-03-11", b"outcome: accepted")
    assert "修改决定第二项" in view_history(town.desk, town.designer, draft).lines[0].row.note
    with pytest.raises(Conflict):
        write_results(town.desk, town.designer, draft, [PATH], "修改决定第二项")


def test_programs_take_results_over_too(town: Lakeside, browse: Browse, draft: int) -> None:
    expects(town, draft, ("result: met", "result: not_met"))
    proposed(town, draft)
    program, here = browse("designer"), f"/api/v1/drafts/{draft}/scenarios/days"
    [line] = program.get(here).get_json()["lines"]
    assert [(one["number"], one["proves"]) for one in line["results"]] == [(1, ["LS-2", "LS-3"])]
    body = {"paths": [PATH], "reason": "修改决定第二项"}
    assert program.send("POST", f"{here}/results", {"paths": [PATH]}).status_code == 422
    assert program.send("POST", f"{here}/results", body).json == {"paths": [PATH]}


@pytest.mark.parametrize(
    "otherwise",
    [
        ("complete: decide, with: {decision: accept}", "complete: decide, with: {decision: nothing_of_it}"),
        ("role: office, due", "role: office, no: true, due"),
    ],
)
def test_where_anything_else_is_otherwise_nothing_is_offered(
    town: Lakeside, draft: int, otherwise: tuple[str, str]
) -> None:
    """A step that is refused, or something that must not be: a person looks at the scenario."""
    expects(town, draft, ("result: met", "result: not_met"), otherwise)
    line = proposed(town, draft)
    assert (line.results, line.passes) == ((), False)
    assert line.reason is not None
