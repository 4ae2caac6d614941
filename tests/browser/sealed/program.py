"""The product by a clock that the walk moves, and nothing else changed: ``python -m tests.browser.sealed.program serve``.

``keys serve`` here is the key service by that clock; what it needs is said in LAUREL_KEYS_FOLDER, _PORT and _CERTIFICATES.
"""

from __future__ import annotations

import os
import sys
from functools import cached_property
from pathlib import Path

import handlers
from service.app import Installation
from service.casework.desk.clock import Clock
from service.casework.desk.demo_clock import DemoClock
from service.cli.main import laurel
from service.keys.certificates import AUTHORITY, SERVICE
from service.keys.server import KeyServer
from service.keys.service import KeyService
from service.settings import read_settings

CLOCK = "demo-clock"


class SeasonInstallation(Installation):
    """An installation whose time is told by a file in its folder of data."""

    @cached_property
    def clock(self) -> Clock:
        return DemoClock(self.settings.data / CLOCK)


def serve_keys(clock: Clock) -> None:
    """Hold the urns' keys until told to stop."""
    certificates = Path(os.environ["LAUREL_SEALED_CERTIFICATES"])
    service = KeyService(Path(os.environ["LAUREL_KEYS_FOLDER"]), clock.now)
    address = ("127.0.0.1", int(os.environ["LAUREL_KEYS_PORT"]))
    KeyServer(service, address, certificates / SERVICE, certificates / AUTHORITY).serve_forever()


if __name__ == "__main__":
    handlers.load()
    installation = SeasonInstallation(read_settings(os.environ))
    if sys.argv[1:] == ["keys", "serve"]:
        serve_keys(installation.clock)
    else:
        laurel(obj=installation)
