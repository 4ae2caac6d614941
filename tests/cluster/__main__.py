"""Runs the demonstration on PostgreSQL, two servers of pages, three workers and nginx until Ctrl-C; nothing of it stays."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from pathlib import Path

from tests.support import postgres as pg
from tests.support.cluster import laurel, running_cluster


def main() -> int:
    """Prepare and serve; returns the exit code."""
    if pg.binaries() is None:
        print(pg.ABSENT, file=sys.stderr)
        return 1
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    with (
        tempfile.TemporaryDirectory(prefix="laurel-cluster-") as name,
        pg.data_folder() as data,
        pg.cluster(data) as server,
    ):
        folder = Path(name)
        environment = {
            "LAUREL_DEMO": "1",
            "LAUREL_DATA": str(folder / "data"),
            "LAUREL_BALLOT_KEYS": str(folder / "keys"),
            "LAUREL_DATABASE": server.create("laurel"),
        }
        print("正在准备演示数据…… / preparing the seasons …", flush=True)
        laurel(environment, "demo", "--prepare")
        with running_cluster(folder, environment, port=int(os.environ.get("PORT", "8000"))) as cluster:
            print(f"Laurel 桂冠：{cluster.address}（{'、'.join(cluster.processes)}；{folder}）", flush=True)
            told.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
