"""Finds or installs what the tests need beside Python packages: PostgreSQL, a browser, Chinese fonts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.clamd import clamd_program

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Programs that show pages, best first: a page opens in the first with a quarter of the work of one that has windows."""

PACKAGES = {
    BROWSERS[0]: "Chromium, for the tests that drive real pages",
    "postgresql": "a PostgreSQL server, for the tests that run on it",
    "nginx-light": "nginx, for the tests of several servers behind a proxy",
    "clamav-daemon": "clamd, for the tests that scan uploads for viruses",
    "fonts-noto-cjk": "Chinese fonts, for pictures of pages",
}


def browser_program() -> str | None:
    """Return where the machine's Chromium is, None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def missing() -> list[str]:
    """Return the Debian packages that are not there."""
    found = {
        BROWSERS[0]: bool(shutil.which(BROWSERS[0])),
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
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        _apt_get("update")
        for name in wanted:  # one that this machine's archive does not have keeps none of the others away
            _apt_get("install", "-y", "--no-install-recommends", name)
        if browser_program() is None:
            _apt_get("install", "-y", "--no-install-recommends", BROWSERS[1])
        wanted = missing()
    for name in wanted:
        print(_absent(name), file=sys.stderr)
    return 0


def _apt_get(*words: str) -> None:
    """Run apt-get; where it fails, show the end of what it said."""
    done = subprocess.run(
        ["apt-get", *words],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        print("\n".join(done.stdout.splitlines()[-5:]), file=sys.stderr)


def _absent(name: str) -> str:
    """Return what follows from a package that is not there, and how to install it."""
    remedy = f"Install it with: apt-get install {name}"
    if name == BROWSERS[0] and browser_program() is not None:
        return (
            f"{name} is not installed: the tests of pages take half as long again in a browser with windows. {remedy}"
        )
    return f"{PACKAGES[name]} is not installed: its tests cannot run. {remedy}"


if __name__ == "__main__":
    sys.exit(main())
