"""Runs each file of tests in a process of its own, its tests in another order: none may need what another left behind.

``python -m tests.alone [FILE OR FOLDER …]``; without a word, unit, integration and scenario tests. The order comes from
``LAUREL_TURN``. As a plug-in of pytest (``PYTEST_PLUGINS=tests.alone``) it only puts the tests into that order.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest

from tests.support.turns import turn

ROOT = Path(__file__).parents[1]
USUAL = ("tests/unit", "tests/integration", "tests/scenarios", "tests/architecture")
NOTHING_COLLECTED = 5
AT_ONCE = 2
COMMON = "tests.conftest"
"""What every file imports: read once, in the process that those of the files are copied from."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of each file into another order."""
    chance = random.Random(turn())
    of_file: dict[Path, list[pytest.Item]] = {}
    for item in items:
        of_file.setdefault(item.path, []).append(item)
    for found in of_file.values():
        chance.shuffle(found)
    items[:] = [item for found in of_file.values() for item in found]


def files(words: Sequence[str]) -> Iterator[Path]:
    """Yield the files of tests below ``words``."""
    for word in words or USUAL:
        place = ROOT / word
        yield from sorted(place.rglob("test_*.py")) if place.is_dir() else [place]


def fails(file: Path) -> str:
    """Run one file in this process, which ends with it; returns what it says when a test of it fails, else nothing."""
    os.chdir(ROOT)
    os.environ.update(PYTEST_PLUGINS="tests.alone", LAUREL_TURN=str(turn()))
    with tempfile.TemporaryFile("w+") as said:
        for stream in (1, 2):
            os.dup2(said.fileno(), stream)
        code = pytest.main([str(file), "-q", "--no-header", "-p", "no:cacheprovider"])
        sys.stdout.flush()
        said.seek(0)
        return "" if code in (0, NOTHING_COLLECTED) else f"{file.relative_to(ROOT)}\n{said.read()[-4000:]}"


def _tell(to: Connection, file: Path) -> None:
    to.send(fails(file))


def alone(context: ForkServerContext, file: Path) -> str:
    """Run one file in a process of its own, which may begin others; returns what `fails` does, or that it died."""
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(there, file))
    process.start()
    there.close()
    try:
        return str(here.recv())
    except EOFError:
        process.join()
        return f"{file.relative_to(ROOT)}\nended with {process.exitcode} and said nothing"
    finally:
        process.join()


def main(words: Sequence[str]) -> int:
    """Run them and print those that fail; returns the exit code."""
    every = list(files(words))
    failed = 0
    context = get_context("forkserver")
    context.set_forkserver_preload([COMMON])
    with ThreadPool(AT_ONCE) as several:
        for said in several.imap(partial(alone, context), every):
            if said:
                failed += 1
                print(said, flush=True)
    print(f"{len(every)} files, {failed} that do not pass alone (LAUREL_TURN={turn()} repeats the order)")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
