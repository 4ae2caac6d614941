"""Patterns: diagrams, tables and forms that several places have alike; each place fills the slots with its own.

A pattern stands in ``processes/shared/patterns`` or ``forms/shared/patterns``. A place says in the ``patterns.yaml`` of
its award, or in the JSON of its form, which pattern it takes and what it puts into the slots. What comes of it is a
file of the place like any other: nobody who reads a package can tell it from one that was written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import escape, quoteattr, unescape

from service.catalog.problems import Problem, did_you_mean
from service.catalog.source.formatting import dump_yaml, load_yaml
from service.catalog.source.json import JsonMistake, as_json_file, parse_json
from service.catalog.source.yaml import Value, YamlMistake, parse_yaml, to_plain_value
from service.domain.errors import Invalid
from service.domain.text import Text

PLACE = "PLACE"
"""Stands in a pattern for the id of the place: ids have to be names, so it is no slot."""


def words_of_place(files: Mapping[str, bytes], city: str) -> dict[str, str]:
    """Return id and name of ``city``, the names of its roles, and for each bound role the body that acts as it."""
    path = f"processes/{city}/jurisdiction.yaml"
    found = _mapping(to_plain_value(parse_yaml(files[path], path))) if path in files else {}
    roles = _mapping(found.get("roles")).items()
    named = {f"role.{role}": str(_mapping(entry).get("name", role)) for role, entry in roles}
    bodies = [_mapping(body) for body in reversed(_listed(found.get("bodies")))]
    held = {str(role): str(body.get("id")) for body in bodies for role in _listed(body.get("roles"))}
    acting = {f"body.{role}": held.get(str(to), str(to)) for role, to in _mapping(found.get("bindings")).items()}
    return {PLACE: city, "place": str(found.get("name", city)), **named, **acting}


def _mapping(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


SHARED_ROLES = {
    "applicant": "申报组织",
    "objector": "异议人",
    "recommender": "推荐单位",
    "poster": "公示单位",
    "investigator": "核查单位",
    "department": "有关部门",
    "office": "办公室",
    "chair": "主持人",
    "expert": "评审专家",
    "committee": "评审委员会",
    "objection_decider": "异议认定机构",
    "decider": "审定机构",
    "approver": "审定机关",
    "reevaluation_decider": "再评价认定机构",
    "revocation_proposer": "撤销提请机构",
    "revocation_authority": "撤销决定机关",
    "government": "人民政府",
    "supervising": "监督单位",
    "supervisor": "监督机构",
    "winner": "获奖组织",
    "audit_unit": "审核单位",
    "committee_chair": "评审委员会主任",
    "granting_government": "授奖的人民政府",
    "leading_group": "领导小组",
    "market_regulator": "市场监督管理部门",
    "parent_body": "上级单位",
    "review_committee": "评审委员会",
    "supervision_committee": "监督委员会",
}
"""Names of the abstract roles of shared diagrams: their lanes, and what a place binds to its own roles."""


DIAGRAMS = "processes/shared/patterns"
FORMS = "forms/shared/patterns"
USES = "patterns.yaml"
SLOT_MARK = re.compile(r"\$\{([\w.]+)\}")
_ATTRIBUTE = re.compile(r""" ([\w:]+)=("[^"]*"|'[^']*')""")
_ID = re.compile(r' id="([^"]*)"')
_REFERENCE = re.compile(r' bpmnElement="([^"]*)"|<bpmn:(?:incoming|outgoing|flowNodeRef)>([^<]*)<')
_ONLY = "spiffworkflow:only"
_EMPTY = re.compile(r"\n *<(spiffworkflow:properties|bpmn:extensionElements)>\n *</\1>")
_BARE = re.compile(r"(<([\w:]+)[^<>]*)>\n *</\2>")
_ENTITIES = {"&quot;": '"', "&apos;": "'", "&#10;": "\n", "&#9;": "\t"}
_MARKS = {"\n": "&#10;", "\t": "&#9;"}
_KEY = "from_pattern"
_DEEPEST = 8
_MOST = 1000
"""How many patterns one form may be made of: a hand-written form takes some dozens."""


class _Unfit(Exception):
    """A pattern cannot be filled as the place wants it; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message.en)


class PatternMistake(Invalid):
    """A pattern cannot be filled; ``problem`` says why and what to do."""

    code = "pattern"

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


@dataclass(frozen=True, slots=True)
class _Use:
    """One use of a pattern: the file and key that say so, the words of the place, and what goes into the slots."""

    file: str
    key: str
    words: Mapping[str, str]
    slots: Mapping[str, Any]
    depth: int = 0
    taken: Iterator[int] = field(default_factory=count)

    def value(self, slot: str) -> Any:
        """Return what stands in ``slot``; raises _Unfit where the place says nothing about it."""
        if slot in self.slots:
            return self.slots[slot]
        if slot in self.words:
            return self.words[slot]
        raise self.unfit(
            "unfilled_slot",
            Text(f"没有填写范本的空位“{slot}”。", f"Slot “{slot}” of the pattern is not filled."),
            Text(
                f"在 slots 中加上“{slot}”；此处没有这一项的，写 null。",
                f"Add “{slot}” to slots; null where there is none.",
            ),
        )

    def text(self, text: str) -> str:
        """Return ``text`` with its slots filled."""
        return SLOT_MARK.sub(lambda found: str(self.value(found[1])), text)

    def leaves_out(self, text: str) -> bool:
        """Tell whether ``text`` is one slot and nothing else, and the place has nothing to put there."""
        found = SLOT_MARK.fullmatch(text)
        return found is not None and self.value(found[1]) is None

    def check_names(self, pattern: str) -> None:
        """Raise _Unfit where the place fills a slot that the pattern does not have."""
        known = {name for name in SLOT_MARK.findall(pattern) if name not in self.words}
        for slot in self.slots:
            if slot not in known:
                message = Text(f"范本没有空位“{slot}”。", f"The pattern has no slot “{slot}”.")
                raise self.unfit("unknown_slot", message, did_you_mean(slot, known))

    def unfit(self, rule: str, message: Text, remedy: Text) -> _Unfit:
        """Return the exception that tells of a problem at this use."""
        return _Unfit(Problem(self.file, self.key, rule, message, remedy))


def fill_patterns(files: Mapping[str, bytes]) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
    """Return ``files`` with what the places make of patterns, and what could not be made.

    What could not be made stays away, a form as it was. Filling again changes nothing.
    """
    made = dict(files)
    problems: list[Problem] = []
    for path in list(files):
        parts = path.split("/")
        if parts[1:3] == ["shared", "patterns"]:
            continue
        try:
            if parts[0] == "processes" and len(parts) == 4 and parts[3] == USES:
                made.update(_of_award(files, path, problems))
            elif path.endswith(".json") and f'"{_KEY}"'.encode() in files[path]:
                words = words_of_place(files, parts[1])
                made[path] = as_json_file(_filled(files, _Use(path, "", words, {}), parse_json(files[path], path)))
        except _Unfit as unfit:
            problems.append(unfit.problem)
        except (JsonMistake, YamlMistake) as mistake:
            problems.append(_unread(path, mistake))
    return MappingProxyType(made), tuple(problems)


def fill_form(files: Mapping[str, bytes], path: str, value: Any) -> Any:
    """Return what the form ``path``, or the piece ``value`` of it, makes of patterns; raises PatternMistake."""
    try:
        return _filled(files, _Use(path, "", words_of_place(files, path.split("/")[1]), {}), value)
    except _Unfit as unfit:
        raise PatternMistake(unfit.problem) from unfit


def pattern_of(files: Mapping[str, bytes], path: str) -> str:
    """Return the pattern from which the diagram or table ``path`` is made, "" where it is a file of its own."""
    folder, _, name = path.rpartition("/")
    uses = f"{folder}/{USES}"
    with suppress(YamlMistake):  # said where it is read
        entries = _mapping(to_plain_value(parse_yaml(files[uses], uses))) if uses in files else {}
        return f"{DIAGRAMS}/{_mapping(entries[name]).get('pattern', name)}" if name in entries else ""
    return ""


def _of_award(files: Mapping[str, bytes], path: str, problems: list[Problem]) -> dict[str, bytes]:
    """Return the diagrams and tables that an award makes of patterns; problems of one leave the others."""
    city, folder = path.split("/")[1], path.removesuffix(f"/{USES}")
    words = words_of_place(files, city)
    made: dict[str, bytes] = {}
    for name, entry in _mapping(to_plain_value(parse_yaml(files[path], path))).items():
        slots = _mapping(_mapping(entry).get("slots"))
        use = _Use(path, name, words, slots)
        try:
            content = _diagram(files, use, f"{DIAGRAMS}/{_mapping(entry).get('pattern', name)}")
            if files.get(f"{folder}/{name}", content) != content:
                raise use.unfit(
                    "own_and_pattern",
                    Text(
                        f"“{name}”既有自己的文件，又按范本生成。",
                        f"“{name}” is a file of its own and made of a pattern.",
                    ),
                    Text("二者去掉一个。", "Take one of them out."),
                )
        except _Unfit as unfit:
            problems.append(unfit.problem)
        else:
            made[f"{folder}/{name}"] = content
    return made


def _diagram(files: Mapping[str, bytes], use: _Use, pattern: str) -> bytes:
    """Return a diagram or a table with its slots filled."""
    text = _pattern(files, use, pattern).decode()
    use.check_names(text)
    rows = text.replace(PLACE, use.words[PLACE]).split("\n")
    made = "\n".join(_row(use, row) for row in _kept(use, rows))
    return _BARE.sub(r"\1 />", _EMPTY.sub("", _EMPTY.sub("", made))).encode()


def _kept(use: _Use, rows: list[str]) -> Iterator[str]:
    """Yield the lines of a diagram that this place has.

    Left out are elements whose ``spiffworkflow:only`` or ``value`` is a slot that stays empty, with all that they hold,
    and what refers to them: their flows in nodes and lanes, their shapes and edges.
    """
    gone = {found[1] for row in rows if _is_omitted(use, row) and (found := _ID.search(row))}
    end = ""
    for row in rows:
        if end:
            end = "" if row.startswith(end) else end
        elif _is_omitted(use, row) or ((found := _REFERENCE.search(row)) and (found[1] or found[2]) in gone):
            closed = row.endswith("/>") or "</" in row
            end = "" if closed else row[: len(row) - len(row.lstrip())] + "</"
        else:
            yield row


def _is_omitted(use: _Use, row: str) -> bool:
    """Tell whether the element that begins on this line is one that this place does not have."""
    head = row.partition(">")[0] if "${" in row else ""
    return any(name in (_ONLY, "value") and use.leaves_out(_plain(text)) for name, text in _ATTRIBUTE.findall(head))


def _row(use: _Use, row: str) -> str:
    """Return one line of a diagram with its slots filled."""
    if "${" not in row:
        return row

    def attribute(found: re.Match[str]) -> str:
        name, text = found[1], _plain(found[2])
        return "" if name == _ONLY or use.leaves_out(text) else f" {name}={quoteattr(use.text(text), _MARKS)}"

    head, end, text = row.partition(">")
    return _ATTRIBUTE.sub(attribute, head) + end + SLOT_MARK.sub(lambda found: escape(str(use.value(found[1]))), text)


def _plain(quoted: str) -> str:
    """Return the value of an attribute without its quotes and entities."""
    return unescape(quoted[1:-1], _ENTITIES)


def _filled(files: Mapping[str, bytes], use: _Use, value: Any) -> Any:
    """Return a value of a form with every pattern in it filled, and the slots of ``use``."""
    if isinstance(value, str):
        found = SLOT_MARK.fullmatch(value)
        return use.value(found[1]) if found else use.text(value)
    if isinstance(value, list):
        return list(_items(files, use, value))
    if not isinstance(value, dict):
        return value
    if _KEY in value:
        return _of_pattern(files, use, value)
    kept = {key: item for key, item in value.items() if not (isinstance(item, str) and use.leaves_out(item))}
    return {key: _filled(files, use, item) for key, item in kept.items()}


def _items(files: Mapping[str, bytes], use: _Use, items: list[Any]) -> Iterator[Any]:
    """Yield the items of a list, slots filled: a slot that holds a list gives all of its items, null none."""
    for item in items:
        filled = _filled(files, use, item)
        if isinstance(item, str) and SLOT_MARK.fullmatch(item) and isinstance(filled, list):
            yield from filled
        elif filled is not None or item is None:
            yield filled


def _of_pattern(files: Mapping[str, bytes], use: _Use, value: dict[str, Any]) -> Any:
    """Return what a form, or a component of one, makes of a pattern: what the keys beside say goes into the slots."""
    name = str(value[_KEY])
    given = {key: _filled(files, use, item) for key, item in value.items() if key != _KEY}
    inner = _Use(use.file, name, use.words, given, use.depth + 1, use.taken)
    if inner.depth > _DEEPEST or next(use.taken) >= _MOST:
        raise use.unfit(
            "pattern_in_itself",
            Text("范本嵌套过深或过多。", "Patterns nest too deep, or there are too many."),
            Text("减少嵌套。", "Nest less."),
        )
    path = f"{FORMS}/{name}.json"
    content = _pattern(files, inner, path)
    inner.check_names(content.decode())
    return _filled(files, inner, parse_json(content, path))


def _pattern(files: Mapping[str, bytes], use: _Use, path: str) -> bytes:
    if path in files:
        return files[path]
    folder, _, name = path.rpartition("/")
    known = (other.removeprefix(f"{folder}/") for other in files if other.startswith(f"{folder}/"))
    raise use.unfit(
        "unknown_pattern", Text(f"没有范本“{name}”。", f"There is no pattern “{name}”."), did_you_mean(name, known)
    )


def _unread(path: str, mistake: JsonMistake | YamlMistake) -> Problem:
    remedy = Text("改正该行。", "Correct that line.")
    return Problem(path, "", mistake.code, mistake.message, remedy, line=mistake.line)


def uses_of(path: str) -> str:
    """Return the file that says which diagrams and tables beside ``path`` are made of patterns."""
    return f"{path.rpartition('/')[0]}/{USES}"


def without_pattern(files: Mapping[str, bytes], path: str) -> bytes | None:
    """Return what `uses_of` holds once ``path`` is a file of its own, None where it is one already."""
    if not pattern_of(files, path):
        return None
    uses = load_yaml(files[uses_of(path)].decode())
    del uses[path.rpartition("/")[2]]
    return str(dump_yaml(uses)).encode()
