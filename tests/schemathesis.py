"""Runs Schemathesis, which knows nothing of Laurel but its OpenAPI document, against a demonstration of its own.

``python -m tests.schemathesis [ROLE] [DATABASE] [EXAMPLES] [ONE] [REPORT]``, empty words as if not given: roles of
``tests.support.contract_values`` with commas between (otherwise each, one after another), ``sqlite`` (otherwise) or ``postgresql``,
how many requests are drawn for each operation (2), a regular expression for the paths to ask, and a folder for all that was asked
and answered (``ROLE-DATABASE-PORTION.ndjson``). Each role asks a copy of one demonstration: the first of them that an operation
lets in also at the edges of what it takes, and what turns the role away with one request.
The seed is fixed; ``LAUREL_PORT`` is the port, otherwise a free one. Ends with 1 when an answer was not as described, with 2 when the words are wrong.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.people.accounts.accounts import NewAccount, add_first_administrator
from service.web import create_app
from service.web.api.openapi import build_openapi_document
from tests.support import postgres as pg
from tests.support.browsers import settings_for_tests
from tests.support.cluster import PROGRAM, ROOT, laurel
from tests.support.contract import METHODS, Described, Known, described
from tests.support.contract_values import LAST, ROLES, ROLES_BESIDE, Heads, headers_of_people, values
from tests.support.demonstration import desk_in
from tests.support.keys import keys_beside
from tests.support.ports import free_port

DATABASES = ("sqlite", "postgresql")
ASKED = {**ROLES, **ROLES_BESIDE}
"""The login by which each role asks."""
SEED = 12
EXAMPLES = 2
KEYS = ("-ballot-keys", "-data-keys")
"""How the folders of keys are called, beside that of the data."""
FIRST = "prepared"
"""The database that is copied for each role."""
HOURS = 24 * 365
FAILED, WRONG_WORDS = 1, 2
TURNED_AWAY = (401, 403)
STARTS_WITHIN = 600.0
TRUE_REFUSALS = '["2xx", 304, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 503]'
"""What may answer a request that is as described: a rule can forbid what the shape allows, a mark may still hold (304)."""


def config(known: Mapping[str, Sequence[object]]) -> str:
    """Return what Schemathesis reads: values that exist for the places in addresses, and which answers are no fault."""
    lines = ["[parameters]"]
    lines += [f'"path.{name}" = {json.dumps(found[0], ensure_ascii=False)}' for name, found in known.items() if found]
    return "\n".join([*lines, "", "[checks.positive_data_acceptance]", f"expected-statuses = {TRUE_REFUSALS}", ""])


@dataclass(frozen=True, slots=True)
class Portion:
    """Operations that are asked alike: ``drawn`` requests of each, and where ``edges`` those at the edges of what it takes."""

    name: str
    operations: Sequence[str]
    drawn: int
    edges: bool = False


def portions(inside: Set[str], outside: Set[str], seen: Set[str], drawn: int) -> list[Portion]:
    """Return what a role that is let in to ``inside`` and turned away from ``outside`` is to ask, by ids.

    What another role has ``seen`` at the edges is only drawn again; what turns a role away looks at nothing of a request.
    """
    every = (
        Portion("edges", sorted(inside - seen), drawn, edges=True),
        Portion("drawn", sorted(inside & seen), drawn),
        Portion("turned-away", sorted(outside), 1),
    )
    return [portion for portion in every if portion.operations]


def command(folder: Path, address: str, heads: Mapping[str, str], portion: Portion) -> list[str]:
    """Return the command that asks ``address`` by ``heads`` for ``portion``; what it reads is in ``folder``."""
    words = [sys.executable, "-m", "schemathesis.cli", "--config-file", f"{folder}/schemathesis.toml"]
    words += ["run", f"{folder}/openapi.json", "--url", address, "--checks", "all", "--seed", str(SEED), "--no-color"]
    words += ["--max-response-time", "60"]  # how fast an answer comes says more of the machine
    words += ["--phases", "coverage,fuzzing" if portion.edges else "fuzzing", "--max-examples", str(portion.drawn)]
    words += ["--continue-on-failure", "--no-shrink"]
    words += ["--request-timeout", "60", "--suppress-health-check", "all", "--warnings", "off"]
    words += [word for name, value in heads.items() for word in ("--header", f"{name}: {value}")]
    return words + [word for each in portion.operations for word in ("--include-operation-id", each)]


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[str]:
    """Serve the prepared demonstration of ``environment`` in a process of its own; yields its address."""
    port = int(os.environ.get("LAUREL_PORT") or free_port())
    settings = {**os.environ, **environment, "LAUREL_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", PROGRAM, "demo"], cwd=ROOT, env=settings, stdout=subprocess.DEVNULL
    )
    address, end = f"http://127.0.0.1:{port}", monotonic() + STARTS_WITHIN
    try:
        while not _ready(address):
            if process.poll() is not None or monotonic() > end:
                raise RuntimeError("The demonstration did not start.")
            sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait()


def _ready(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"{address}/readyz", timeout=5):
        return True
    return False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A demonstration that each role gets a copy of; ``server`` holds its database where that is PostgreSQL."""

    folder: Path
    server: pg.Cluster | None
    heads: Heads
    known: Known

    @property
    def kind(self) -> str:
        """Which of ``DATABASES`` it lies in."""
        return "sqlite" if self.server is None else "postgresql"

    @property
    def data(self) -> Path:
        """The folder that ``LAUREL_DATA`` names."""
        return self.folder / "data"

    def copied(self, role: str) -> Mapping[str, str]:
        """Copy it for ``role``; returns the environment that names the copy."""
        own = self.folder / role
        shutil.copytree(self.data, own)
        for kind in KEYS:
            shutil.copytree(f"{self.data}{kind}", f"{own}{kind}")
        environment = {"LAUREL_DEMO": "1", "LAUREL_DATA": str(own)}
        if self.server is not None:
            self.server.send_away(FIRST)  # a play of the studio may still be ending
            environment["LAUREL_DATABASE"] = self.server.create(role, template=FIRST)
        return environment


@contextmanager
def prepared(database: str) -> Iterator[Prepared]:
    """Prepare a demonstration on ``database``, sign everybody in and look for values that exist there."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="laurel-schemathesis-")))
        server, address = None, ""
        if database == "postgresql":
            server = stack.enter_context(pg.cluster(stack.enter_context(pg.data_folder())))
            address = server.create(FIRST)
        data = folder / "data"
        laurel({"LAUREL_DEMO": "1", "LAUREL_DATA": str(data), "LAUREL_DATABASE": address}, "demo", "--prepare")
        desk = desk_in(data, address, keys_beside(data))
        _open_offices(desk)
        heads = headers_of_people(desk, HOURS, tuple(ASKED.values()))
        client = create_app(desk, settings_for_tests(LAUREL_DEMO="1")).test_client(use_cookies=False)
        known = values(client, heads, list(described(build_openapi_document(), {})))
        desk.store.close()
        (folder / "schemathesis.toml").write_text(config(known), "utf-8")
        (folder / "openapi.json").write_text(json.dumps(build_openapi_document(), ensure_ascii=False), "utf-8")
        yield Prepared(folder, server, heads, known)


def _open_offices(desk: Desk) -> None:
    """Open the accounts of the administrators that the demonstration lacks."""
    for login in ("security", "audit"):
        account = NewAccount(login, login, "four words nobody would guess")
        add_first_administrator(desk, SYSTEM, account, f"{login}_administrator")


def let_in(ground: Prepared, role: str, asked: Sequence[Described]) -> set[str]:
    """Return the ids of those of ``asked`` that do not turn ``role`` away, tried in a copy of ``ground`` for nothing else."""
    environment = ground.copied(f"{role}-first")
    data = Path(environment["LAUREL_DATA"])
    desk = desk_in(data, environment.get("LAUREL_DATABASE", ""), keys_beside(data))
    client = create_app(desk, settings_for_tests(LAUREL_DEMO="1")).test_client(use_cookies=False)
    heads = ground.heads[ASKED[role]]
    found = {
        str(one.operation["operationId"])
        for one in sorted(asked, key=lambda d: METHODS.index(d.method))
        if any(attempt.send(client, heads).status_code not in TURNED_AWAY for attempt in one.good())
    }
    desk.store.close()
    return found


def hold(ground: Prepared, role: str, drawn: int, one: str, seen: set[str], report: Path | None) -> bool:
    """Serve a copy of ``ground`` and ask as ``role``, noting in ``seen`` what was asked at its edges.

    Returns whether every answer was as described.
    """
    asked = [
        each
        for each in described(build_openapi_document(), ground.known)
        if each.path not in LAST and re.search(one, each.path)
    ]
    inside, good = let_in(ground, role, asked), True
    outside = {str(each.operation["operationId"]) for each in asked} - inside
    with served(ground.copied(role)) as address:
        for portion in portions(inside, outside, seen, drawn):
            print(f"== {role}, {ground.kind}, {portion.name}: {len(portion.operations)} operations", flush=True)
            words = command(ground.folder, address, ground.heads[ASKED[role]], portion)
            if report is not None:
                report.mkdir(parents=True, exist_ok=True)
                told = report.resolve() / f"{role}-{ground.kind}-{portion.name}.ndjson"
                words += ["--report", "ndjson", "--report-ndjson-path", str(told)]
            good &= subprocess.run(words, cwd=ground.folder, check=False).returncode == 0
    seen |= inside
    return good


def main(words: Sequence[str]) -> int:
    """Ask as the roles that ``words`` name; returns the exit code."""
    role, database, examples, one, report = [*words, "", "", "", "", ""][:5]
    roles = role.split(",") if role else list(ASKED)
    if (
        not set(roles) <= ASKED.keys()
        or database not in ("", *DATABASES)
        or not (examples or "1").isdecimal()
        or examples == "0"
    ):
        print(
            f"ROLE is one or more of {', '.join(ASKED)}; DATABASE one of {', '.join(DATABASES)}; EXAMPLES 1 or more.",
            file=sys.stderr,
        )
        return WRONG_WORDS
    if database == "postgresql" and pg.binaries() is None:
        print(pg.ABSENT, file=sys.stderr)
        return WRONG_WORDS
    failed: list[str] = []
    seen: set[str] = set()
    with prepared(database or "sqlite") as ground:
        for each in roles:
            if not hold(ground, each, int(examples or EXAMPLES), one, seen, Path(report) if report else None):
                failed.append(each)
    print(
        f"Not as described, or not run to the end: {', '.join(failed)}" if failed else "Every answer was as described."
    )
    return FAILED if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
