"""An installation over several processes on this machine: PostgreSQL, servers of pages, workers and nginx before them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.s3 import free_port

ROOT = Path(__file__).parents[2]
WORKERS = ("timers,cases", "cases,documents", "mail,timers")

_NGINX = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{}}
http {{
    access_log off;
    client_max_body_size 52m;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream laurel {{
        {servers}
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://laurel;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_next_upstream error timeout http_503;
            proxy_connect_timeout 2s;
        }}
    }}
}}
"""


@dataclass
class RunningCluster:
    """Where visitors enter, and the processes by name."""

    address: str
    pages: Sequence[str]
    processes: Mapping[str, subprocess.Popen[bytes]] = field(repr=False)


@contextmanager
def running_cluster(
    folder: Path, environment: Mapping[str, str], *, port: int = 0, pages: int = 2, workers: Sequence[str] = WORKERS
) -> Iterator[RunningCluster]:
    """Run it over the database that ``environment`` names until the end of the block; yields when pages are served."""
    folder.mkdir(parents=True, exist_ok=True)
    port, ports = port or free_port(), [free_port() for _ in range(pages)]
    settings = {**os.environ, **environment, "LAUREL_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    processes: dict[str, subprocess.Popen[bytes]] = {}
    with ExitStack() as stack:
        for number, each in enumerate(ports):
            served = {**settings, "LAUREL_PORT": str(each)}
            command = ["serve", "--without-work"]
            processes[f"web-{number}"] = stack.enter_context(_running(folder, f"web-{number}", command, served))
        for number, lanes in enumerate(workers):
            command = ["work", "--queues", lanes]
            processes[f"worker-{number}"] = stack.enter_context(_running(folder, f"worker-{number}", command, settings))
        processes["nginx"] = stack.enter_context(_nginx(folder, port, ports))
        for each in (*ports, port):
            _until_served(f"http://127.0.0.1:{each}/readyz", processes)
        yield RunningCluster(f"http://127.0.0.1:{port}", [f"http://127.0.0.1:{each}" for each in ports], processes)


def laurel(environment: Mapping[str, str], *words: str) -> None:
    """Run a command of the installation to its end."""
    command = [sys.executable, "-m", "service.app", *words]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)


@contextmanager
def _running(
    folder: Path, name: str, words: Sequence[str], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / f"{name}.log").open("wb") as log:
        command = [sys.executable, "-m", "service.app", *words]
        process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=log, stderr=log)
        try:
            yield process
        finally:
            _end(process)


@contextmanager
def _nginx(folder: Path, port: int, ports: Sequence[int]) -> Iterator[subprocess.Popen[bytes]]:
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    servers = "\n        ".join(f"server 127.0.0.1:{each};" for each in ports)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_NGINX.format(user=user, folder=folder.absolute(), port=port, servers=servers))
    with (folder / "nginx-out.log").open("wb") as log:
        process = subprocess.Popen(
            [program, "-c", str((folder / "nginx.conf").absolute()), "-e", str(folder.absolute() / "nginx.log")],
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _until_served(address: str, processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end:
        fallen = [name for name, process in processes.items() if process.poll() is not None]
        assert not fallen, f"{fallen} ended: look at their logs"
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.1)
    raise TimeoutError(f"{address} is not served")
