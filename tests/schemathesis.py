"""Runs Schemathesis, which knows nothing of Laurel but its OpenAPI document, against a demonstration of its own.

``python -m tests.schemathesis [ROLE] [DATABASE] [EXAMPLES] [ONE]``, empty words as if not given: a role of
``tests.support.contract_values.ROLES`` (otherwise each, one after another), ``sqlite`` (otherwise) or ``postgresql``, how many
requests are drawn for each operation beside those at the edges (2), and a regular expression for the paths to ask.
The seed is fixed; ``LAUREL_PORT`` is the port, otherwise a free one. Ends with 1 when an answer was not as described, with 2 when the words are wrong.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from service.web import create_app
from service.web.api.openapi import document
from tests.support import postgres as pg
from tests.support.browsers import settings_for_tests
from tests.support.cluster import PROGRAM, ROOT, laurel
from tests.support.contract import described
from tests.support.contract_values import LAST, ROLES, headers_of_people, values
from tests.support.demonstration import desk_in
from tests.support.s3 import free_port

DATABASES = ("sqlite", "postgresql")
SEED = 12
EXAMPLES = 2
HOURS = 24 * 365
FAILED, WRONG_WORDS = 1, 2
STARTS_WITHIN = 180.0
TRUE_REFUSALS = '["2xx", 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 503]'
"""What may answer a request that is as described: a rule can forbid what the shape allows."""


def config(known: Mapping[str, Sequence[object]]) -> str:
    """Return what Schemathesis reads: values that exist for the places in addresses, and which answers are no fault."""
    lines = ["[parameters]"]
    lines += [f'"path.{name}" = {json.dumps(found[0], ensure_ascii=False)}' for name, found in known.items() if found]
    return "\n".join([*lines, "", "[checks.positive_data_acceptance]", f"expected-statuses = {TRUE_REFUSALS}", ""])


def command(folder: Path, address: str, heads: Mapping[str, str], examples: int, one: str) -> list[str]:
    """Return the command that asks ``address`` by ``heads``; what it reads is in ``folder``."""
    words = [sys.executable, "-m", "schemathesis.cli", "--config-file", f"{folder}/schemathesis.toml"]
    words += ["run", f"{folder}/openapi.json", "--url", address, "--checks", "all", "--seed", str(SEED), "--no-color"]
    words += [
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        str(examples),
        "--continue-on-failure",
        "--no-shrink",
    ]
    words += ["--request-timeout", "60", "--suppress-health-check", "all", "--warnings", "off"]
    words += ["--exclude-path-regex", f"^({'|'.join(LAST)})$"]
    words += [word for name, value in heads.items() for word in ("--header", f"{name}: {value}")]
    return [*words, *(["--include-path-regex", one] if one else [])]


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


def hold(role: str, database: str, examples: int, one: str) -> int:
    """Prepare, serve and ask as ``role``; returns the exit code of Schemathesis."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="laurel-schemathesis-")))
        data = folder / "data"
        environment = {"LAUREL_DEMO": "1", "LAUREL_DATA": str(data)}
        if database == "postgresql":
            server = stack.enter_context(pg.cluster(stack.enter_context(pg.data_folder())))
            environment["LAUREL_DATABASE"] = server.create("laurel")
        laurel(environment, "demo", "--prepare")
        desk = desk_in(data, environment.get("LAUREL_DATABASE", ""))
        heads = headers_of_people(desk, HOURS)
        client = create_app(desk, settings_for_tests(LAUREL_DEMO="1")).test_client(use_cookies=False)
        known = values(client, heads, list(described(document(), {})))
        desk.store.close()
        (folder / "schemathesis.toml").write_text(config(known), "utf-8")
        (folder / "openapi.json").write_text(json.dumps(document(), ensure_ascii=False), "utf-8")
        address = stack.enter_context(served(environment))
        return subprocess.run(
            command(folder, address, heads[ROLES[role]], examples, one), cwd=folder, check=False
        ).returncode


def main(words: Sequence[str]) -> int:
    """Ask as the roles that ``words`` name; returns the exit code."""
    role, database, examples, one = [*words, "", "", "", ""][:4]
    if (
        role not in ("", *ROLES)
        or database not in ("", *DATABASES)
        or not (examples or "1").isdecimal()
        or examples == "0"
    ):
        print(
            f"ROLE is one of {', '.join(ROLES)}; DATABASE one of {', '.join(DATABASES)}; EXAMPLES 1 or more.",
            file=sys.stderr,
        )
        return WRONG_WORDS
    if database == "postgresql" and pg.binaries() is None:
        print(pg.ABSENT, file=sys.stderr)
        return WRONG_WORDS
    failed = []
    for each in [role] if role else list(ROLES):
        print(f"== {each}, {database or 'sqlite'}", flush=True)
        if hold(each, database or "sqlite", int(examples or EXAMPLES), one):
            failed.append(each)
    print(
        f"Not as described, or not run to the end: {', '.join(failed)}" if failed else "Every answer was as described."
    )
    return FAILED if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
