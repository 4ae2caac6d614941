"""What no file of the product does: run what was typed, build statements of it, draw chance from a poor source."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path

import pytest

from service.settings import read_settings
from service.store.models import metadata
from tests.architecture.test_house import PRODUCT, ROOT, place, trees

WEB = ROOT / "service" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SCRIPTS = sorted((WEB / "frontend" / "src").rglob("*.ts"))
NOT_SECRET = {"service/casework/access/lost_races.py"}
"""Invented cases, and how long the loser of a race waits."""
ENDS_OF_CIPHERS = {"service/casework/people/factors/codes.py"}
"""HMAC-SHA-1, which authenticators compute (RFC 6238)."""
FOREIGN = {
    "Crypto",
    "Cryptodome",
    "gmssl",
    "nacl",
    "rsa",
    "ecdsa",
    "passlib",
    "bcrypt",
    "jwt",
    "jose",
    "pyaes",
    "OpenSSL",
}
WEAK = {"md5", "MD5", "sha1", "SHA1", "ECB", "CBC", "CFB", "OFB", "CTR", "ARC4", "TripleDES", "Blowfish", "PKCS1v15"}
EVALUATES = {"eval", "exec", "compile", "__import__", "execfile"}
PUT_TOGETHER = {
    "service/store/owner.py",
}
"""Statements of pieces: names of tables, columns and triggers of the program, and what parts of statements it chose."""
Look = Callable[[list[Path]], list[str]]
CARRIES_CODE = {"pickle", "marshal", "shelve", "dill", "jsonpickle", "code", "codeop"}


def dotted(node: ast.expr) -> str:
    """Return the dotted name of an expression; empty for what has none."""
    if isinstance(node, ast.Name):
        return node.id
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ""


@lru_cache(maxsize=1)
def read(path: Path) -> tuple[list[tuple[ast.Call, str]], list[tuple[ast.stmt, str]]]:
    """Return what a file calls and what it imports, as ``module.name``; the last one is kept for the next look at it."""
    called: list[tuple[ast.Call, str]] = []
    taken: list[tuple[ast.stmt, str]] = []
    for node in (node for _, tree in trees([path]) for node in ast.walk(tree)):
        if isinstance(node, ast.Call):
            called.append((node, dotted(node.func)))
        elif isinstance(node, ast.Import):
            taken += [(node, one.name) for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            taken += [(node, f"{node.module}.{one.name}") for one in node.names]
    return called, taken


def calls(files: list[Path]) -> Iterator[tuple[Path, ast.Call, str]]:
    return ((path, node, name) for path in files for node, name in read(path)[0])


def imported(files: list[Path]) -> Iterator[tuple[Path, ast.stmt, str]]:
    """Yield every module that is imported, and what is taken of it, as ``module.name``."""
    return ((path, node, name) for path in files for node, name in read(path)[1])


def told(found: Iterator[tuple[Path, ast.AST, str]], *but: str) -> list[str]:
    return [f"{place(path, node)} {name}" for path, node, name in found if str(path.relative_to(ROOT)) not in but]


def evaluated(files: list[Path]) -> list[str]:
    found = [(p, n, name) for p, n, name in calls(files) if name in EVALUATES or name.startswith("builtins.")]
    found += [(p, n, name) for p, n, name in imported(files) if name.partition(".")[0] in CARRIES_CODE]  # type: ignore[misc]
    unsafe = {"yaml.load", "yaml.unsafe_load", "yaml.full_load", "torch.load", "np.load"}
    found += [(p, n, name) for p, n, name in calls(files) if name in unsafe and not safely(n)]
    return told(iter(found))


def safely(call: ast.Call) -> bool:
    """Return whether a loader of YAML that makes no objects is named."""
    named = [*call.args[1:], *(word.value for word in call.keywords if word.arg == "Loader")]
    return any("Safe" in dotted(one) for one in named) or any("Loader" in dotted(one) for one in named)


def test_nothing_that_was_typed_is_evaluated() -> None:
    assert found_in_the_product()[evaluated] == []


def shells(files: list[Path]) -> list[str]:
    starts = (
        "os.system",
        "os.popen",
        "os.exec",
        "os.spawn",
        "subprocess.getoutput",
        "subprocess.getstatusoutput",
        "pty.",
    )
    found = []
    for path, node, name in calls(files):
        shell = any(word.arg == "shell" and not is_false(word.value) for word in node.keywords)
        words = (
            name.startswith("subprocess.")
            and bool(node.args)
            and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
        )
        if shell or words or name.startswith(starts):
            found.append(f"{place(path, node)} {name}")
    return found


def is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def test_no_command_is_given_to_a_shell() -> None:
    assert found_in_the_product()[shells] == []


def foreign_ciphers(files: list[Path]) -> list[str]:
    return told(one for one in imported(files) if one[2].partition(".")[0] in FOREIGN)


def test_cryptography_comes_from_known_libraries() -> None:
    assert found_in_the_product()[foreign_ciphers] == []


def weak(files: list[Path]) -> list[str]:
    found: list[tuple[Path, ast.AST, str]] = [
        (path, node, name)
        for path, node, name in imported(files)
        if name.rpartition(".")[2] in WEAK and "crypt" in name
    ]
    for path, node, name in calls(files):
        first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
        if name.startswith(("hashlib.", "hmac.")) and (name.rpartition(".")[2] in WEAK or str(first) in WEAK):
            found.append((path, node, name))
    return told(iter(found), *ENDS_OF_CIPHERS)


def test_no_weak_hash_mode_or_padding_is_used() -> None:
    assert found_in_the_product()[weak] == []


def poor_chance(files: list[Path]) -> list[str]:
    """Return what draws from Python's own generator; its type stands for one that is handed in, SystemRandom for the system's."""
    takes = {"random.Random", "random.SystemRandom"}
    taken = told(
        (
            (p, n, name)
            for p, n, name in imported(files)
            if name.startswith(("random", "numpy.random")) and name not in takes
        ),
        *NOT_SECRET,
    )
    return taken + told(
        ((p, n, name) for p, n, name in calls(files) if name in {"Random", "random.Random"}), *NOT_SECRET
    )


def test_chance_comes_from_the_system() -> None:
    assert found_in_the_product()[poor_chance] == []


def other_uuids(files: list[Path]) -> list[str]:
    taken = told(
        (p, n, name)
        for p, n, name in imported(files)
        if name.startswith("uuid.") and name not in {"uuid.uuid4", "uuid.UUID"}
    )
    return taken + [f"{place(p, n)} {name}" for p, n, name in calls(files) if re.fullmatch(r"uuid\.uuid[135678]", name)]


def test_ids_of_chance_are_version_4() -> None:
    assert found_in_the_product()[other_uuids] == []


def built_formats(files: list[Path]) -> list[str]:
    """Return lines of the log whose first argument is no constant: what was typed could hold a place for a value."""
    spoken = {"debug", "info", "warning", "error", "exception", "critical"}
    found = []
    for path, node, name in calls(files):
        owner, _, verb = name.rpartition(".")
        logs = verb in spoken and owner.lower().rpartition(".")[2] in {"log", "_log", "logger", "logging"}
        if logs and not (node.args and isinstance(node.args[0], ast.Constant)):
            found.append(f"{place(path, node)} {name}")
    return found


def test_formats_of_the_log_are_constant() -> None:
    assert found_in_the_product()[built_formats] == []


LOOKS: tuple[Look, ...] = (
    evaluated,
    shells,
    foreign_ciphers,
    weak,
    poor_chance,
    other_uuids,
    built_formats,
)


@cache
def found_in_the_product() -> dict[Look, list[str]]:
    """Return what each look finds; every file is parsed once for all of them, and its tree not kept."""
    found: dict[Look, list[str]] = {look: [] for look in LOOKS}
    for path in PRODUCT:
        for look in LOOKS:
            found[look] += look([path])
    return found


@pytest.mark.parametrize(
    ("look", "wrong"),
    [
        (evaluated, "eval(typed)"), (evaluated, "import pickle"), (evaluated, "import yaml\nyaml.load(x)"),
        (shells, "import os\nos.system(typed)"), (shells, "import subprocess\nsubprocess.run(x, shell=True)"),
        (shells, "import subprocess\nsubprocess.run(f'convert {name}')"), (foreign_ciphers, "from gmssl import sm2"),
        (weak, "import hashlib\nhashlib.md5(x)"), (weak, "import hashlib\nhashlib.new('sha1', x)"),
        (weak, "from cryptography.hazmat.primitives.ciphers.modes import ECB"), (poor_chance, "from random import choice"),
        (poor_chance, "from random import Random\nr = Random(7)"), (other_uuids, "from uuid import uuid1"), (other_uuids, "import uuid\nuuid.uuid3(a, b)"),
        (built_formats, "LOG.info(f'{typed}')"), (built_formats, "logging.warning(typed)"),
    ],
)  # fmt: skip
def test_each_of_these_looks_finds_what_it_looks_for(
    look: Look, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "wrong.py"
    file.write_text(wrong, "utf-8")
    monkeypatch.setattr("tests.architecture.test_safe_code.ROOT", tmp_path)
    monkeypatch.setattr("tests.architecture.test_house.ROOT", tmp_path)
    assert len(look([file])) == 1
    assert look in LOOKS, "the product is looked at so as well"


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


def test_statements_are_put_together_of_words_of_the_program_alone() -> None:
    """Where no parameter can stand, names of the program's own tables and columns do; ruff (S608) finds any other place."""
    excused = {str(file.relative_to(ROOT)) for file in PRODUCT if "S608" in file.read_text("utf-8")}
    assert excused == PUT_TOGETHER, "a statement of pieces: are all of them the program's own words? Then add its file"
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in rules["select"]
    ignored = {rule for rules_of in rules["per-file-ignores"].values() for rule in rules_of} | set(
        rules.get("ignore", ())
    )
    assert "S608" not in ignored
    assert {name for name, found in rules["per-file-ignores"].items() if "S" in found} == {"tests/**"}


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
