"""A PostgreSQL server for a part of the bench, waiting for its disk as one in use does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.support import postgres


@contextmanager
def postgresql() -> Iterator[Callable[[], str]]:
    """Yield what makes an empty database and returns its address; raises RuntimeError where no PostgreSQL is installed."""
    if postgres.binaries() is None:
        raise RuntimeError(postgres.ABSENT)
    with postgres.data_folder() as folder, postgres.cluster(folder, durable=True) as running:
        yield lambda: running.create(running.fresh_name())
