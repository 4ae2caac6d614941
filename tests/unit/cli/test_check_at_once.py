"""Packages that are checked beside the command: what a process of them did not end is checked by the command itself."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

from service.catalog import Catalog, Package
from service.catalog.check import catalog_around
from service.cli.check import checked_at_once

ROOT = Path(__file__).parents[2] / "data" / "patterns"


@dataclass(frozen=True)
class Deadly(Catalog):
    """A catalog whose packages end every process but the one that read it, as one that has no memory left is ended."""

    reader: int = 0

    def package(self, key: str) -> Package:
        if os.getpid() != self.reader:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().package(key)


def test_what_a_killed_process_did_not_end_is_checked_by_the_command() -> None:
    read = catalog_around(ROOT)
    deadly = Deadly(read.packages, read.jurisdictions, read.problems, read.tree, os.getpid())
    with checked_at_once(deadly, deadly.packages) as begun:
        found = {key: result() for key, result in begun.items()}
    with checked_at_once(read, read.packages) as begun:
        assert found == {key: begun[key]() for key in found}
    assert found or len(os.sched_getaffinity(0)) < 2
