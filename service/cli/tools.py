"""The tools that the composition root hands to commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol

import click

from service.cli.operator_words import words_of
from service.domain.errors import LaurelError

if TYPE_CHECKING:
    from service.casework.desk.desk import Desk
    from service.domain.text import Text
    from service.settings import Settings


class Tools(Protocol):
    """What a command may ask for."""

    @property
    def root(self) -> Path:
        """The folder that holds processes/ and forms/."""

    @property
    def settings(self) -> Settings:
        """What the installation chose."""

    def desk(self) -> Desk:
        """Return a desk over the installation's database, its tables up to date."""

    def as_owner(self) -> Tools:
        """Return the tools of the same installation by the role that owns its tables."""

    def over(self, database: str) -> Tools:
        """Return the tools of the same installation over another database."""

    def stopped(self) -> AbstractContextManager[None]:
        """Keep servers and workers from starting meanwhile; raises InUse, naming who is at work."""

    def look(self) -> Desk:
        """Return a desk over the installation's database as it stands, for reading."""

    def wait_for_database(self, patience: float = ...) -> Text | None:
        """Return None once the database lets us in; after ``patience`` seconds, 0: where it does not at once, why not."""

    def serve(self, with_work: bool | None = None) -> None:
        """Serve pages until the process is told to stop."""

    def serve_processes(self, count: int) -> None:
        """Serve pages by ``count`` processes until told to stop; raises BadSetting on SQLite."""

    def demo_is_prepared(self) -> bool:
        """Return whether the demonstration's seasons were prepared to their end."""

    def prepare_demo(self) -> None:
        """Prepare the demonstration's seasons."""

    def work(self, lanes: Sequence[str], threads: int) -> None:
        """Do the due work of ``lanes`` until the process is told to stop; raises BadSetting on SQLite."""


pass_tools: Callable[..., Callable[..., object]] = click.make_pass_decorator(object)


def refuse(error: LaurelError) -> NoReturn:
    """Say what is wrong in both languages on standard error and leave with exit code 2."""
    said = words_of(error)
    click.echo(f"{said.zh} / {said.en}", err=True)
    sys.exit(2)
