"""Commands that no unit starts read the settings of the service from its file, without a shell between."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
