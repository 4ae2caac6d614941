"""`laurel intervene` and `laurel retry` do what the pages do, in an administrator's name."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

from click.testing import CliRunner, Result

from service.casework.interventions.kinds import INTERVENTIONS
from service.casework.tasks.claim import claim_task
from service.cli.main import laurel
from service.store import NewWork
from tests.integration.interventions.test_interventions import WHY, done, everything, reviewed
from tests.support.desks import BROKEN, Bench


def run(bench: Bench, *words: str) -> Result:
    tools = SimpleNamespace(root=Path(), desk=lambda: bench.desk)
    return CliRunner().invoke(laurel, ["intervene", *words], obj=tools)


def retry(bench: Bench, *words: str) -> Result:
    tools = SimpleNamespace(root=Path(), desk=lambda: bench.desk)
    return CliRunner().invoke(laurel, ["retry", *words], obj=tools)


def test_cases_are_changed_by_command_each_with_its_result(bench: Bench) -> None:
    cases = [reviewed(bench), reviewed(bench)]
    words = ("change_due", *map(str, cases), "--as", "admin", "--reason", "会议改期", "--set", "limit=element:review")
    words = (*words, "--set", "day=2026-03-18", "--set", "ground=第八条")
    tried = run(bench, *words, "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert tried.stdout.count("待办 审核：办公室，2026年3月9日到期 → 办公室，2026年3月18日到期") == 2
    assert bench.tasks(cases[0])[0].due_reason["last_day"] == "2026-03-09"
    unseen = run(bench, *words)
    assert (unseen.exit_code, unseen.stderr.count("请先试算")) == (2, 2)
    marks = re.findall(r"--tried \S+", tried.stdout)
    assert run(bench, *words, *" ".join(marks).split()).exit_code == 0
    again = run(bench, *words, *" ".join(marks).split())
    assert (again.exit_code, again.stdout.count("没有再办一次")) == (0, 2)
    assert [bench.tasks(case)[0].due_reason["last_day"] for case in cases] == ["2026-03-18"] * 2
    strange = run(bench, *words, "--tried", f"{cases[0] + 5}-1-abc")
    assert (strange.exit_code, f"{cases[0] + 5}-1-abc" in strange.stderr) == (2, True), "a trial of a case not named"
    both_said = run(bench, *words, "--dry-run", *" ".join(marks).split())
    assert (both_said.exit_code, "--dry-run" in both_said.stderr) == (2, True)
    suspend = ("suspend", str(cases[0]), "9999", "--as", "admin", "--reason", "核查")
    mark = re.findall(r"--tried (\S+)", run(bench, *suspend, "--dry-run").stdout)
    mixed = run(bench, *suspend, "--tried", *mark)
    assert (mixed.exit_code, bench.case(cases[0]).status) == (2, "suspended")
    assert "9999" in mixed.stderr


def test_the_help_names_what_each_kind_takes_and_no_other_name_is_passed_over(bench: Bench) -> None:
    told = run(bench, "--help").stdout
    for kind in INTERVENTIONS.values():
        asked = ", ".join(f"[{one.name}]" if one.optional else one.name for one in kind.wanted)
        assert f"{kind.id}: {asked or '–'}\n" in told, told
    case = str(reviewed(bench))
    strange = run(bench, "suspend", case, "--as", "admin", "--reason", WHY, "--dry-run", "--set", "untill=2026-03-18")
    assert (strange.exit_code, "untill" in strange.stderr) == (2, True)


def test_a_command_in_somebody_elses_name_is_refused(bench: Bench) -> None:
    case = str(reviewed(bench))
    office = run(bench, "suspend", case, "--as", "office", "--reason", "核查")
    assert (office.exit_code, "管理员" in office.stderr) == (2, True)
    nobody = run(bench, "suspend", case, "--as", "nobody", "--reason", "核查")
    assert (nobody.exit_code, "没有账户" in nobody.stderr) == (2, True)
    assert run(bench, "vote", case, "--as", "admin", "--reason", "x").exit_code == 2
    assert bench.case(int(case)).status == "running"


def test_all_of_a_cause_are_tried_again_by_command_which_says_how_far_it_is(bench: Bench) -> None:
    BROKEN.add("test.post")
    cases = [reviewed(bench), reviewed(bench)]
    for case in cases:
        done(bench, case, bench.office, {"decision": "pass"})
    with bench.desk.store.read() as tx:
        one = str(tx.incidents.list_open(["testville"])[0].id)
    assert retry(bench, one, "--as", "office").exit_code == 2, "no administrator"
    assert retry(bench, one, "--as", "nobody").exit_code == 2
    begun = retry(bench, one, "--alike", "--as", "admin")
    (batch,) = re.findall(r"--batch (\d+)", begun.stdout)
    assert "0/2" in retry(bench, batch, "--batch", "--as", "admin").stdout
    bench.drain()
    over = retry(bench, batch, "--batch", "--as", "admin")
    assert (over.exit_code, "2/2" in over.stdout, over.stdout.count("仍未成功")) == (2, True, 2)
    BROKEN.clear()
    with bench.desk.store.read() as tx:
        one = str(tx.incidents.list_open(["testville"])[0].id)
    assert retry(bench, one, "--as", "admin").exit_code == 0
    assert retry(bench, one, "--as", "admin").exit_code == 2, "settled already"


def test_every_kind_of_intervention_is_tried_and_done_by_command(bench: Bench) -> None:
    """Each twice: a trial that changes nothing and gives a mark, and the deed with it, which the history names."""
    case = reviewed(bench)
    [task] = bench.tasks(case)
    claim_task(bench.desk, bench.office, task.id)
    of_task, limit = f"task={task.id}", f"limit=task:{task.id}"
    asked: dict[str, tuple[str, ...]] = {
        "change_due": (limit, "day=2026-03-18", "ground=第八条"),
        "reassign": (of_task, f"person={bench.people['second']}"),
        "take_away": (of_task,),
        "restart": (of_task,),
        "value": ("name=note", "value=补记"),
        "suspend": (),
        "resume": (),
        "message": ("message=notice_corrected",),
        "move_back": (of_task,),
        "terminate": ("basis=第九条",),
    }
    assert set(asked) == set(INTERVENTIONS)
    for kind, given in asked.items():
        of = message_lost(bench) if kind == "message" else case
        words = (kind, str(of), "--as", "admin", "--reason", WHY, *(w for one in given for w in ("--set", one)))
        before = everything(bench, of)
        tried = run(bench, *words, "--dry-run")
        assert (tried.exit_code, everything(bench, of)) == (0, before), (kind, tried.output)
        [mark] = re.findall(r"--tried (\S+)", tried.stdout)
        did = run(bench, *words, "--tried", mark)
        assert did.exit_code == 0, (kind, did.output)
        known = {event.seq for event in before[-1]}
        new = [event for event in everything(bench, of)[-1] if event.seq not in known]
        assert any(WHY in event.text or WHY in str(event.data) for event in new), (kind, new)
    assert bench.case(case).status == "ended"


def message_lost(bench: Bench) -> int:
    """Return a case to which a message was sent that it never caught."""
    case, now = reviewed(bench), bench.clock.now()
    done(bench, case, bench.office, {"decision": "pass"})
    with bench.desk.store.write() as tx:
        tx.work.enqueue_many(
            [NewWork("message", case, "lost", {"message": "notice_corrected", "payload": {}}, now)], now
        )
        tx.work.cancel(["lost"], now)
    return case
