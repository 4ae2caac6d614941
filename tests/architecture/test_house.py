"""What holds for every file of the product, whoever wrote it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = sorted(
    p
    for top in ("service", "handlers", "verifier")
    for p in (ROOT / top).rglob("*.py")
    if "node_modules" not in p.parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
JURISDICTIONS = sorted(p.parent.name for p in (ROOT / "processes").glob("*/jurisdiction.yaml"))

MOST_LINES = 300
MOST_FUNCTION_LINES = 50


def trees(files: list[Path]) -> Iterator[tuple[Path, ast.Module]]:
    for path in files:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def test_files_have_one_subject() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in PRODUCT
        if (n := p.read_text(encoding="utf-8").count("\n")) > MOST_LINES and "migrations" not in p.parts
    }
    assert long == {}


def test_functions_do_one_thing() -> None:
    long = [
        f"{place(path, node)} {node.name}"
        for path, tree in trees(PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno > MOST_FUNCTION_LINES
        and "migrations" not in path.parts
    ]
    assert long == []


def test_no_exception_is_swallowed() -> None:
    swallowed = [
        place(path, node)
        for path, tree in trees([*PRODUCT, *TESTS])
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and all(isinstance(s, ast.Pass) for s in node.body)
    ]
    assert swallowed == []


def test_nothing_of_ours_is_mocked() -> None:
    mocked = [
        place(path, node)
        for path, tree in trees(TESTS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and "mock" in ast.dump(node).lower()
    ]
    assert mocked == []


def test_every_test_can_fail() -> None:
    idle = [
        f"{place(path, node)} {node.name}"
        for path, tree in trees(TESTS)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not re.search(r"Assert\(|raises|fail|expect|check|verify|must|assert_|wait_for|until", ast.dump(node))
    ]
    assert idle == []


@pytest.mark.parametrize("name", JURISDICTIONS)
def test_no_program_knows_a_city(name: str) -> None:
    word = re.compile(rf"\b{name}\b", re.IGNORECASE)
    knowing = [str(p.relative_to(ROOT)) for p in PRODUCT if word.search(p.read_text(encoding="utf-8"))]
    assert knowing == []


def test_nothing_is_left_for_later() -> None:
    later = [
        f"{p.relative_to(ROOT)}: {m[0]}"
        for p in PRODUCT
        for m in re.finditer(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", p.read_text(encoding="utf-8"))
    ]
    assert later == []


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
        and names.search(p.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert naming == []


def test_every_class_has_a_name_of_its_own() -> None:
    named: dict[str, list[str]] = {}
    for path, tree in trees(PRODUCT):
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                named.setdefault(node.name, []).append(place(path, node))
    assert {name: where for name, where in named.items() if len(where) > 1} == {}


def test_the_glossary_names_only_what_is_there() -> None:
    classes = {node.name for _, tree in trees(PRODUCT) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    named = set(re.findall(r"`([A-Z][A-Za-z]+)`", (ROOT / "docs/glossary.md").read_text(encoding="utf-8")))
    assert len(named) > 40
    assert named - classes == set()
