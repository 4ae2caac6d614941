"""Runs the tests that a change reaches, whole: a test that the ordinary run leaves for later fails before it is landed.

``python -m tests.touched [SINCE]`` (`make touched`): the files of tests that were changed since the commit ``SINCE`` (the
newest one that upstream has too), those that import what was changed or a support file that does, and those that name a
changed file that is no program. Where no test imports a changed part of the program, those of the parts that import it;
where those are all that ask for pages, those that say its name.
What `tests/conftest.py` gives to all is left to `make whole`. A file that is named runs whole, so fifths and shares count
for nothing; what a file itself tries in turns comes up as ever, and all of it with ``LAUREL_TURN=all``.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.support.turns import changed_files

ROOT = Path(__file__).parents[1]
PROGRAM = ("service", "handlers", "deploy")
TESTS = "tests"
_PACKAGE = "__init__.py"
_COMMON = "conftest.py"
_PROCESSES = 3
_WIDE = 60
"""More files of tests than that import a part of the program because they ask the whole of it: by what it is called fewer are meant."""


class Imports:
    """Who imports whom among the files of Python below ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.texts = {
            path.relative_to(root).as_posix(): path.read_text("utf-8")
            for folder in (TESTS, *PROGRAM)
            for path in sorted((root / folder).rglob("*.py"))
            if "node_modules" not in path.parts
        }
        self.of = {name: frozenset(self._imported(name)) for name in self.texts}

    def _imported(self, name: str) -> Iterator[str]:
        for node in ast.walk(ast.parse(self.texts[name])):
            if isinstance(node, ast.Import):
                yield from (file for one in node.names for file in self._files(one.name))
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for one in node.names:
                    yield from self._files(node.module, one.name)
        if name.startswith(TESTS) and Path(name).name != _COMMON:
            for folder in Path(name).parents:
                common = (folder / _COMMON).as_posix()
                if common in self.texts and folder.name != TESTS:
                    yield common

    def _files(self, module: str, name: str = "") -> Iterator[str]:
        """Yield the file of a module or of the part ``name`` of a package, and what a package takes that name from."""
        place = module.replace(".", "/")
        for file in (f"{place}/{name}.py", f"{place}/{name}/{_PACKAGE}") if name else ():
            if file in self.texts:
                yield file
                return
        if f"{place}.py" in self.texts:
            yield f"{place}.py"
        elif (package := f"{place}/{_PACKAGE}") in self.texts:
            yield package
            for node in ast.parse(self.texts[package]).body if name else ():
                if isinstance(node, ast.ImportFrom) and node.module and any(one.name == name for one in node.names):
                    yield from self._files(node.module, name)

    def tests_of(self, changed: Iterable[str]) -> set[str]:
        """Return the files of tests that changed files, given from the root, reach."""
        found: set[str] = set()
        for name in changed:
            near = {name} if name in self.texts else set(self._naming(name))
            seen = set(near)
            while near:
                met = self._tests_that_import(near)
                found |= met if near <= {name} or len(met) <= _WIDE else self._of_the_same(met, Path(name))
                near = set() if met else {one for one in self._importing(near) if one not in seen}
                seen |= near
        return found

    def _of_the_same(self, tests: set[str], changed: Path) -> set[str]:
        """Return those of many tests that say the word by which a changed file is called, as an address does, or lie in its folder."""
        word = re.compile(rf"\b{re.escape(changed.stem)}\b")
        saying = {name for name in tests if word.search(self.texts[name])}
        return saying or {name for name in tests if {*Path(name).parts[1:-1]} & {*changed.parts[1:-1]}} or tests

    def _tests_that_import(self, files: set[str]) -> set[str]:
        """Return the files of tests among ``files`` and those that import any of them, straight or by what tests share."""
        reached, near = set(files), files
        while near:
            near = {one for one in self._importing(near) if one.startswith(TESTS)} - reached
            reached |= near
        return {name for name in reached if name.startswith(TESTS) and Path(name).name.startswith("test_")}

    def _importing(self, files: set[str]) -> Iterator[str]:
        yield from (name for name, imported in self.of.items() if imported & files)

    def _naming(self, changed: str) -> Iterator[str]:
        """Yield the files of Python that name a file that is none, those of tests that name a season and its city."""
        path = Path(changed)
        for name, text in self.texts.items():
            is_named = path.name in text
            if path.parts[0] == "processes" and len(path.parts) > 1 and name.startswith(TESTS):
                is_named |= f'"{path.stem}"' in text and path.parts[1] in text
            if is_named:
                yield name


def newest_upstream(root: Path = ROOT) -> str:
    """Return the newest commit of this branch that upstream has too; where there is no upstream, the one before the last."""
    told = subprocess.run(
        ["git", "merge-base", "HEAD", "@{upstream}"], cwd=root, capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or "HEAD~1"


def main(words: list[str]) -> int:
    """Say which files of tests a change reaches and run them; returns the exit code."""
    since = words[0] if words else newest_upstream()
    changed = sorted(path.relative_to(ROOT).as_posix() for path in changed_files(ROOT, since))
    files = sorted(Imports(ROOT).tests_of(changed))
    print(f"{len(changed)} files changed since {since} reach {len(files)} files of tests.", flush=True)
    if not files:
        return 0
    several = ("-n", str(_PROCESSES), "--dist", "loadfile", "--no-loadscope-reorder") if len(files) > _PROCESSES else ()
    return int(pytest.main([*several, *files]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
