"""What the documents of the repository name is there: links, paths, targets of make, modules that are run, commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from service.cli.main import laurel

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "deploy").glob("*.md")),
    *(ROOT / place / "README.md" for place in ("forms", "processes", "processes/shared")),
]
TOPS = "deploy|docs|forms|handlers|processes|service|tests"
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
MINIATURE = ("processes/lakeside/", "forms/lakeside/", "processes/shared/notice.bpmn", "forms/shared/x.json")
"""What the manual for designers builds before its reader's eyes, and no repository holds."""
documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def _named_paths(text: str) -> Iterator[str]:
    for path in re.findall(rf"`((?:{TOPS})/[\w./-]+)`", text):
        if not re.search(r"\b[A-Z]+\b(?!\.md)", path) and "_N" not in path and not path.startswith(MINIATURE):
            yield path


@documents
def test_links_lead_to_files(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@documents
def test_paths_exist(document: Path) -> None:
    assert [path for path in _named_paths(document.read_text("utf-8")) if not (ROOT / path).exists()] == []


@documents
def test_targets_of_make_exist(document: Path) -> None:
    assert set(re.findall(r"`make ([a-z-]+)", document.read_text("utf-8"))) - TARGETS == set()


@documents
def test_modules_that_are_run_exist(document: Path) -> None:
    modules = re.findall(rf"python -m ((?:{TOPS})\.[a-z_.]+[a-z_])", document.read_text("utf-8"))
    places = {name: ROOT / name.replace(".", "/") for name in modules if name != "tests.scenarios"}
    lost = [n for n, p in places.items() if not p.with_suffix(".py").exists() and not (p / "__main__.py").exists()]
    assert lost == []


@documents
def test_commands_have_the_options_that_are_named(document: Path) -> None:
    assert [said for said in _commands(document.read_text("utf-8")) for _ in _unknown(said.split())] == []


def _commands(text: str) -> Iterator[str]:
    """Yield what follows ``laurel`` where a document writes it as a command; bytes that end a line are none."""
    for code in re.findall(r"```.*?```|`[^`\n]+`", text.replace("\\\n", " "), re.DOTALL):
        yield from re.findall(r"(?m)(?:^|[`;({]|&&)\s*(?:[\w./-]*/)?laurel +(?![^`]*\\n`)([a-z][^\n`;#&]*)", code)


def _unknown(words: list[str]) -> Iterator[str]:
    """Yield the words that are no command, or no option of theirs; capitals and other signs stand for what is given."""
    command: click.Command | None = laurel
    for word in words:
        option = re.match(r"[\[(]*(--[a-z-]+)", word)
        if isinstance(command, click.Group) and re.fullmatch("[a-z-]+", word):
            command = command.get_command(click.Context(command), word)
        elif option and command is not None and not _has(command, option[1]):
            yield word
    if command is None:
        yield words[0]


def _has(command: click.Command, option: str) -> bool:
    return option == "--help" or any(option in (*one.opts, *one.secondary_opts) for one in command.params)


@pytest.mark.parametrize("name", [path.name for path in sorted((ROOT / "docs" / "zh").glob("*.md"))])
def test_a_document_in_chinese_has_what_the_english_one_has(name: str) -> None:
    """Heading by heading, list by list, table by table."""
    parts = re.compile(r"^(#+ | *[-*] | *\d+\. |\||```|!\[)", re.MULTILINE)
    zh, en = (parts.findall((ROOT / "docs" / place / name).read_text("utf-8")) for place in ("zh", "."))
    assert zh == en


def test_every_test_that_a_make_target_runs_is_there() -> None:
    named = set(re.findall(r"tests/[\w/]+\.py", (ROOT / "Makefile").read_text("utf-8")))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []
