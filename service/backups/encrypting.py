"""Encrypt a backup by the operator's command, and tell one that is still encrypted."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

_GZIP = b"\x1f\x8b"


def encrypt_by(command: str, source: Path, target: Path) -> None:
    """Write what ``command`` makes of a file, which it gets on its standard input; leaves with a sentence where it fails."""
    with source.open("rb") as plain, target.open("wb") as encrypted:
        try:
            subprocess.run(shlex.split(command), stdin=plain, stdout=encrypted, stderr=subprocess.PIPE, check=True)  # noqa: S603  the operator set it
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            why = (
                error.stderr.decode(errors="replace").strip()
                if isinstance(error, subprocess.CalledProcessError)
                else ""
            )
            raise SystemExit(
                f"LAUREL_BACKUP_COMMAND 没有加密成功（{why or error}），什么也没有写。"
                f" / The command of LAUREL_BACKUP_COMMAND failed ({why or error}); nothing was written."
            ) from None
    with target.open("rb") as made:
        if made.read(len(_GZIP)) in (b"", _GZIP):
            raise SystemExit(
                "LAUREL_BACKUP_COMMAND 的输出不是密文，什么也没有写：命令应把标准输入加密后写到标准输出。"
                " / What LAUREL_BACKUP_COMMAND wrote is not encrypted; nothing was written: it encrypts its standard input and"
                " writes to its standard output."
            )


def is_encrypted(file: Path) -> bool:
    """Return whether a file is something else than the archive that a backup is."""
    with file.open("rb") as opened:
        return opened.read(len(_GZIP)) != _GZIP
