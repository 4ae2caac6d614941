"""The commands of the laurel command line, on a fresh installation each."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import handlers
from service.app import Installation
from service.casework.desk.clock import DemoClock
from service.casework.health.checks import CHECKS
from service.cli.main import COMMANDS, laurel
from service.settings import read_settings
from tests.support.smtp import MailServer

ROOT = Path(__file__).parents[3]
MINIATURE = ROOT / "tests/data/miniature"
Run = Callable[..., Result]
handlers.load()


@pytest.fixture
def run(tmp_path: Path, sqlite_template: Path) -> Run:
    """Runs a command on an installation of its own, whose tables are there."""
    (tmp_path / "var").mkdir()
    shutil.copy(sqlite_template, tmp_path / "var")

    def call(*arguments: str, root: Path = ROOT, given: str = "", **environment: str) -> Result:
        settings = read_settings({"LAUREL_DATA": str(tmp_path / "var"), "LAUREL_SEPARATION": "one", **environment})
        return CliRunner().invoke(laurel, list(arguments), obj=Installation(settings, root), input=given)

    return call


@pytest.fixture
def miniature(tmp_path: Path) -> Path:
    """A copy of the worked example that may be spoiled."""
    shutil.copytree(MINIATURE, tmp_path / "tree")
    return tmp_path / "tree"


def award_of(tree: Path) -> Path:
    return next((tree / "processes").glob("*/*/award.yaml"))


def test_a_folder_plays_every_scenario_below_it(run: Run, miniature: Path) -> None:
    scenarios = sorted(miniature.rglob("scenarios/*.yaml"))
    (scenarios[0].parent / "too_late.yaml").write_text(
        scenarios[0].read_text().replace("expect:", "expect:\n  - {case: nobody, outcome: none}", 1)
    )
    told = run("simulate", str(miniature / "processes"))
    assert told.exit_code == 1
    lines = told.stdout.splitlines()
    assert sum(line.startswith("✓") for line in lines) == len(scenarios)
    assert [line for line in lines if line.startswith("✗") and "too_late.yaml" in line]
    assert f"{len(scenarios) + 1} scenarios, 1 failed" in lines[-1]


def test_heads_say_where_there_are_none(run: Run, tmp_path: Path) -> None:
    refused = run("audit", "heads", LAUREL_ANCHORS="")
    assert (refused.exit_code, "LAUREL_ANCHORS" in refused.output) == (2, True)
    (tmp_path / "outside").mkdir()
    none = run("audit", "heads", LAUREL_ANCHORS=str(tmp_path / "outside"))
    assert (none.exit_code, none.stdout, "laurel audit sign" in none.stderr) == (0, "", True)


def test_no_password_is_an_argument(run: Run) -> None:
    refused = run("administrator", "li", "--name", "li", "--password", "geheim-und-lang")
    assert (refused.exit_code, "没有这个选项" in refused.output) == (2, True)
    context = click.Context(laurel)
    for name in COMMANDS:
        asked = [laurel.get_command(context, name)]
        while asked:
            command = asked.pop()
            assert command is not None
            asked += command.commands.values() if isinstance(command, click.Group) else []
            options = {option.name or "" for option in command.params}
            assert not [one for one in options if re.search("password|secret|token", one)], name


def test_simulate_has_its_stable_shape(run: Run) -> None:
    scenario = next((MINIATURE / "processes").glob("*/*/scenarios/*.yaml"))
    told = run("simulate", str(scenario), "--json", root=MINIATURE)
    found = json.loads(told.stdout)
    assert (told.exit_code, found["passed"], found["unmet"]) == (0, True, [])
    assert set(found["timeline"][0]) == {"at", "case", "element", "what", "clauses"}


def test_simulate_tells_which_name_was_unknown_where_it_failed(run: Run, miniature: Path) -> None:
    diagram = next((miniature / "processes").glob("*/*/application.bpmn"))
    right, wrong = 'exam.result != "not_met"', 'exam.result.text = "met"'
    diagram.write_text(diagram.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    scenario = diagram.parent / "scenarios" / "accepted.yaml"
    told = run("simulate", str(scenario), "--json", root=miniature)
    assert told.exit_code == 1
    assert {
        "element": "application.bpmn is_eligible",
        "expression": wrong,
        "names": ["exam.result.text"],
    } in json.loads(told.stdout)["unknown"]
    assert f"exam.result.text ← application.bpmn is_eligible：{wrong}" in run("simulate", str(scenario)).stdout


def test_simulate_tells_which_ground_stayed_open_where_it_failed(run: Run, miniature: Path) -> None:
    table = next((miniature / "processes").glob("*/*/eligibility.dmn"))
    table.write_text(table.read_text("utf-8").replace("date(apply.founded) +", "date(apply.begun) +"), "utf-8")
    told = run("simulate", str(table.parent / "scenarios" / "accepted.yaml"), root=miniature)
    assert told.exit_code == 1
    assert "apply.begun ← eligibility.dmn：founded_long_enough" in told.stdout


def test_nobody_accepts_while_a_ground_is_open(run: Run, miniature: Path) -> None:
    table = next((miniature / "processes").glob("*/*/eligibility.dmn"))
    table.write_text(table.read_text("utf-8").replace("date(apply.founded) +", "date(apply.begun) +"), "utf-8")
    scenario = table.parent / "scenarios" / "accepted.yaml"
    steps = scenario.read_text("utf-8").split("  - {until:")[0].replace(
        "complete: decide,", "refused: true, because: 没有查明, complete: decide,"
    )  # fmt: skip
    scenario.write_text(
        steps
        + "  - {as: office, case: 甲, complete: decide, with: {decision: refuse, reason: 没有提交成立日期的证明。}}\n"
        + "expect:\n  - {case: 甲, document: refusal, contains: 没有提交成立日期的证明}\n  - {case: 甲, outcome: refused}\n",
        "utf-8",
    )
    told = run("simulate", str(scenario), root=miniature)
    assert told.exit_code == 0, told.stdout


@pytest.mark.parametrize("command", ["check", "deploy"])
def test_a_folder_without_an_award_is_told_and_does_not_pass(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "processes").mkdir()
    result = run(command, str(tmp_path / "processes"))
    assert result.exit_code == 2
    assert "没有奖项" in result.output


def test_deploy_publishes_once_and_refuses_what_is_wrong(run: Run, miniature: Path) -> None:
    where = str(miniature / "processes")
    first, again = run("deploy", where, root=miniature), run("deploy", where, root=miniature)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "已发布" in first.stdout
    assert "没有变化" in again.stdout
    stale = run("deploy", where, "--base", "0" * 64, root=miniature)
    assert stale.exit_code == 0  # this very version is current already
    award = award_of(miniature)
    award.write_text(award.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    conflict = run("deploy", where, "--base", "0" * 64, root=miniature)
    assert conflict.exit_code == 2
    assert "已发布了新版本" in conflict.stderr
    award.write_text(award.read_text(encoding="utf-8").replace("tiers:", "teirs:", 1), encoding="utf-8")
    refused = run("deploy", where, root=miniature)
    assert refused.exit_code == 1
    assert "award.yaml" in refused.stderr


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["--version"], "没有这个选项", "No such option"),
        (["chekc"], "命令写法有误", "No such command"),
        (["window", "--posted", "2025-06-05"], "缺少参数", "Missing option"),
        (["window", "--working-days", "some"], "参数的值不对", "Invalid value"),
    ],
)
def test_a_misspelt_command_line_is_refused_in_both_languages(run: Run, words: list[str], zh: str, en: str) -> None:
    refused = run(*words)
    assert refused.exit_code == 2
    assert re.search(rf"Error: {zh}.*{en}", refused.stderr)


def test_doctor_looks_at_everything_beside_the_server(run: Run, miniature: Path) -> None:
    bare = run("doctor", "--json")
    assert bare.exit_code == 1  # nothing is published yet
    run("deploy", str(miniature / "processes"), root=miniature)
    told = run("doctor", "--json")
    found = json.loads(told.stdout)
    assert told.exit_code == (0 if found["ok"] else 1)
    assert [c["name"] for c in found["checks"] if not c["ok"]] in ([], ["version"])  # a machine may lack typefaces
    assert [c["name"] for c in found["checks"]] == [check.name for check in CHECKS]


def test_doctor_says_that_no_ballot_key_can_be_kept(run: Run, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file stands where the folder should be")
    told = run("doctor", "--json", LAUREL_BALLOT_KEYS=str(tmp_path / "keys"))
    line = next(c for c in json.loads(told.stdout)["checks"] if c["name"] == "files")
    assert (told.exit_code, line["ok"]) == (1, False)
    assert "LAUREL_BALLOT_KEYS" in line["remedy"]
    assert not list((tmp_path / "var-ballot-keys").glob("doctor-*"))


def test_doctor_leaves_no_key_behind(run: Run, tmp_path: Path) -> None:
    run("doctor", "--json")
    assert [path.name for path in (tmp_path / "var-ballot-keys").iterdir() if path.is_dir()] == []


def _mail_line(told: Result) -> dict[str, object]:
    return next(c for c in json.loads(told.stdout)["checks"] if c["name"] == "mail")


def test_doctor_tries_the_mail_server(run: Run, mail_server: MailServer) -> None:
    sender = {"LAUREL_SMTP_HOST": mail_server.host, "LAUREL_SMTP_SENDER": "award@example.cn"}
    unset = _mail_line(run("doctor", "--json"))
    assert (unset["ok"], unset["colour"]) == (True, "grey"), "none is asked for, and none is called fine"
    answering = _mail_line(run("doctor", "--json", LAUREL_SMTP_PORT=str(mail_server.port), **sender))
    assert (answering["colour"], answering["found"]) == ("green", "邮件服务器：可以连接")
    plain = _mail_line(
        run("doctor", "--json", LAUREL_SMTP_PORT=str(mail_server.port), LAUREL_SMTP_STARTTLS="1", **sender)
    )
    assert plain["ok"] is False
    assert "LAUREL_SMTP_STARTTLS" in str(plain["found"])
    assert mail_server.messages == []


def test_doctor_says_that_the_mail_server_cannot_be_reached(run: Run) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # nobody listens there
        port = str(deaf.getsockname()[1])
        sender = {"LAUREL_SMTP_HOST": "127.0.0.1", "LAUREL_SMTP_SENDER": "award@example.cn"}
        told = run("doctor", "--json", LAUREL_SMTP_PORT=port, **sender)
    line = _mail_line(told)
    assert (told.exit_code, line["ok"]) == (1, False)
    assert "连接不上" in str(line["found"])
    assert "LAUREL_SMTP_HOST" in str(line["found"])


def test_a_taken_port_is_told_in_a_sentence(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = run("serve", LAUREL_PORT=str(taken.getsockname()[1]))
    assert told.exit_code == 2
    assert "端口" in told.stderr
    assert "LAUREL_PORT" in told.stderr


def test_the_clock_of_the_demonstration_stands_where_its_preparation_left_it(tmp_path: Path) -> None:
    here = Installation(read_settings({"LAUREL_DATA": str(tmp_path), "LAUREL_DEMO": "1"}))
    assert not here.demo_is_prepared()
    season_end = DemoClock(tmp_path / "elsewhere").now() + timedelta(days=17)
    DemoClock(tmp_path / "demo-clock").move_to(season_end)  # as another process does
    assert here.demo_is_prepared()
    assert here.clock.now() >= season_end


def test_the_demonstration_needs_its_switch(run: Run) -> None:
    told = run("demo")
    assert told.exit_code == 2
    assert "LAUREL_DEMO" in told.stderr


def test_only_what_was_never_published_is_deployed_when_asked(run: Run, miniature: Path) -> None:
    tree = str(miniature / "processes")
    first = run("deploy", "--only-new", tree)
    assert first.exit_code == 0
    assert "已发布" in first.stdout
    law = next((miniature / "processes").glob("*/law.yaml"))
    law.write_text(law.read_text().replace("summary: ", "summary: 又 ", 1))
    again = run("deploy", "--only-new", tree)
    assert (again.exit_code, again.stdout) == (0, "")
    assert "已发布" in run("deploy", tree).stdout


def test_a_folder_without_scenarios_is_told_where_they_lie(run: Run, tmp_path: Path) -> None:
    told = run("simulate", str(tmp_path))
    assert told.exit_code != 0
    assert "scenarios" in told.output


def test_a_folder_that_is_not_called_processes_is_told_plainly_and_publishes_nothing_else(
    run: Run, miniature: Path
) -> None:
    """Below the root of a tree that has awards, too: these were published instead."""
    city = shutil.copytree(award_of(miniature).parents[1], miniature / "mine" / "mycity")
    for path in (city.parent, city, next(city.glob("*/award.yaml")).parent):
        told = run("deploy", str(path), root=miniature)
        assert (told.exit_code, "不在名为 processes 的文件夹之下" in told.stderr) == (2, True), path
        assert "已发布" not in told.stdout
    (miniature / "forms").mkdir()
    assert "之下没有奖项" in run("deploy", str(miniature / "forms"), root=miniature).stderr


def test_doctor_tries_the_gateway(run: Run) -> None:
    gateway = {"LAUREL_WEBHOOK_SECRET": "sixteen letters!", "LAUREL_WEBHOOK_PRIVATE": "yes"}
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        deaf = run("doctor", "--json", LAUREL_WEBHOOK_URL=f"http://{address}/", **gateway)
        listening.listen()
        answering = run("doctor", "--json", LAUREL_WEBHOOK_URL=f"http://{address}/", **gateway)
    [refused], [fine] = (
        [check for check in json.loads(told.stdout)["checks"] if check["name"] == "mail"] for told in (deaf, answering)
    )
    assert (refused["ok"], fine["ok"]) == (False, True)
    assert "LAUREL_WEBHOOK_URL" in refused["found"]


@pytest.mark.parametrize(
    ("words", "answered"),
    [
        (["restore", "--saved", "2026-03-02T09:30", "--cause", "误操作"], "--yes"),
        (["administrator", "chen", "--name", "陈"], "standard input"),
    ],
    ids=["hold", "administrator"],
)
def test_it_says_how_to_answer(tmp_path: Path, words: list[str], answered: str) -> None:
    tools = Installation(read_settings({"LAUREL_DATA": str(tmp_path / "var")}))
    result = CliRunner().invoke(laurel, words, obj=tools, input="")
    assert result.exit_code == 2, result.output
    assert "这里没有终端" in result.stderr
    assert answered in result.stderr
    assert "Aborted" not in result.output
    assert not (tmp_path / "var" / "laurel.db").exists() or people(tools) == 0


def people(tools: Installation) -> int:
    """Return how many accounts were opened."""
    with tools.desk().store.read() as tx:
        return len(tx.people.everybody(0, 10))


VALUES = ("postgresql+psycopg://laurel:a%26b@db/laurel?sslmode=require&application_name=laurel", "a;b$HOME`id`", "x=y")
READ = (
    "import os; from service.settings import read_environment_file as read; read(); print(os.environ['LAUREL_TRIED'])"
)


def told(file: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "LAUREL_SETTINGS": str(file), **environment}
    return subprocess.run([sys.executable, "-c", READ], env=settings, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("quote", ["", "'"])
@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_read_as_it_stands(value: str, quote: str, tmp_path: Path) -> None:
    file = tmp_path / "laurel.env"
    file.write_text(f"# settings\nLAUREL_TRIED={quote}{value}{quote}\nLAUREL_PORT=8000\n")
    assert told(file).stdout == f"{value}\n"


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "laurel.env"
    file.write_text("LAUREL_PORT=8000\nLAUREL_TRIED='a' 'b'\n")
    assert "第 2 行" in told(file).stderr


def test_what_is_set_already_stays(tmp_path: Path) -> None:
    file = tmp_path / "laurel.env"
    file.write_text("LAUREL_TRIED=of the file\n")
    assert told(file, LAUREL_TRIED="set").stdout == "set\n"


def test_a_file_that_is_missing_is_told_by_every_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "service.app", "window", "--help"]
    settings = {**os.environ, "LAUREL_SETTINGS": str(tmp_path / "none.env")}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    assert (done.returncode, "LAUREL_SETTINGS" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
