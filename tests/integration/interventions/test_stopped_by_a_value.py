"""A step that a missing or wrong value stopped goes on once that is set: by page, program and command; offered nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from service.casework.queries.monitoring.incident_desk import view_incident_desk
from service.cli.main import laurel
from service.sdk import Work
from service.sdk.operations import operations
from service.store import Store
from tests.integration.interventions.test_interventions import WHY
from tests.integration.interventions.test_jobs_by_program import passed
from tests.integration.interventions.test_pages import api
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench, make_bench


def _needs_a_note(work: Work, parameters: Any) -> Mapping[str, Any] | None:
    if not str(work.scope()["case"].get("note") or "").startswith("市监公告"):
        raise ValueError("the notice has no number of its own")
    return operations()["test.post"].call(work, parameters)


@pytest.fixture
def bench(sqlite_url: str, open_store: Callable[[str], Store]) -> Bench:
    """The small award, whose notices are posted under a number that stands in a value of the case."""
    return make_bench(open_store(sqlite_url), {"test.post": replace(operations()["test.post"], call=_needs_a_note)})


def by_page(bench: Bench, case: int) -> None:
    admin = Browser(make_app(bench), bench, "admin")
    there = f"/cases/{case}/interventions/value"
    assert f'href="{there}"' in admin.get("/monitor/incidents").text
    typed = {"name": "note", "value": "市监公告〔2026〕3号", "reason": WHY}
    tried = admin.post(there, {**typed, "act": "try"}).text
    mark = re.search(r'name="tried" value="([^"]+)"', tried)
    assert mark, tried
    assert admin.post(there, {**typed, "act": "do", "tried": mark[1]}).status_code == 302


def by_program(bench: Bench, case: int) -> None:
    admin = Browser(make_app(bench), bench, "admin")
    [cause] = admin.get("/api/v1/incidents").get_json()["causes"]
    assert [line["correctable"] for line in cause["lines"]] == [True]
    assert api(admin, case, "value", name="note", value="市监公告〔2026〕3号").status_code == 200


def by_command(bench: Bench, case: int) -> None:
    tools = SimpleNamespace(root=Path(), desk=lambda: bench.desk)
    words = ["intervene", "value", f"{case}", "--as", "admin", "--reason", WHY]
    words += ["--set", "name=note", "--set", "value=市监公告〔2026〕3号"]
    tried = CliRunner().invoke(laurel, [*words, "--dry-run"], obj=tools)
    [mark] = re.findall(r"--tried (\S+)", tried.stdout)
    made = CliRunner().invoke(laurel, [*words, "--tried", mark], obj=tools)
    assert made.exit_code == 0, made.output


@pytest.mark.parametrize("hand", [by_page, by_program, by_command])
def test_the_step_goes_on_once_its_value_is_right(bench: Bench, hand: Callable[[Bench, int], None]) -> None:
    case, admin = passed(bench), Browser(make_app(bench), bench, "admin")
    [group] = view_incident_desk(bench.desk, bench.admin)
    assert group.lines[0].correctable
    wrong = api(admin, case, "value", name="note", value="无")
    assert wrong.status_code == 200, wrong.text
    [group] = view_incident_desk(bench.desk, bench.admin)
    assert group.lines[0].count == 2, "tried again, in vain"
    hand(bench, case)
    assert view_incident_desk(bench.desk, bench.admin) == ()
    with bench.desk.store.read() as tx:
        [notice] = tx.notices.of_case(case)
        story = [event.action for event in tx.history.of_case(case)]
    assert (notice.state, story.count("value")) == ("running", 2)


def test_where_nothing_may_be_corrected_it_is_not_offered(bench: Bench) -> None:
    case, admin = passed(bench), Browser(make_app(bench), bench, "admin")
    with bench.desk.store.write() as tx:
        [first] = tx.forms.of_case(case)[:1]
        tx.forms.insert(replace(first, id=0, data={"note": "市监公告"}))
    [group] = view_incident_desk(bench.desk, bench.admin)
    assert not group.lines[0].correctable
    desk = admin.get("/monitor/incidents").text
    assert "更正数据后重试" not in desk
    assert f'href="/cases/{case}/interventions"' in desk
