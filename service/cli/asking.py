"""What a command asks whoever runs it; without a terminal nobody answers, and it says how to answer beforehand."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

import click

from service.domain.errors import LaurelError
from service.domain.text import Text

_Answer = TypeVar("_Answer")


class Unanswered(LaurelError):
    """A command asked, and nobody was there to answer; nothing was done."""

    code = "unanswered"


def asked(ask: Callable[[], _Answer], beforehand: Text) -> _Answer:
    """Return what ``ask`` is answered; ``beforehand`` says how to answer where there is no terminal.

    Raises:
        Abort: if somebody at the terminal breaks it off.
        Unanswered: if the input ends without an answer.
    """
    try:
        return ask()
    except click.Abort:
        if sys.stdin.isatty():
            raise
        click.echo(err=True)  # the question ends no line
        raise Unanswered(
            Text(
                f"没有办理：这里没有终端可以回答。{beforehand.zh}",
                f"Nothing was done: there is no terminal to answer at. {beforehand.en}",
            )
        ) from None


def confirm(question: Text, *, yes: bool) -> None:
    """Go on where ``question`` is affirmed, or ``yes`` was said on the command line; raises as `asked`, and Abort for a no."""
    beforehand = Text("确要办理的，加上 --yes 再运行。", "Run it with --yes where you are sure.")
    if not yes and not asked(lambda: click.confirm(f"{question.zh} / {question.en}"), beforehand):
        raise click.Abort
