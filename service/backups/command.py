"""The command ``deploy/backup.py``: its words, and what it says where something fails."""

from __future__ import annotations

import argparse
import os
import sqlite3
from pathlib import Path

from service.backups.make import make
from service.backups.restore import restore
from service.cli.operator_words import words_of
from service.domain.errors import LaurelError
from service.domain.wording.cause_words import cause_words
from service.settings import read_environment_file, read_settings


def run_command() -> None:
    """Do what the words of the command ask for, with the settings of the server; leaves with a sentence where it fails."""
    given = _asked()
    try:
        read_environment_file()
        chosen = read_settings(os.environ)
        if given.act == "make":
            print(make(chosen, given.file, plain=given.plain))
        else:
            print(restore(chosen, given.file))
    except LaurelError as error:
        said = words_of(error)
        raise SystemExit(f"{said.zh} / {said.en}") from None
    except (OSError, sqlite3.Error) as error:
        cause, place = cause_words(error), getattr(error, "filename", None)
        named = f"（{place}）" if place else ""
        raise SystemExit(
            f"没有完成：{cause.zh}{named}。请核对磁盘空间、权限和数据库。 / Not done: {cause.en}."
        ) from None


def _asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="backup.py", description="Back Laurel up, or bring a backup back.")
    acts = asked.add_subparsers(dest="act", required=True)
    making = acts.add_parser("make", help="write a backup, encrypted by LAUREL_BACKUP_COMMAND")
    making.add_argument("file", type=Path)
    making.add_argument("--plain", action="store_true", help="do not encrypt it")
    restoring = acts.add_parser("restore", help="bring a backup back into an empty place")
    restoring.add_argument("file", type=Path, help="the .tar.gz, decrypted; - reads it from the standard input")
    return asked.parse_args()
