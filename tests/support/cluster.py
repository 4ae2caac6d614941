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
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

from tests.support.ports import free_port

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
            proxy_set_header Host $http_host;{forwarded}
            add_header X-Answers $upstream_status always;
            proxy_next_upstream error timeout;
            proxy_next_upstream_timeout 4s;
            proxy_connect_timeout 2s;
        }}
    }}
}}
"""

_FORWARDED = """
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;"""

_STEP = 0.5
"""Seconds of a processor within which a process that starts gets on; one that waits takes less."""

_MOST = 900.0
"""Seconds after which a start is given up even where processes still work."""

PASSING = (502, 503, 504)
"""Answers of nginx, or of a server of pages, before all of them and the database are there."""


class NotServed(Exception):
    """Pages are not served, and why."""


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

    def until_served(self, address: str, seconds: float = 60, *, supervised: bool = False) -> None:
        """Wait until a server of pages is ready, as long as its processes start, at most ``seconds`` after they stopped that.

        A busy machine starts them slowly: time counts only while none of them works. Fails at once when a process has
        ended, unless the cluster is ``supervised`` (somebody starts it again), and where an answer says that it will not come.
        """
        worked, since = self._worked(), time.monotonic()
        end, why = since + _MOST, ""
        while time.monotonic() < min(since + seconds, end):
            if not supervised and self.fallen():
                raise NotServed(self.why_fallen())
            if not (why := why_not_served(address)):
                return
            if (now := self._worked()) > worked + _STEP:
                worked, since = now, time.monotonic()
            time.sleep(0.1)
        raise NotServed(f"{address} is not served: {why}, and no process works on. {self.why_fallen()}")

    def _worked(self) -> float:
        """Return how many seconds of a processor the processes have taken until now."""
        return sum(cpu_seconds(process.pid) for process in self.processes.values())

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
    commands["nginx"] = partial(_nginx, folder, port, ports, certificate, direct=settings.get("LAUREL_DEMO") == "1")
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


def cpu_seconds(pid: int) -> float:
    """Return how many seconds of a processor a process and the children that it waited for have taken; 0 where it is gone."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in said[11:15]) / os.sysconf("SC_CLK_TCK")


def _last(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def why_not_served(address: str) -> str:
    """Return why pages are not served yet, "" where they are; raises NotServed for an answer that does not pass."""
    try:
        with _asked(f"{address}/readyz"):
            return ""
    except urllib.error.HTTPError as answer:
        if answer.code not in PASSING:
            said = answer.read().decode(errors="replace")[:600]
            raise NotServed(f"{address}/readyz answers {answer.code}, which does not pass: {said}") from None
        return f"it answers {answer.code}"
    except OSError as silent:
        return str(silent)


def _asked(address: str) -> AbstractContextManager[object]:
    """Ask whoever answers there; that its certificate is nobody's but its own is no matter here."""
    unchecked = ssl._create_unverified_context() if address.startswith("https") else None
    return cast("AbstractContextManager[object]", urllib.request.urlopen(address, timeout=5, context=unchecked))


def _nginx(
    folder: Path, port: int, ports: Sequence[int], certificate: Path | None, *, direct: bool
) -> subprocess.Popen[bytes]:
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    conf = nginx_conf(folder, port, ports, certificate, direct=direct)
    (folder / "nginx.conf").write_text(conf)
    with (folder / "nginx-out.log").open("ab") as log:
        command = [program, "-c", str((folder / "nginx.conf").absolute()), "-e", str(folder.absolute() / "nginx.log")]
        return subprocess.Popen(command, stdout=log, stderr=log)


def nginx_conf(folder: Path, port: int, ports: Sequence[int], certificate: Path | None, *, direct: bool) -> str:
    """Return the settings of the nginx before the pages of ``ports``.

    ``direct``: it names no visitor. The demonstration takes nobody whom a proxy names, and this nginx listens to this
    machine alone.
    """
    servers = "\n        ".join(f"server 127.0.0.1:{each} max_fails=0;" for each in ports)
    user = "user root;" if os.geteuid() == 0 else ""
    secure = (
        f" ssl;\n        ssl_certificate {certificate};\n        ssl_certificate_key {certificate}"
        if certificate
        else ""
    )
    forwarded = "" if direct else _FORWARDED
    return _NGINX.format(
        user=user, folder=folder.absolute(), port=port, servers=servers, secure=secure, forwarded=forwarded
    )


def _ended(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
