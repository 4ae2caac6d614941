"""Commands that need everybody gone see who is at work on the same database, on whatever machine, and name them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.app import Installation
from service.cli.main import laurel
from service.domain.running.lanes import LANES
from service.jobs.attendance import Attendance, at_work, nobody_else
from service.jobs.process_lock import process_name
from service.jobs.worker import Ticker
from service.settings import read_settings
from service.store import Store
from service.store.connections.presence import Occupancy
from service.store.errors import Displaced, InUse
from tests.support.browsers import make_app
from tests.support.desks import make_bench
from tests.support.lakeside import make_lakeside

ALONE = (
    ("restore", "--saved", "2026-03-02T09:30", "--cause", "x", "--yes"),
    ("archive", "tidy"),
    ("doctor", "--reindex"),
)


@pytest.mark.postgres
def test_servers_are_beside_each_other_and_a_command_alone(postgres_url: str, tmp_path: Path) -> None:
    lock = tmp_path / "no.lock"
    with at_work(postgres_url), at_work(postgres_url):
        with pytest.raises(InUse, match="另一个进程") as refused, nobody_else(postgres_url, lock, 0):
            pass
        assert [holder.name for holder in refused.value.holders] == [process_name()] * 2
        assert all(holder.since for holder in refused.value.holders)
    with nobody_else(postgres_url, lock, 0):
        for other in (at_work(postgres_url), nobody_else(postgres_url, lock, 0)):
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
def test_who_lost_its_session_to_a_command_stands_aside_until_it_has_ended(
    postgres_url: str, tmp_path: Path, open_store: Callable[[str], Store]
) -> None:
    bench = make_bench(open_store(postgres_url))
    desk = bench.desk
    place = Attendance(Occupancy(postgres_url, "laurel serve web1:1"))
    desk.store.demand_presence = place.demand
    pages, bells = make_app(bench).test_client(), desk.store.bells
    assert bells is not None
    ticker = Ticker(desk.store, bells, desk.clock.now, LANES)
    _hang_up(postgres_url, "laurel serve web1:1")
    with nobody_else(postgres_url, tmp_path / "no.lock", 0):
        place.look()
        refused = pages.get("/api/v1/notices")
        assert (refused.status_code, refused.json["code"], refused.headers["Retry-After"]) == (503, "displaced", "60")
        assert "一条命令正在单独使用数据库" in pages.get("/").text
        for each in (ticker.tick, lambda: desk.store.claim_in(LANES[0], desk.clock.now(), "web1:1")):
            with pytest.raises(Displaced):
                each()
    place.look()
    place.look()
    assert pages.get("/api/v1/notices").status_code == 200
    ticker.tick()
    with pytest.raises(InUse, match="web1:1"), nobody_else(postgres_url, tmp_path / "no.lock", 0):
        pass
    place.leave()


def _hang_up(url: str, name: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            sa.text("select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = :name"),
            {"name": name},
        )
    engine.dispose()


def test_on_sqlite_the_file_says_who_holds_it(sqlite_url: str, tmp_path: Path) -> None:
    store = Store(sqlite_url, tmp_path / "files")
    make_lakeside(store)
    store.close()
    installation = Installation(read_settings({"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": sqlite_url}))
    with installation.stopped():
        refused = CliRunner().invoke(laurel, list(ALONE[0]), obj=installation)
    assert (refused.exit_code, process_name() in refused.output, " 起）" in refused.output) == (2, True, True)
    assert "Traceback" not in refused.output


@pytest.mark.postgres
def test_just_after_the_start_of_postgresql_a_command_waits_for_those_who_come_back(postgres_url: str) -> None:
    server, command = Occupancy(postgres_url, "laurel serve web1:1"), Occupancy(postgres_url, "laurel hold")
    waited: list[float] = []

    def come_back(seconds: float) -> None:
        waited.append(seconds)
        server.join()

    with pytest.raises(InUse, match="web1:1"):
        command.be_alone(settled=1e6, pause=come_back)
    assert len(waited) == 1
    assert 0 < waited[0] < 1e6
    server.leave()
