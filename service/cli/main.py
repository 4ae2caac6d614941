"""The laurel command line: each command is loaded when it is called, so that a small one starts quickly."""

from __future__ import annotations

import errno
import getpass
import importlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from service.cli.tools import exit_with_refusal
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words

COMMANDS = {
    "administrator": "service.cli.administrator:administrator",
    "archive": "service.cli.archive:archive",
    "audit": "service.cli.audit:audit",
    "backup": "service.backups.command:backup",
    "check": "service.cli.check:check",
    "compare": "service.cli.compare:show_comparison",
    "coverage": "service.cli.coverage:show_coverage",
    "demo": "service.cli.serve:demo",
    "deploy": "service.cli.deploy:deploy",
    "doctor": "service.cli.doctor:doctor",
    "feel": "service.cli.feel:feel",
    "resume": "service.cli.resume:resume",
    "restore": "service.backups.command:restore",
    "serve": "service.cli.serve:serve",
    "simulate": "service.cli.simulate:simulate",
    "transfer": "service.cli.transfer:transfer",
    "window": "service.cli.window:window",
    "work": "service.cli.serve:work",
}
"""Name of each command and where it is."""


_WRONG = {
    click.NoSuchOption: "没有这个选项",
    click.MissingParameter: "缺少参数",
    click.BadParameter: "参数的值不对",
    click.UsageError: "命令写法有误，加 --help 可看用法",
}
"""What is wrong with a command line, the most exact first."""


@contextmanager
def _both_languages() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        chinese = next(words for kind, words in _WRONG.items() if isinstance(error, kind))
        raise click.UsageError(f"{chinese}。 / {error.format_message()}", error.ctx) from error


def _get_account() -> str:
    """Return the account of the machine that runs the command, as acts of the book name it."""
    try:
        who = getpass.getuser()
    except (KeyError, OSError):
        who = str(os.getuid())
    return f"{who}@{socket.gethostname()}"


def _not_written(error: OSError) -> LaurelError:
    """Return what a full or read-only disk, or a folder without rights, says."""
    reason = cause_words(error)
    named = f"（{error.filename}）" if error.filename else ""
    return LaurelError(
        Text(
            f"没有完成：{reason.zh}{named}。请核对磁盘空间、目录的权限，以及磁盘是否只读。",
            f"Not done: {reason.en}. Look at the room on the disk, the rights of the folder, and whether it is read-only.",
        )
    )


class LateGroup(click.Group):
    """A group that imports a command only when somebody asks for it, and refuses a command line in both languages."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command's name."""
        with _both_languages():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Read the rest and run the command; whatever it refuses is said in both languages, with exit code 2."""
        from service.casework.access.book.acting import from_where

        try:
            with _both_languages(), from_where(_get_account()):
                return super().invoke(ctx)
        except LaurelError as error:
            exit_with_refusal(error)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read the output has gone: click ends quietly
                raise
            exit_with_refusal(_not_written(error))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in order."""
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, loaded now if it was not before."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
def laurel() -> None:
    """Laurel 桂冠: government quality awards as executable BPMN."""
