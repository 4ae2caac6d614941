"""Finds or installs what the tests need beside Python packages: PostgreSQL, a browser, Chinese fonts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.clamd import clamd_program

PACKAGES = {
    "chromium": "Chromium, for the tests that drive real pages",
    "postgresql": "a PostgreSQL server, for the tests that run on it",
    "nginx-light": "nginx, for the tests of several servers behind a proxy",
    "clamav-daemon": "clamd, for the tests that scan uploads for viruses",
    "fonts-noto-cjk": "Chinese fonts, for pictures of pages",
}


def missing() -> list[str]:
    """Return the Debian packages that are not there."""
    found = {
        "chromium": bool(shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")),
        "postgresql": any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or bool(shutil.which("initdb")),
        "nginx-light": bool(shutil.which("nginx")) or Path("/usr/sbin/nginx").exists(),
        "clamav-daemon": clamd_program() is not None,
        "fonts-noto-cjk": _has_chinese_font(),
    }
    return [name for name in PACKAGES if not found[name]]


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip())


def main() -> int:
    """Install what is missing when root; otherwise say in a sentence what to install. Returns the exit code."""
    wanted = missing()
    if not wanted:
        return 0
    command = ["apt-get", "install", "-y", "--no-install-recommends", *wanted]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["apt-get", "update"], command):
            done = subprocess.run(
                step,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                stdin=subprocess.DEVNULL,
            )
            if done.returncode:
                print("\n".join(done.stdout.splitlines()[-5:]), file=sys.stderr)
        wanted = missing()
    for name in wanted:
        print(
            f"{PACKAGES[name]} is not installed: its tests cannot run. Install it with: apt-get install {name}",
            file=sys.stderr,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
