"""Runs programs of the product in copies of a process that imported it already, which is most of what a short command does.

A server of `multiprocessing` imports it once and copies itself for each command. Arguments, environment, standard input and
output are the command's own, and what it changes is gone with the copy. Tests of the start itself begin a new process.
"""

from __future__ import annotations

import atexit
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.waiting import PATIENCE

_WARM = get_context("forkserver")
_WARM.set_forkserver_preload(["service.app", "service.cli.main", "service.store.migrations", "alembic.util", "psycopg"])


def warm(words: Sequence[str], environment: Mapping[str, str], given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a script, or a module after ``-m``, with its arguments to the end, as Python would by the same ``words``.

    Its environment is that of the tests with ``environment`` laid over it, ``given`` its standard input.
    """
    with TemporaryDirectory(prefix="laurel-warm-") as folder:
        (Path(folder) / "0").write_text(given, "utf-8")
        process = _WARM.Process(target=_run, args=(list(words), {**os.environ, **environment}, folder))
        process.start()
        process.join(PATIENCE)
        if process.is_alive():
            process.kill()
            raise AssertionError(f"{' '.join(words)} goes on, still after {PATIENCE:g} s")
        told = [(Path(folder) / name).read_text("utf-8", errors="replace") for name in ("1", "2")]
    return subprocess.CompletedProcess(list(words), int(process.exitcode or 0), *told)


def _run(words: list[str], environment: dict[str, str], folder: str) -> None:
    """Be the command: everything of this process is its own."""
    for number, mode in enumerate((os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)):
        opened = os.open(f"{folder}/{number}", mode, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  open as long as the process
    os.environ.clear()
    os.environ.update(environment)
    is_module = words[0] == "-m"
    sys.argv = words[1:] if is_module else words
    try:
        if is_module:
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            sys.path.insert(0, str(Path(words[0]).parent))
            runpy.run_path(words[0], run_name="__main__")
    finally:
        atexit._run_exitfuncs()
