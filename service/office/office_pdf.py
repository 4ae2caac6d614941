"""Office files as PDF by LibreOffice, where this machine has it: a program of its own, in a folder that goes with it."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from service.office.sandbox import SURROUNDINGS

_SECONDS: float = 60
_PROCESSOR = 60
_MOST_BYTES = 256 * 1024 * 1024
_MEMORY = 4 * 1024 * 1024 * 1024


def office_program() -> str | None:
    """Return where LibreOffice is; None where this machine has none."""
    return shutil.which("soffice")


def office_as_pdf(content: bytes, extension: str) -> bytes | None:
    """Return an Office file as PDF; None where LibreOffice is not installed, cannot read it or takes too long.

    It runs with neither settings nor network, within limits of memory, time and size; macros are never run from here.
    """
    program = office_program()
    if program is None:
        return None
    with TemporaryDirectory(prefix="laurel-office-") as place:
        folder = Path(place)
        (folder / f"file{extension}").write_bytes(content)
        words = [
            "--headless",
            "--norestore",
            "--nologo",
            "--nolockcheck",
            f"-env:UserInstallation=file://{folder}/profile",
        ]
        command = [program, *words, "--convert-to", "pdf", "--outdir", place, str(folder / f"file{extension}")]
        _run_program(command, {**SURROUNDINGS, "HOME": place, "PATH": os.environ.get("PATH", "")})
        made = folder / "file.pdf"
        return made.read_bytes() if made.is_file() and made.stat().st_size <= _MOST_BYTES else None


def _run_program(command: list[str], surroundings: Mapping[str, str]) -> None:
    """Run a program and everything that it starts, and end all of it when its time is over."""
    child = subprocess.Popen(  # noqa: S603  a program of this machine, our own words and a file in our own folder
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(surroundings),
        start_new_session=True,
    )
    for limit, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _PROCESSOR),
        (resource.RLIMIT_FSIZE, _MOST_BYTES),
    ):
        with suppress(ProcessLookupError):
            resource.prlimit(child.pid, limit, (most, most))
    with suppress(subprocess.TimeoutExpired):
        child.wait(_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
