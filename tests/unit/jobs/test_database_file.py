"""The file of a SQLite database that is moved away under the service: nothing is written into it any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.jobs.attendance import at_work
from service.store import Store, Unreachable
from service.store.connections.database_file import FileGone


def test_nothing_is_written_into_a_database_that_is_not_where_it_was(tmp_path: Path) -> None:
    file, away = tmp_path / "laurel.db", tmp_path / "away.db"
    url = f"sqlite:///{file}"
    with at_work(url) as demand_presence:
        store = Store(url, tmp_path / "files")
        store.demand_presence = demand_presence
        store.migrate()
        with store.write() as tx:
            tx.work.reset_running()
        file.rename(away)
        for begun in (store.read, store.write):
            with pytest.raises(FileGone, match="已被移走"), begun():
                pass
        file.write_bytes(b"")
        with pytest.raises(Unreachable), store.write():
            pass
        file.unlink()
        away.rename(file)
        with store.write() as tx:
            tx.work.reset_running()
        store.close()
