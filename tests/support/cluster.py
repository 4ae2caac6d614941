"""An installation over several processes on this machine: PostgreSQL, servers of pages, workers and nginx before them."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

from tests.support.s3 import free_port

ROOT = Path(__file__).parents[2]
PROGRAM = "service.app"
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
        keepalive 16;
    }}
    server {{
        listen 127.0.0.1:{port}{secure};
        location / {{
            proxy_pass http://laurel;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            add_header X-Answers $upstream_status always;
            proxy_next_upstream error timeout;
            proxy_next_upstream_timeout 4s;
            proxy_connect_timeout 2s;
        }}
    }}
}}
"""


@dataclass
class RunningCluster:
    """Where visitors enter, each server of pages by its own address, and the processes by name.

    ``commands`` begin a process of that name; what it says is added to its log.
    """

    address: str
    pages: Sequence[str]
    folder: Path
    commands: Mapping[str, Callable[[], subprocess.Popen[bytes]]] = field(repr=False)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict, repr=False)

    def begin(self, name: str) -> None:
        """Start a process, or start it again."""
        self.processes[name] = self.commands[name]()

    def kill(self, name: str) -> None:
        """End a process at once, as a loss of power would."""
        self.processes[name].kill()
        self.processes[name].wait()

    def fallen(self) -> list[str]:
        """Return the processes that have ended."""
        return [name for name, process in self.processes.items() if process.poll() is not None]

    def why_fallen(self) -> str:
        """Return which processes have ended, with what, and what every process that is not at work said last."""
        codes = {name: process.poll() for name, process in self.processes.items()}
        ended = ", ".join(f"{name} ended with {code}" for name, code in codes.items() if code is not None)
        said = [f"--- {log.name}\n{_last(log)}" for log in sorted(self.folder.glob("*.log"))]
        return "\n".join([f"{ended or 'No process has ended'}. They said last:", *said])

    def until_served(self, address: str, seconds: float = 300, *, supervised: bool = False) -> None:
        """Wait until a server of pages is ready, at most ``seconds``.

        Fails at once when a process has ended, unless the cluster is ``supervised``: somebody starts it again.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert supervised or not self.fallen(), self.why_fallen()
            with suppress(urllib.error.URLError, OSError), _asked(f"{address}/readyz"):
                return
            time.sleep(0.1)
        raise TimeoutError(f"{address} is not served after {seconds:.0f} seconds. {self.why_fallen()}")

    def end(self) -> None:
        """Let every process end."""
        for process in reversed(self.processes.values()):
            process.terminate()
        for process in self.processes.values():
            _ended(process)


@contextmanager
def running_cluster(
    folder: Path,
    environment: Mapping[str, str],
    *,
    port: int = 0,
    pages: int = 2,
    workers: Sequence[str] = WORKERS,
    program: str = PROGRAM,
    certificate: Path | None = None,
) -> Iterator[RunningCluster]:
    """Run it over the database that ``environment`` names until the end of the block; yields when pages are served.

    ``program`` is the module that is the command ``laurel``. Without ``workers`` the pages' servers do the work. With a
    ``certificate`` of localhost nginx speaks HTTPS.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port, ports = port or free_port(), [free_port() for _ in range(pages)]
    address = f"https://localhost:{port}" if certificate else f"http://127.0.0.1:{port}"
    settings = {**os.environ, **environment, "LAUREL_PUBLIC_URL": address}
    commands: dict[str, Callable[[], subprocess.Popen[bytes]]] = {}
    for number, each in enumerate(ports):
        words = (program, "serve", "--without-work" if workers else "--with-work")
        commands[f"web-{number}"] = partial(
            _begun, folder, f"web-{number}", words, {**settings, "LAUREL_PORT": str(each)}
        )
    for number, lanes in enumerate(workers):
        commands[f"worker-{number}"] = partial(
            _begun, folder, f"worker-{number}", (program, "work", "--queues", lanes), settings
        )
    commands["nginx"] = partial(_nginx, folder, port, ports, certificate)
    addresses = [*(f"http://127.0.0.1:{each}" for each in ports), address]
    cluster = RunningCluster(addresses[-1], addresses[:-1], folder, commands)
    try:
        for name in commands:
            cluster.begin(name)
        for address in addresses:
            cluster.until_served(address)
        yield cluster
    finally:
        cluster.end()


def laurel(environment: Mapping[str, str], *words: str, program: str = PROGRAM, given: str = "") -> None:
    """Run a command of the installation to its end, with ``given`` as standard input."""
    command = [sys.executable, "-m", program, *words]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True, input=given, text=True)


def _begun(folder: Path, name: str, words: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    with (folder / f"{name}.log").open("ab") as log:
        command = [sys.executable, "-m", *words]
        return subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=log, stderr=log)


def _last(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _asked(address: str) -> AbstractContextManager[object]:
    """Ask whoever answers there; that its certificate is nobody's but its own is no matter here."""
    unchecked = ssl._create_unverified_context() if address.startswith("https") else None
    return cast("AbstractContextManager[object]", urllib.request.urlopen(address, timeout=5, context=unchecked))


def _nginx(folder: Path, port: int, ports: Sequence[int], certificate: Path | None) -> subprocess.Popen[bytes]:
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    servers = "\n        ".join(f"server 127.0.0.1:{each} max_fails=0;" for each in ports)
    user = "user root;" if os.geteuid() == 0 else ""
    secure = (
        f" ssl;\n        ssl_certificate {certificate};\n        ssl_certificate_key {certificate}"
        if certificate
        else ""
    )
    conf = _NGINX.format(user=user, folder=folder.absolute(), port=port, servers=servers, secure=secure)
    (folder / "nginx.conf").write_text(conf)
    with (folder / "nginx-out.log").open("ab") as log:
        command = [program, "-c", str((folder / "nginx.conf").absolute()), "-e", str(folder.absolute() / "nginx.log")]
        return subprocess.Popen(command, stdout=log, stderr=log)


def _ended(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
