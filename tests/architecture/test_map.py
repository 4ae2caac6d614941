"""The maps of CONTRIBUTING.md name what there is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def section(title: str) -> str:
    return MANUAL.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


REQUESTS = re.findall(r"^\| ([^|]+?) \| `([^`|]+)` \|$", section("Which file to change"), re.MULTILINE)


def test_there_are_ten_requests() -> None:
    assert len(REQUESTS) == len(dict(REQUESTS)) == 10


@pytest.mark.parametrize(("request_made", "path"), REQUESTS)
def test_the_file_of_a_request_exists(request_made: str, path: str) -> None:
    assert (ROOT / path).is_file(), request_made


def test_the_worked_example_names_what_exists() -> None:
    paths = re.findall(r"`((?:service|tests)/[\w./]+)`", section("How a change travels"))
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("house", ["service.casework", "service.web"])
def test_every_room_of_the_contracts_is_on_the_map(house: str) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (floors,) = [c["layers"] for c in contracts if c.get("containers") == [house]]
    rooms = {room for floor in floors for room in re.split(r" [|:] ", floor)}
    assert rooms - set(re.findall(r"`(\w+)`", section("Rooms"))) == set()
