"""What seasons of a version rest on: all of it but what it says of cases that run already."""

from __future__ import annotations

import re

from service.catalog.package import Package
from service.catalog.tree import Files
from service.catalog.version import called_operations, version_of

_AMENDMENT_LINES = re.compile(rb"^amendment:.*\n?(?:[ \t}].*\n?|\r?\n)*", re.MULTILINE)
"""The passage of a register about running cases, to the next key: a season begins all of its cases under one version."""


def played_files(package: Package) -> Files:
    """Return the files of ``package`` as its seasons read them."""
    return {
        path: _as_played(content) if path == package.law.file else content for path, content in package.files.items()
    }


def _as_played(register: bytes) -> bytes:
    return _AMENDMENT_LINES.sub(b"", register)


def played_version(package: Package) -> str:
    """Return the version of what seasons of ``package`` rest on: it stays where only running cases are spoken of anew."""
    return package.derived("played version", lambda: _played_version(package))


def _played_version(package: Package) -> str:
    return version_of(played_files(package), called_operations(package.diagrams.values(), package.operations))


def rests_on(version: str, package: Package) -> bool:
    """Return whether a season that was played on ``version``, whole or as `played_version` tells it, holds for ``package``."""
    return version in (package.version, played_version(package))
