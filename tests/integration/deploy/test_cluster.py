"""Several servers of pages behind nginx and a worker beside them: one installation to whoever visits it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from service.store import NewWork, Store
from service.store.models import MailRow
from tests.support.cluster import RunningCluster, laurel, running_cluster
from tests.support.keys import keys_beside
from tests.support.postgres import Cluster
from tests.support.waiting import until

pytestmark = pytest.mark.postgres

PASSWORD = "many machines, one award"


@pytest.fixture
def cluster(postgres_url: str, tmp_path: Path) -> Iterator[RunningCluster]:
    environment = {
        "LAUREL_DATABASE": postgres_url,
        "LAUREL_DATA": str(tmp_path / "data"),
        "LAUREL_SEPARATION": "one",
        "LAUREL_BALLOT_KEYS": str(tmp_path / "keys"),
    }
    laurel(environment, "administrator", "zhou", "--name", "周某", given=f"{PASSWORD}\n")
    with running_cluster(tmp_path / "run", environment, workers=["timers,cases,documents,mail"]) as running:
        yield running


def sign_in(client: httpx.Client, address: str, password: str) -> httpx.Response:
    page = client.get(f"{address}/sign-in").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return client.post(f"{address}/sign-in", data={"login": "zhou", "password": password, "csrf_token": found[1]})


def test_visitors_meet_one_installation_whatever_process_answers(
    cluster: RunningCluster, postgres: Cluster, postgres_url: str, tmp_path: Path
) -> None:
    with httpx.Client(trust_env=False, follow_redirects=True, timeout=60) as client:
        assert "周某" in sign_in(client, cluster.pages[0], PASSWORD).text
        for address in (*cluster.pages, cluster.address):
            assert "周某" in client.get(f"{address}/").text
    store = Store(postgres_url, tmp_path / "files", keys=keys_beside(tmp_path / "data"))
    now = datetime.now(UTC)
    with store.write() as tx:
        tx.mail.queue_many([MailRow(subject="试", text="试", effect_key="m", address="a@example.cn", queued_at=now)])
        tx.work.enqueue_many([NewWork("mail", None, "m:mail", {"message": "m"}, now)], now)
    until(lambda: _state(store) == "done")
    cluster.processes["web-0"].kill()
    with httpx.Client(trust_env=False, timeout=60) as client:
        assert [client.get(f"{cluster.address}/readyz").status_code for _ in range(6)] == [200] * 6
    cluster.begin("web-0")
    cluster.until_served(cluster.pages[0], supervised=True)
    with httpx.Client(trust_env=False, timeout=60) as client, postgres.frozen():
        told = client.get(f"{cluster.address}/readyz")  # by one server: another waits for the same database as long
        assert (told.status_code, told.headers["X-Answers"]) == (503, "503")


def _state(store: Store) -> str:
    with store.read() as tx:
        item = tx.work.find(effect_key="m:mail")
    assert item is not None
    return item.state
