"""kill -9 in the middle of an upgrade and of a transfer: what was begun is done once, by whoever comes next."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from service.app import Installation
from service.cli.main import laurel
from service.settings import read_settings
from service.store import Store
from service.store.models import metadata
from tests.chaos.invariants import proven
from tests.integration.law.test_amendment import decide
from tests.support.keys import keys_beside
from tests.support.lakeside import make_lakeside
from tests.support.postgres import Cluster
from tests.support.shots import dies, shoot

pytestmark = pytest.mark.chaos


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
