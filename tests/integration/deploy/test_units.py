"""What deploy/ hands to systemd and to container engines names paths and commands that are there."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from service.cli.main import laurel
from service.cli.serve import lanes_named
from service.domain.running.lanes import LANES
from service.settings import SECRETS

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
HARDENED = {"nonewprivileges": "yes", "protectsystem": "strict", "protecthome": "yes", "privatetmp": "yes"}


def command_of(words: list[str]) -> click.Command:
    """Return the command that ``laurel …`` names, its options read; fails where it does not know them."""
    context = click.Context(laurel)
    command = laurel.get_command(context, words[0])
    assert command is not None, words
    given = command.make_context(words[0], list(words[1:]), parent=context).params
    if "queues" in given:
        assert lanes_named(given["queues"])
    return command


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_what_is_there_with_few_rights(unit: Path) -> None:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.read_string(unit.read_text("utf-8"))
    service = read["Service"]
    assert {name: service.get(name) for name in HARDENED} == HARDENED
    assert (service["user"], service.get("environmentfile")) == ("laurel", "/etc/laurel/laurel.env")
    words = shlex.split(service["execstart"].replace("%i", "mail"))
    if words[0].endswith("/laurel"):
        command_of(words[1:])
    else:
        assert all((ROOT / path).is_file() for path in re.findall(r"deploy/\w+\.py", service["execstart"]))


def test_units_ask_for_every_secret() -> None:
    for unit in UNITS:
        asked = {
            line.removeprefix("LoadCredential=")
            for line in unit.read_text("utf-8").splitlines()
            if "Credential=" in line
        }
        assert asked == {*SECRETS} - {"LAUREL_DATABASE_OWNER"}, "the program itself is never the owner of its tables"


def test_the_units_together_work_in_every_lane() -> None:
    texts = " ".join(path.read_text("utf-8") for path in UNITS)
    named = set(re.findall(r"laurel-worker@(\w+)", texts)) | set(re.findall(r"--queues (\w+)", texts))
    assert set(LANES) <= named


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return found


def test_containers_run_as_nobody_in_particular_and_write_nothing_but_their_volumes() -> None:
    ours = {name: one for name, one in compose()["services"].items() if one.get("image") == "laurel"}
    assert set(ours) == {"tables", "web", "scheduler", "worker", "mail"}
    folders = re.findall(r"^(\w+)=/", (DEPLOY / "laurel.env.example").read_text("utf-8"), re.MULTILINE)
    assert "LAUREL_DATA" in folders
    for one in ours.values():
        assert one["read_only"] is True
        assert one["user"] == "10001:10001"
        assert one["cap_drop"] == ["ALL"]
        assert one["command"][0] == "laurel"
        command_of(one["command"][1:])
        mounts = tuple(volume.partition(":")[2] for volume in one["volumes"])
        for name in folders:
            assert f"{one['environment'][name]}/".startswith(tuple(f"{mount}/" for mount in mounts)), name
    lanes = {lane for one in ours.values() if one["command"][1] == "work" for lane in one["command"][3].split(",")}
    assert lanes == set(LANES)


def test_the_program_waits_for_the_database_and_an_upgrade_saves_it_first() -> None:
    for one in compose()["services"].values():
        if one.get("image") == "laurel":
            assert one["depends_on"] == {"database": {"condition": "service_healthy"}}
    readme = (DEPLOY / "README.md").read_text("utf-8").splitlines()
    assert "systemctl stop laurel && systemctl start laurel-backup" in readme
    assert "laurel deploy processes; systemctl start laurel && laurel doctor --deep" in readme


def test_the_image_copies_what_is_there_and_runs_without_rights() -> None:
    lines = (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
    copied = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert lines.index("USER 10001:10001") > max(n for n, line in enumerate(lines) if line.startswith("RUN"))
    [command] = [line.removeprefix("CMD ") for line in lines if line.startswith("CMD ")]
    command_of(yaml.safe_load(command)[1:])
    needed = {"service", "handlers", "processes", "forms", "pyproject.toml", "deploy"}
    assert needed <= set(copied)


def test_what_containers_read_from_their_environment_is_what_the_example_explains() -> None:
    example = (DEPLOY / "laurel.env.example").read_text("utf-8")
    used = set(re.findall(r"\b(LAUREL_[A-Z_]+)", (DEPLOY / "Containerfile").read_text("utf-8")))
    assert [name for name in sorted(used) if name not in example] == []
