"""A throw-away clamd from the installed package, which knows one signature: the test file of EICAR, wherever it stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.waiting import until

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The file that every scanner takes for a virus, harmless as it is (eicar.org)."""

ABSENT = (
    "No clamd was found. Install it (Debian: apt-get install clamav-daemon, which `make setup` does when run as root)."
)


def clamd_program() -> str | None:
    """Return where clamd is, None where it is not installed."""
    return shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")


@contextmanager
def clamd_server() -> Iterator[Path]:
    """Start one and yield its socket; it ends with the block. Raises RuntimeError where it does not come up."""
    program = clamd_program()
    if program is None:
        raise RuntimeError(ABSENT)
    with tempfile.TemporaryDirectory(prefix="clamd") as place:
        folder = Path(place)
        (folder / "signatures").mkdir()
        (folder / "signatures" / "laurel.ndb").write_text(f"Laurel.Eicar:0:*:{EICAR.hex()}\n")
        line = folder / "clamd.ctl"
        conf = folder / "clamd.conf"
        user = "User root\n" if os.geteuid() == 0 else ""
        conf.write_text(f"LocalSocket {line}\nDatabaseDirectory {folder / 'signatures'}\nForeground yes\n{user}")
        server = subprocess.Popen([program, "-c", str(conf)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(lambda: line.exists() or server.poll() is not None, what="clamd has come up")
            if server.poll() is not None:
                raise RuntimeError("clamd did not come up")
            yield line
        finally:
            server.terminate()
            server.wait(60)
