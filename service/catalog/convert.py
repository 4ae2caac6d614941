"""Convert an award of the previous format to the current one; comments, order and meaning are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from service.catalog.parameters.vocabulary import SHARED_KEYS, read_vocabulary
from service.catalog.parts import read_parts
from service.catalog.problems import Problem
from service.catalog.source.fields import read_fields
from service.catalog.source.file_format import CURRENT, FIRST, format_of
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.yaml import Value, YamlMap, parse_yaml, plain
from service.catalog.tree import Files, Places
from service.domain.errors import Invalid
from service.domain.text import Text

Entry = dict[str, Value]
_EMPTY: Mapping[str, Any] = {"choices": [], "labels": {}, "minimum": None, "maximum": None}
"""What an award writes that has nothing where the vocabulary has something; "" of all else."""


def convert(files: Files, jurisdiction: str, award: str) -> dict[str, bytes]:
    """Return the files of an award that read otherwise in today's format, by path; none when it is in it already.

    Raises Invalid for what cannot be read, and where the result would not say the same.
    """
    places = Places(files, jurisdiction, award)
    content, own = files[places.award_file], f"{places.award}/parameters.yaml"
    if format_of(read_fields(content, places.award_file, lambda _problem: None)) != FIRST:
        _demand_sound(files, jurisdiction, award)
        return {}
    before = {path: data for path, data in files.items() if path != own}  # left there by a run that was broken off
    _demand_sound(before, jurisdiction, award)
    written = _rewritten(before, places)
    if own in files and files[own] != written.get(own):
        raise Invalid(
            Text(
                f"已有 {own}，没有改写：请先把它移开，或者把其中的内容并入 {places.award_file}。",
                f"There is a {own} already: nothing was written. Move it away, or what it says into {places.award_file}.",
            )
        )
    one, other = (read_parts(found, jurisdiction, award) for found in (before, {**before, **written}))
    if other.problems or one.award != other.award:
        raise Invalid(
            Text(
                f"{places.award_file} 改写后的意思会不同，没有改写。请对照手册改写，或检查词表。",
                f"{places.award_file} would not say the same: nothing was written. Rewrite it by hand, or check the vocabulary.",
            )
        )
    return written


def _rewritten(files: Files, places: Places) -> dict[str, bytes]:
    """Return the new files, that which takes the parameters in before that which gives them up."""
    text = files[places.award_file].decode("utf-8-sig")
    end = "\r\n" if "\r\n" in text else "\n"
    rest, block = _split(text, places.award_file)
    problems: list[Problem] = []
    vocabulary = read_vocabulary(files, places.vocabulary(), problems.append)
    if problems:
        raise _told(problems[0])
    written: dict[str, bytes] = {}
    if block:
        shared = {ident: _plain(node) for ident, node in vocabulary.items()}
        written[f"{places.award}/parameters.yaml"] = _parameters(block, shared).replace("\n", end).encode()
    return {**written, places.award_file: f"format: {CURRENT}{end}{rest}".encode()}


def _demand_sound(files: Files, jurisdiction: str, award: str) -> None:
    wrong = read_parts(files, jurisdiction, award).problems
    if wrong:
        raise _told(wrong[0])


def _told(problem: Problem) -> Invalid:
    """Return the problem with its place; what an unreadable file is told by names it already."""
    if problem.file in problem.message.zh:
        return Invalid(problem.message)
    place = f"{problem.file} {problem.element}".rstrip()
    return Invalid(
        Text(
            f"{place}：{problem.message.zh}{problem.remedy.zh}",
            f"{place}: {problem.message.en} {problem.remedy.en}",
        )
    )


def _split(text: str, file: str) -> tuple[str, str]:
    """Return award.yaml without its block ``parameters``, and that block; comments before a key go with it."""
    found = parse_yaml(text.encode(), file)
    assert isinstance(found, YamlMap)
    if "parameters" not in found.entries:
        return text, ""
    lines = text.splitlines(keepends=True)
    later = [line for line in found.lines.values() if line > found.lines["parameters"]]
    first = _with_comments(lines, found.lines["parameters"] - 1)
    last = _with_comments(lines, min(later) - 1) if later else len(lines)
    return "".join(lines[:first] + lines[last:]), "".join(lines[first:last])


def _with_comments(lines: list[str], place: int) -> int:
    while place and (lines[place - 1].startswith("#") or not lines[place - 1].strip()):
        place -= 1
    return place


def _parameters(block: str, vocabulary: Mapping[str, Entry]) -> str:
    document = load_yaml(block)
    own = document["parameters"]
    days = Counter(values[0].get("from") for entry in own.values() if len(values := entry["values"]) == 1)
    since = days.most_common(1)[0][0] if days else date.min
    for ident, entry in own.items():
        _shorten(entry, since, vocabulary.get(ident, {}))
    document.insert(0, "format", CURRENT)
    document.insert(1, "from", since)
    return dump_yaml(document)


def _shorten(entry: CommentedMap, since: object, shared: Entry) -> None:
    values = entry["values"]
    if len(values) == 1 and values[0].get("from") == since and not _commented(values):
        _write_value(entry, values[0].get("value"))
    for key in SHARED_KEYS:
        if key not in shared or (key == "question" and entry.get("source") != "default"):
            continue
        if "exactly" in entry and key in ("minimum", "maximum"):
            continue
        if key not in entry:
            entry[key] = entry["name"] if key == "name_en" else _EMPTY.get(key, "")
        elif _same(entry[key], shared[key]) and key not in entry.ca.items:  # what carries a comment stays
            del entry[key]


def _write_value(entry: CommentedMap, value: Any) -> None:
    bounds = ("minimum", "maximum")
    exact = value is not None and all(key in entry and _same(entry[key], value) for key in bounds)
    exact = exact and not any(key in entry.ca.items for key in bounds)
    name = "exactly" if exact else "value"
    place, comment = list(entry).index("values"), entry.ca.items.pop("values", None)
    entry.insert(place, name, value)
    if comment is not None:
        entry.ca.items[name] = comment
    for key in ("values", *bounds) if exact else ("values",):
        del entry[key]


def _commented(values: CommentedSeq) -> bool:
    return bool(values.ca.items or values[0].ca.items)


def _same(one: Any, other: Any) -> bool:
    return repr(_bare(one)) == repr(_bare(other))


def _bare(value: Any) -> Any:
    """Return a value as plain data, whichever way it was read."""
    if isinstance(value, Mapping):
        return {str(key): _bare(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_bare(item) for item in value]
    return str(value) if isinstance(value, str) else float(value) if isinstance(value, float) else value


def _plain(node: YamlMap) -> Entry:
    found = plain(node)
    assert isinstance(found, dict)
    return found
