"""What holds for every file of the product, whoever wrote it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = sorted(
    p for top in ("service", "handlers") for p in (ROOT / top).rglob("*.py") if "node_modules" not in p.parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
JURISDICTIONS = sorted(p.parent.name for p in (ROOT / "processes").glob("*/jurisdiction.yaml"))


def trees(files: list[Path]) -> Iterator[tuple[Path, ast.Module]]:
    for path in files:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


@dataclass(frozen=True)
class Seen:
    """What is found of each kind; every file is parsed once for all of them, and its tree not kept."""

    swallowed: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    classes: set[str] = field(default_factory=set)


@cache
def seen_in_the_house() -> Seen:
    seen = Seen()
    for path, tree in trees(PRODUCT):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                seen.classes.add(node.name)
            elif swallows(node):
                seen.swallowed.append(place(path, node))
    for path, tree in trees(TESTS):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not can_fail(node):
                seen.idle.append(f"{place(path, node)} {node.name}")
            elif swallows(node):
                seen.swallowed.append(place(path, node))
    return seen


def swallows(node: ast.AST) -> bool:
    return isinstance(node, ast.ExceptHandler) and all(isinstance(s, ast.Pass) for s in node.body)


def can_fail(node: ast.FunctionDef) -> bool:
    if any(isinstance(part, ast.Assert) for part in ast.walk(node)):
        return True
    return bool(re.search(r"raises|fail|expect|check|verify|must|assert_|wait_for|until", ast.dump(node)))


def test_no_exception_is_swallowed() -> None:
    assert seen_in_the_house().swallowed == []


def test_every_test_can_fail() -> None:
    assert seen_in_the_house().idle == []


def test_these_looks_find_what_they_look_for() -> None:
    def first(text: str) -> ast.AST:
        return ast.parse(text).body[0]

    [handler] = first("try:\n    x()\nexcept OSError:\n    pass").handlers  # type: ignore[attr-defined]
    assert swallows(handler)
    assert not can_fail(first("def test_it():\n    x()"))  # type: ignore[arg-type]
    assert can_fail(first("def test_it():\n    with y:\n        assert x()"))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", JURISDICTIONS)
def test_no_program_knows_a_city(name: str) -> None:
    word = re.compile(rf"\b{name}\b", re.IGNORECASE)
    knowing = [str(p.relative_to(ROOT)) for p in PRODUCT if word.search(p.read_text(encoding="utf-8"))]
    assert knowing == []


def test_no_page_and_no_answer_reads_what_use_cases_mask() -> None:
    reads = re.compile(r"\.plain\b")
    web = [p for p in (ROOT / "service" / "web").rglob("*") if p.suffix in (".py", ".html")]
    assert [str(p.relative_to(ROOT)) for p in web if reads.search(p.read_text(encoding="utf-8"))] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    hosts = "|".join(
        [
            "pypi" + r"\.org",
            "pythonhosted" + r"\.org",
            "registry" + r"\.npmjs",
            "deb" + r"\.debian\.org",
            "npm" + "mirror",
        ]
    )
    names = re.compile(hosts + r"|(?<![\w.])/(?:work|farm|root)/")
    texts = [
        *PRODUCT,
        *TESTS,
        *ROOT.glob("*.*"),
        *(ROOT / "service/web/frontend").glob("*.*"),
        *(ROOT / "deploy").rglob("*.*"),
    ]
    naming = [
        str(p.relative_to(ROOT))
        for p in texts
        if p.is_file()
        and p not in (Path(__file__), ROOT / ".git")
        and p.suffix != ".pyc"
        and names.search(p.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert naming == []


def test_the_glossary_names_only_what_is_there() -> None:
    classes = seen_in_the_house().classes
    named = set(re.findall(r"`([A-Z][A-Za-z]+)`", (ROOT / "docs/glossary.md").read_text(encoding="utf-8")))
    assert len(named) > 40
    assert named - classes == set()
