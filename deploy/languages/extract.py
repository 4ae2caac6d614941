"""Collect every Chinese sentence of the program and of the packages into gettext catalogues.

``python -m deploy.languages.extract FOLDER LANGUAGE…`` brings FOLDER/LANGUAGE.po up to date, translations kept, and compiles
it to FOLDER/LANGUAGE.mo; without a language it writes FOLDER/laurel.pot. What a sentence has from elsewhere stands as ``{0}``, ``{1}`` …
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import yaml
from babel import Locale, UnknownLocaleError
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from jinja2 import Environment, nodes
from lxml import etree

from service.web.frame.page.languages import LANGUAGE_NAME_KEY, is_further

ROOT = Path(__file__).parents[2]
HAN = re.compile(r"[\u3400-\u9fff]")
_MAY_SAY = re.compile(rf"{HAN.pattern}|\\[uUN]|&#")
"""What a file has that says something in Chinese, if only by the numbers of its signs."""

_LINE = re.compile(r'\s*|#.*|(?:msg[a-z_]+(?:\[\d\])?\s*)?"(?:[^"\\]|\\.)*"\s*')
"""A line of a catalogue; of what is no such line translations would be lost without a word."""

_HOLE = re.compile(r"\{\d+\}")
_FORMAT = re.compile(r"%[sd]|\{\{.*?\}\}|\{[^{}]*\}")

Sentence = tuple[int, str, str]
"""Line, Chinese with holes, English or \"\"."""


def of_python(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a module: its strings with Chinese in them, docstrings left out."""
    every = list(ast.walk(ast.parse(text)))
    silent = {id(node.value) for node in every if isinstance(node, ast.Expr)}
    inside = {id(part) for whole in every if isinstance(whole, ast.JoinedStr | ast.BinOp) for part in _parts(whole)}
    english = {id(zh): en for node in every if isinstance(node, ast.Call) for zh, en in _pairs(node.args)}
    strings = [node for node in every if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp)]
    for node in sorted(strings, key=lambda node: (node.lineno, node.col_offset)):
        if id(node) in silent or id(node) in inside:
            continue
        said = _numbered(_pieces(node))
        if HAN.search(said):
            yield node.lineno, said, _numbered(_pieces(english[id(node)])) if id(node) in english else ""


def _pairs(arguments: list[ast.expr]) -> Iterator[tuple[ast.expr, ast.expr]]:
    for one, other in pairwise(arguments):
        said = "".join(piece or "" for piece in _pieces(other))
        if said.strip() and not HAN.search(said):
            yield one, other


def _parts(whole: ast.JoinedStr | ast.BinOp) -> Iterator[ast.AST]:
    """Yield the strings that are pieces of ``whole`` and no sentences of their own."""
    if isinstance(whole, ast.JoinedStr):
        yield from whole.values
    elif isinstance(whole.op, ast.Add):
        yield from (
            part for part in (whole.left, whole.right) if isinstance(part, ast.Constant | ast.JoinedStr | ast.BinOp)
        )
    elif isinstance(whole.op, ast.Mod):
        yield whole.left


def _pieces(node: ast.AST) -> list[str | None]:
    """Return what a string is made of; None for what comes from elsewhere."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else [None]
    if isinstance(node, ast.JoinedStr):
        return [piece for value in node.values for piece in _pieces(value)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _pieces(node.left) + _pieces(node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
        return _holes(str(node.left.value))
    return [None]


def of_template(text: str) -> Iterator[Sentence]:
    """Yield what a template says by ``t``."""
    for call in Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t" and len(call.args) == 2:
            for zh in _branches(call.args[0]):
                said = _numbered(zh)
                if HAN.search(said):
                    yield call.lineno, said, _numbered(next(_branches(call.args[1])))


def _branches(node: nodes.Node) -> Iterator[list[str | None]]:
    """Yield every way in which an expression of a template may come out."""
    if isinstance(node, nodes.CondExpr):
        yield from _branches(node.expr1)
        if node.expr2 is not None:
            yield from _branches(node.expr2)
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield [node.value]
    elif isinstance(node, nodes.Filter) and node.name == "format" and isinstance(node.node, nodes.Const):
        yield _holes(node.node.value)
    elif isinstance(node, nodes.Concat):
        yield [piece for part in node.nodes for piece in next(_branches(part))]
    elif isinstance(node, nodes.Add):
        yield [*next(_branches(node.left)), *next(_branches(node.right))]
    else:
        yield [None]


def of_data(text: str) -> Iterator[Sentence]:
    """Yield what a YAML file says; keys and comments are left out."""
    waiting = [yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            waiting.extend(value for _, value in reversed(node.value))
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(reversed(node.value))
        elif node is not None and HAN.search(node.value):
            yield node.start_mark.line + 1, _numbered(_holes(node.value)), ""


def of_form(text: str) -> Iterator[Sentence]:
    """Yield the strings of a form."""
    waiting: list[Any] = [json.loads(text)]
    while waiting:
        found = waiting.pop()
        inside = [*found.values()] if isinstance(found, dict) else found if isinstance(found, list) else []
        waiting.extend(reversed(inside))
        if isinstance(found, str) and HAN.search(found):
            yield 1, _numbered(_holes(found)), ""


def of_diagram(text: str) -> Iterator[Sentence]:
    """Yield the names and the properties of a diagram."""
    for element in etree.fromstring(text.encode()).iter("{*}*"):
        for said in (element.get("name", ""), element.get("value", "")):
            if HAN.search(said):
                yield element.sourceline, _numbered(_holes(said)), ""


def _holes(text: str) -> list[str | None]:
    found: list[str | None] = []
    for place, piece in enumerate(_FORMAT.split(text)):
        found += [None, piece] if place else [piece]
    return found


def _numbered(pieces: list[str | None]) -> str:
    count = iter(range(len(pieces)))
    return "".join(f"{{{next(count)}}}" if piece is None else piece for piece in pieces)


READERS: dict[str, Callable[[str], Iterable[Sentence]]] = {
    ".py": of_python, ".html": of_template, ".yaml": of_data, ".json": of_form, ".bpmn": of_diagram, ".dmn": of_diagram,
}  # fmt: skip
FOLDERS = ("service", "handlers", "processes", "forms")
_FOREIGN = ("migrations", "node_modules", "scenarios", "static", "calendars")


def collected() -> Catalog:
    """Return every sentence with the places where it stands."""
    catalog = Catalog(project="Laurel", charset="utf-8", fuzzy=False)
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.*")):
        reader = READERS.get(path.suffix)
        place = path.relative_to(ROOT)
        if reader is not None and not set(_FOREIGN) & set(place.parts):
            text = path.read_text("utf-8")
            for line, zh, en in reader(text) if _MAY_SAY.search(text) else ():
                catalog.add(zh, locations=[(place.as_posix(), line)], auto_comments=[en] if en else ())
    return catalog


def main(folder: Path, languages: list[str]) -> None:
    """Write the template, or bring the catalogues of ``languages`` up to date and compile them."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {language: _known(folder, language) for language in languages}
    template = collected()
    for language, catalog in known.items():
        path = folder / f"{language}.po"
        catalog.update(deepcopy(template), no_fuzzy_matching=True)  # which takes the messages over
        if not catalog[LANGUAGE_NAME_KEY].string:
            catalog[LANGUAGE_NAME_KEY].string = Locale.parse(language, sep="-").get_language_name() or language
        _write(path, catalog, write_po)
        _write(path.with_suffix(".mo"), _usable(catalog), write_mo)
    if not languages:
        _write(folder / "laurel.pot", template, write_po)


def _known(folder: Path, language: str) -> Catalog:
    """Return what is translated already; leaves the program where the file cannot be read, which stays as it is."""
    path = folder / f"{language}.po"
    try:
        locale = Locale.parse(language, sep="-") if is_further(language) else None
    except UnknownLocaleError:
        locale = None
    if locale is None:
        sys.exit(
            f"“{language}”不是中文和英文之外的语言代码（如 ug）。 / {language!r} is no further language, such as ug."
        )
    try:
        content = path.read_text("utf-8") if path.is_file() else ""
        wrong = [n for n, line in enumerate(content.splitlines(), 1) if not _LINE.fullmatch(line)]
        if not wrong:
            return read_po(io.StringIO(content), locale=locale, abort_invalid=True)
        at = f"{wrong[0]}: {content.splitlines()[wrong[0] - 1]}"
    except (PoFileError, UnicodeDecodeError) as error:
        at = str(error)
    sys.exit(f"{path} 读不懂（{at}），没有改动。改正后再运行。 / {path} cannot be read ({at}): it stays as it is.")


def _usable(catalog: Catalog) -> Catalog:
    """Return the catalogue without translations that leave out or add what is filled in, and say which they are."""
    found = deepcopy(catalog)
    for message in found:
        if (
            message.id
            and message.string
            and Counter(_HOLE.findall(message.id)) != Counter(_HOLE.findall(message.string))
        ):
            print(f"未采用，{{0}} 等应与原文一致 / left in Chinese, since what is filled in differs: {message.string}")
            message.string = ""
    return found


def _write(path: Path, catalog: Catalog, write: Callable[[BinaryIO, Catalog], None]) -> None:
    """Write beside the file first: what is translated is never lost half-way."""
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("wb") as file:
            write(file, catalog)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    print(f"{path}: {len(catalog)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
