"""Every dependency has one version, and what is passed on has its licence."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

from deploy.pins.write import blocks

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
_IMPORTS = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)
_SEVERAL = re.compile(r"^\s*import [\w.]+( as \w+)?,|;\s*(?:from|import)\s", re.MULTILINE)
"""What a file begins its lines with that imports something, and lines that import more than that."""


def _named(name: str) -> str:
    return re.sub(r"[._]", "-", re.sub(r"\[.*\]", "", name).lower())


def _pinned(lines: list[str]) -> dict[str, str]:
    return {_named(name): version for name, version in (line.split("==") for line in lines)}


PINS = ROOT / "deploy/pins"
CONSTRAINTS = _pinned(
    [block.split()[0] for file in PINS.glob("*.txt") for block in blocks(file.read_text("utf-8")).values()]
)


def test_what_is_declared_has_the_version_that_is_installed() -> None:
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    declared = _pinned([*PROJECT["dependencies"], *(line for line in extras if line != "laurel[assets]")])
    assert declared == {name: CONSTRAINTS.get(name) for name in declared}


def test_nothing_is_installed_but_files_whose_hash_is_known() -> None:
    for file in PINS.glob("*.txt"):
        found = blocks(file.read_text("utf-8"))
        assert found
        assert [name for name, block in found.items() if not re.search(r"--hash=sha256:[0-9a-f]{64}$", block)] == []
    installs = re.findall(r"\$\(PIP\) install .*", (ROOT / "Makefile").read_text("utf-8"))
    assert installs
    assert [line for line in installs if "--no-deps" not in line] == []
    packages = json.loads((ROOT / "service/web/frontend/package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, one in packages.items() if name and not one.get("link") and "integrity" not in one] == []


def test_what_the_pinned_ask_for_is_pinned_too() -> None:
    asked = {
        _named(re.split(r"[ <>=!~(;\[]", need, maxsplit=1)[0])
        for name in _pinned(PROJECT["dependencies"])
        for need in requires(name) or ()
        if ";" not in need
    }
    assert sorted(asked - set(CONSTRAINTS)) == []


def _needs(name: str, seen: set[str]) -> set[str]:
    """Return a distribution with everything it asks for on this machine."""
    if name not in seen:
        seen.add(name)
        for need in _asked_by(name):
            _needs(need, seen)
    return seen


def _asked_by(name: str) -> list[str]:
    try:
        wanted = requires(name) or ()
    except PackageNotFoundError:
        return []
    return [_named(re.split(r"[ <>=!~(;\[]", need, maxsplit=1)[0]) for need in wanted if "extra ==" not in need]


def test_a_run_imports_only_what_a_run_installs() -> None:
    installed: set[str] = set()
    for name in _pinned(PROJECT["dependencies"]):
        _needs(name, installed)
    distributions = packages_distributions()
    ours = {"service", "handlers", "_typeshed", *sys.stdlib_module_names}
    missing = set()
    for path in [path for top in ("service", "handlers") for path in (ROOT / top).rglob("*.py")]:
        if "node_modules" in path.parts or path.name == "webbuild.py":  # which brings its node and lets it go
            continue
        text = path.read_text("utf-8")
        if ours.issuperset(_IMPORTS.findall(text)) and not _SEVERAL.search(text):
            continue  # there is nothing to look at more closely
        for node in ast.walk(ast.parse(text)):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            named += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            for top in {name.partition(".")[0] for name in named} - ours:
                if installed.isdisjoint(_named(found) for found in distributions.get(top, [top])):
                    missing.add(f"{path.relative_to(ROOT)}: {top}")
    assert sorted(missing) == []


def test_the_licence_is_the_one_that_is_named() -> None:
    assert PROJECT["license"] == "MulanPSL-2.0"
    assert "木兰宽松许可证， 第2版" in (ROOT / "LICENSE").read_text("utf-8")
    kit = ROOT / "tests/data/dmn-tck"
    assert "Apache License" in (kit / "LICENSE").read_text("utf-8")


def test_every_script_package_that_is_pinned_is_imported() -> None:
    web = ROOT / "service/web/frontend"
    pinned = json.loads((web / "package.json").read_text("utf-8"))["dependencies"]
    sources = [*(web / "src").rglob("*.js"), *(web / "src").rglob("*.css"), *web.glob("*.mjs")]
    imports = "\n".join(
        re.findall(r"(?:from|import)\s*\(?['\"]([^'\"]+)['\"]", "\n".join(f.read_text("utf-8") for f in sources))
    )
    assert [name for name in pinned if not re.search(rf"(?m)^{re.escape(name)}(/|$)", imports)] == []
    locked = json.loads((web / "package-lock.json").read_text("utf-8"))["packages"][""]["dependencies"]
    assert locked == pinned
