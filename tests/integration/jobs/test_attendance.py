"""Commands that need everybody gone see who is at work on the same database, on whatever machine, and name them."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.app import Installation
from service.cli.main import laurel
from service.jobs.attendance import at_work, nobody_else
from service.jobs.owner import process_name
from service.settings import read_settings
from service.store import Store
from service.store.errors import InUse
from service.store.presence import Occupancy
from tests.support.lakeside import make_lakeside

ALONE = (
    ("epoch", "--saved", "2026-03-02T09:30", "--cause", "x", "--yes"),
    ("adopt", "--yes"),
    ("retention", "tidy"),
    ("doctor", "--recount"),
)


@pytest.mark.postgres
def test_servers_are_beside_each_other_and_a_command_alone(postgres_url: str, tmp_path: Path) -> None:
    lock = tmp_path / "no.lock"
    with at_work(postgres_url), at_work(postgres_url):
        with pytest.raises(InUse, match="另一个进程") as refused, nobody_else(postgres_url, lock):
            pass
        assert [holder.name for holder in refused.value.holders] == [process_name()] * 2
        assert all(holder.since for holder in refused.value.holders)
    with nobody_else(postgres_url, lock):
        for other in (at_work(postgres_url), nobody_else(postgres_url, lock)):
            with pytest.raises(InUse, match="等它结束"), other:
                pass
    with at_work(postgres_url):
        assert not lock.exists()


@pytest.mark.postgres
@pytest.mark.parametrize("words", ALONE, ids=" ".join)
def test_each_command_that_needs_everybody_gone_refuses_beside_a_server(
    postgres_url: str, tmp_path: Path, words: tuple[str, ...]
) -> None:
    installation = Installation(read_settings({"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": postgres_url}))
    with at_work(postgres_url):
        refused = CliRunner().invoke(laurel, list(words), obj=installation)
    assert refused.exit_code in (1, 2)
    assert f"另一个进程正在使用这个数据库：{process_name()}（" in refused.output
    assert "is at work on this database" in refused.output


@pytest.mark.postgres
def test_a_lost_session_is_taken_up_anew(postgres_url: str, tmp_path: Path) -> None:
    place = Occupancy(postgres_url, "laurel serve web1:1")
    place.join()
    engine = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'laurel serve web1:1'"
        )
    engine.dispose()
    with nobody_else(postgres_url, tmp_path / "no.lock"), pytest.raises(InUse):
        place.rejoin()
    place.rejoin()
    place.rejoin()
    with pytest.raises(InUse, match="web1:1"), nobody_else(postgres_url, tmp_path / "no.lock"):
        pass
    place.leave()


def test_on_sqlite_the_file_says_who_holds_it(sqlite_url: str, tmp_path: Path) -> None:
    store = Store(sqlite_url, tmp_path / "files")
    make_lakeside(store)
    store.close()
    installation = Installation(read_settings({"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": sqlite_url}))
    with installation.stopped():
        refused = CliRunner().invoke(laurel, list(ALONE[0]), obj=installation)
    assert (refused.exit_code, process_name() in refused.output, " 起）" in refused.output) == (2, True, True)
    assert "Traceback" not in refused.output
