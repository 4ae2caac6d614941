"""kill -9 in the middle of an upgrade, a transfer and a move of all cases: what was begun is done once, by whoever comes next."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from service.app import Installation
from service.casework.access.actor import SYSTEM
from service.casework.batches import run_chunk
from service.casework.due.move_batch import BatchWish, begin_batch
from service.casework.due.run_item import run_item
from service.casework.queries.law.view_moves import view_batch
from service.cli.main import laurel
from service.settings import read_settings
from service.store import Store
from service.store.models import metadata
from tests.chaos.invariants import proven
from tests.integration.law.test_amendment import REASON, amendment, decide
from tests.integration.law.test_undone_moves import PROCESS, SETTLE
from tests.support.keys import keys_beside
from tests.support.lakeside import DIAGRAM, KEY, Lakeside, make_lakeside
from tests.support.postgres import Cluster
from tests.support.shots import dies, shoot

pytestmark = pytest.mark.chaos

CASES = 5


@pytest.fixture
def town(store: Store) -> Lakeside:
    """An office with cases that wait for its decision."""
    town = make_lakeside(store)
    for number in range(CASES):
        town.start(f"applicant{number}")
    return town


def require_sound(town: Lakeside) -> None:
    """Nothing is found by a deep look, and every case waits for one task that can be done."""
    assert proven(town.desk.store) == []
    for case in range(1, CASES + 1):
        decide(town, case)


def test_making_the_tables_is_repeated_after_it_was_killed(bare_url: str, tmp_path: Path) -> None:
    engine = sa.create_engine(bare_url)
    for after in (2, 12, 40):

        def upgrade(after: int = after) -> None:
            store = Store(bare_url, tmp_path / "files")
            sent = iter(range(after))
            sa.event.listen(
                store._engine, "after_cursor_execute", lambda *_: None if next(sent, None) is not None else shoot()
            )
            store.migrate()

        assert dies(upgrade), after
        assert sa.inspect(engine).get_table_names() == []
    engine.dispose()
    store = Store(bare_url, tmp_path / "files")
    store.migrate()
    town = make_lakeside(store)
    assert town.start("late") > 0
    assert proven(store) == []
    store.close()


def test_a_move_of_all_cases_that_is_killed_goes_on_and_moves_each_once(
    town: Lakeside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_chunk, "CHUNK", 2)
    new = town.deploy(amendment(**{DIAGRAM: SETTLE}))
    wish = BatchWish(version=new.version, reason=REASON, renames={PROCESS: {"decide": "settle"}}, dry=False)
    batch = begin_batch(town.desk, town.admin, KEY, wish)

    def move() -> None:
        store = town.desk.store
        store.forked()
        item = store.claim(town.clock.now(), "killed")
        assert item is not None
        store.crash_point = lambda point: shoot() if point == "after-commit" else None
        run_item(town.desk, SYSTEM, item)

    assert dies(move)
    moved = [town.case(case).definition == new.version for case in range(1, CASES + 1)]
    assert 0 < sum(moved) < CASES
    town.clock.move_to(town.clock.now() + timedelta(hours=1))  # the lease of the killed process is over
    town.drain()
    view = view_batch(town.desk, town.admin, batch)
    assert (view.batch.state, view.counts) == ("done", {"moved": CASES})
    require_sound(town)


@pytest.mark.postgres
@pytest.mark.parametrize("where", ["service.cli.transfer._print_rows", "service.store.transfer._number_on"])
def test_a_transfer_that_is_killed_leaves_nothing_and_is_repeated(
    sqlite_url: str, postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Shot after the rows of its last table, or while what was carried over is compared."""
    target = postgres.create(postgres.fresh_name())
    with closing(Store(sqlite_url, tmp_path / "files", keys=keys_beside(tmp_path))) as store:
        town = make_lakeside(store)
        case = town.start("first")
    tables = metadata.sorted_tables
    settings = read_settings(
        {"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": sqlite_url, "LAUREL_TRANSFER_TO": target}
    )

    def transfer() -> Result:
        return CliRunner().invoke(laurel, ["transfer"], obj=Installation(settings))

    with monkeypatch.context() as deadly:
        calls = iter(tables[1:])
        deadly.setattr(where, lambda *_: None if next(calls, None) is not None else shoot())
        assert dies(transfer)
    engine = sa.create_engine(target)
    with engine.connect() as connection:
        assert not any(connection.scalar(sa.select(sa.func.count()).select_from(one)) for one in tables)
    engine.dispose()
    done = transfer()
    assert done.exit_code == 0, done.output
    with closing(Store(target, tmp_path / "files", keys=keys_beside(tmp_path))) as there:
        assert proven(there) == []
        decide(replace(town, desk=replace(town.desk, store=there)), case)
    postgres.drop(target.rsplit("/", 1)[1].split("?")[0])
