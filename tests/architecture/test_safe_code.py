"""What no file of the product does: run what was typed, build statements of it, draw chance from a poor source."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest

from service.settings import read_settings
from service.store.models import metadata
from tests.architecture.test_house import PRODUCT, ROOT

WEB = ROOT / "service" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SCRIPTS = sorted((WEB / "frontend" / "src").rglob("*.ts"))
UNSAFE = (
    ("S307", "eval(typed)"), ("S102", "exec(typed)"), ("TID251", "import pickle"), ("S506", "import yaml\nyaml.load(x)"),
    ("S605", "import os\nos.system(typed)"), ("S602", "import subprocess\nsubprocess.run(x, shell=True)"),
    ("S603", "import subprocess\nsubprocess.run(f'convert {name}')"), ("TID251", "from gmssl import sm2"),
    ("S324", "import hashlib\nhashlib.md5(x)"), ("S324", "import hashlib\nhashlib.new('sha1', x)"),
    ("TID251", "from cryptography.hazmat.primitives.ciphers.modes import ECB"), ("S311", "from random import choice\nchoice(x)"),
    ("S311", "from random import Random\nr = Random(7)"), ("TID251", "from uuid import uuid1"), ("TID251", "import uuid\nuuid.uuid3(a, b)"),
    ("G004", "import logging\nLOG = logging.getLogger()\nLOG.info(f'{typed}')"), ("S608", "q = 'SELECT * FROM ' + name"),
    ("TID251", "from unittest.mock import patch"), ("FIX002", "# TODO: later"),
)  # fmt: skip
"""Rules of the linter, each with what it refuses."""
EXCUSED = {
    "S303": {"service/casework/people/factors/codes.py"},  # HMAC-SHA-1, which authenticators compute (RFC 6238)
    "S311": {"service/casework/access/lost_races.py"},  # how long the loser of a race waits
    "S603": {  # programs that are ours or the operator's, with words of their own and no shell
        "service/backups/databases.py", "service/backups/keys.py", "service/casework/audit/heads.py",
        "service/office/office_pdf.py", "service/office/sandbox.py", "service/web/frontend/webbuild.py",
    },
    "S608": {"service/store/owner.py"},  # names of tables, columns and triggers of the program
    "S704": {  # markup that is written from templates and escaped pieces
        "service/web/desk/task_aids.py", "service/web/forms/render.py", "service/web/forms/shown.py",
        "service/web/frame/page/parts.py", "service/web/studio/pieces/pieces.py",
    },
}  # fmt: skip
"""Where a rule is excused."""


@pytest.mark.parametrize(("rule", "wrong"), UNSAFE)
def test_the_linter_refuses_what_is_unsafe(rule: str, wrong: str) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--stdin-filename", "service/wrong.py", "-"]
    told = subprocess.run(command, cwd=ROOT, input=wrong, capture_output=True, text=True, check=False).stdout
    assert rule in told, told


def test_nothing_unsafe_is_done_but_where_it_is_known() -> None:
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--select",
        "S,G,FIX,TID251",
        "--ignore",
        "S101",
        "service",
        "handlers",
    ]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
    found: dict[str, set[str]] = {}
    for file in PRODUCT:
        for rule in re.findall(r"noqa:[^#\n]*?\b((?:S[1-7]|G0|TID)\d\d)\b", file.read_text("utf-8")):
            found.setdefault(rule, set()).add(str(file.relative_to(ROOT)))
    found.pop("S105", None)  # names that sound like passwords and are none
    assert found == EXCUSED
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert {"S", "G", "TID251"} <= set(rules["select"])
    assert [rule for rule in rules["ignore"] if rule.startswith(("S", "G", "TID"))] == ["S101"]
    ignored = {name for name, found in rules["per-file-ignores"].items() if any(r[0] in "SG" for r in found)}
    assert ignored == {"tests/**"}


SECRETS = re.compile(
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bAGE-SECRET-KEY-1[0-9A-Z]{20,}|\bgh[pousr]_\w{30,}"
    r"|(?i:(?:password|passwd|secret|token|api_?key)\w*)[\"']?\s*[=:]\s*[\"'][0-9A-Za-z+/_=-]{20,}[\"']"
)


def kept_in_source(texts: dict[str, str]) -> list[str]:
    return [f"{name}: {found[0][:40]}" for name, text in texts.items() for found in SECRETS.finditer(text)]


def test_no_secret_stands_in_the_source() -> None:
    kinds = {".py", ".ts", ".html", ".yaml", ".conf", ".service", ".example", ".toml", ".json", ".mjs"}
    files = [p for top in ("service", "handlers", "deploy") for p in (ROOT / top).rglob("*") if p.suffix in kinds]
    shipped = [p for p in files if "node_modules" not in p.parts and "dist" not in p.parts and "pins" not in p.parts]
    assert len(shipped) > 500
    assert kept_in_source({str(p.relative_to(ROOT)): p.read_text("utf-8") for p in shipped}) == []
    assert kept_in_source({"x": 'SMTP_PASSWORD = "a8f5f167f44f4964e6c998dee827110c"'}) != []
    assert kept_in_source({"x": "-----BEGIN PRIVATE KEY-----"}) != []


def test_no_service_has_a_standard_password() -> None:
    settings = read_settings({})
    assert (settings.smtp, settings.webhook, settings.metrics_token, settings.identity) == (None, None, "", None)
    example = (ROOT / "deploy" / "laurel.env.example").read_text("utf-8")
    named = re.findall(r"^#?\s?(\w*(?:PASSWORD|SECRET|TOKEN|_KEY))=(.*)$", example, re.MULTILINE)
    assert len(named) >= 4
    assert [name for name, value in named if value.strip()] == []


def test_passwords_are_pasted_and_filled_in_by_programs() -> None:
    asked = re.compile(r"form\.control\([^\n]*type='password'[^\n]*")
    fields = [(file.name, found) for file in TEMPLATES for found in asked.findall(file.read_text("utf-8"))]
    assert len(fields) >= 8
    wanted = re.compile(r"'autocomplete': '(?:current-password|new-password|one-time-code)'|'autocomplete': [a-z_.]+")
    assert [(name, field) for name, field in fields if not wanted.search(field)] == []
    bare = [file.name for file in TEMPLATES if 'type="password"' in file.read_text("utf-8")]
    assert bare == [], "every field of a password is made by the one macro"
    caught = [
        file.name
        for file in (*SCRIPTS, *TEMPLATES)
        if re.search(r"onpaste|addEventListener\(\s*[\"']paste", file.read_text("utf-8"))
    ]
    assert caught == []


def test_nobody_is_asked_a_secret_question() -> None:
    asked = re.compile(r"hint|question|maiden|security_answer|password_history|password_expires")
    columns = [f"{table}.{column.name}" for table, found in metadata.tables.items() for column in found.columns]
    accounts = [name for name in columns if name.startswith(("person.", "session", "second_", "passkey", "throttle"))]
    assert len(accounts) > 10
    assert [name for name in accounts if asked.search(name.partition(".")[2])] == []
    names = re.findall(
        r'name="(\w+)"', "".join(file.read_text("utf-8") for file in (WEB / "templates" / "people").glob("*.html"))
    )
    assert [name for name in names if asked.search(name)] == []


def test_what_a_page_sends_unseen_is_known() -> None:
    hidden = {
        name
        for file in TEMPLATES
        for name in re.findall(r"<input type=\"hidden\" name=\"([^\"]+)\"", file.read_text("utf-8"))
        if "{" not in name
    }
    known = (ROOT / "tests" / "data" / "hidden_fields.txt").read_text("utf-8").split()
    assert sorted(hidden) == known, (
        "a page sends something unseen that it did not: is it needed? Then it stands in that list"
    )
