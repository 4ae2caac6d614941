"""The vocabulary of scenario files, shared by the player and the checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape

from service.catalog.law.proof import PROVES
from service.catalog.problems import MAX_REPORTED_PROBLEMS, Problem, did_you_mean, more_unknown
from service.catalog.source.yaml import YamlList, YamlMap, YamlValue
from service.catalog.tree import Files
from service.domain.text import Text

VERBS = (
    "start",
    "complete",
    "each",
    "expert",
    "interest",
    "replace",
    "action",
    "correct",
    "send_back",
    "take_back",
    "claim",
    "confirm",
    "until",
    "expect",
    "award",
    "sanction",
    "suspend",
    "resume",
    "lodge",
    "public",
    "recall",
    "stop_file",
    "find",
    "members",
    "vote",
    "hall",
    "recuse",
    "close_vote",
)
"""What a step may do; each step names exactly one."""

STEP_KEYS = frozenset(VERBS) | {
    "at", "as", "case", "name", "with", "parent", "for", "refused", "because", "fields", "of_substance", "last_day", "element",
    "body", "file", "percent", "title", "text", "entries", "reason", "nth", "person", "notice", "times", "teller",
    "received_on", PROVES,
}  # fmt: skip
"""What a step may say; ``every`` beside it says for whom it is repeated."""

PLAN_KEYS = frozenset({"after", "limit", "optional"})
"""What a step of plan.yaml may say besides: the working days it takes, the parameter that limits it, whether it may be left out."""

KEYS = ("title", "clauses", "start", "organisations", "calendar_years", "parameters", "data", "steps", "expect")
"""What a scenario may say; ``data`` holds pieces that YAML anchors repeat."""

RULES = {
    "unknown_key": "The keys of a scenario, of its steps and of its calendar years are known ones.",
    "missing_key": "A scenario says on which day it starts, and refused beside fields.",
    "one_verb": "A step names exactly one thing to do.",
    "mistyped": "Lists are lists, mappings are mappings, dates are dates.",
}
"""The rules told here, a sentence each: a scenario that breaks one is not played."""

_KINDS: dict[str, tuple[type | tuple[type, ...], Text]] = {
    "organisations": (YamlMap, Text("键值映射", "a mapping")),
    "calendar_years": (YamlMap, Text("键值映射", "a mapping")),
    "parameters": (YamlMap, Text("键值映射", "a mapping")),
    "steps": (YamlList, Text("列表", "a list")),
    "expect": (YamlList, Text("列表", "a list")),
    "clauses": (YamlList, Text("列表", "a list")),
}


def scenario_faults(document: YamlValue, file: str) -> Iterator[Problem]:
    """Yield what is misspelt, missing or of another kind than it must be in a scenario file."""
    if not isinstance(document, YamlMap):
        yield _fault(
            file, "", 1, "mistyped", Text("情景应是键值映射。", "A scenario is a mapping."), did_you_mean("", KEYS)
        )
        return
    yield from _check_keys(document, file, "", KEYS)
    if _read_day(document.entries.get("start")) is None:
        yield _fault(
            file, "start", document.lines.get("start", document.line), "missing_key",
            Text("缺少 start，或者它不是日期。", "start is missing, or no date."),
            Text("写明开始日期，如 start: 2026-03-02。", "Give the first day, such as start: 2026-03-02."),
        )  # fmt: skip
    for key, (kind, word) in _KINDS.items():
        value = document.entries.get(key)
        if value is not None and not isinstance(value, kind):
            yield _build_type_fault(file, key, document.lines[key], word)
    yield from _check_steps(document.entries.get("steps"), file)
    yield from _check_mappings(document.entries.get("expect"), file, "expect")
    yield from _check_organisations(document.entries.get("organisations"), file)
    yield from _check_years(document.entries.get("calendar_years"), file)


def _check_keys(
    node: YamlMap, file: str, where: str, allowed_keys: tuple[str, ...] | frozenset[str]
) -> Iterator[Problem]:
    wrong = [key for key in node.entries if key not in allowed_keys]
    above = f"{where}." if where else ""
    for key in wrong[:MAX_REPORTED_PROBLEMS]:
        message = Text(f"没有名为“{key}”的键。", f"There is no key “{key}”.")
        yield _fault(file, f"{above}{key}", node.lines[key], "unknown_key", message, did_you_mean(key, allowed_keys))
    if wrong[MAX_REPORTED_PROBLEMS:]:
        key, more = wrong[MAX_REPORTED_PROBLEMS], more_unknown(len(wrong) - MAX_REPORTED_PROBLEMS)
        yield _fault(file, f"{above}{key}", node.lines[key], "unknown_key", *more)


def _check_steps(node: YamlValue, file: str) -> Iterator[Problem]:
    yield from _check_mappings(node, file, "steps")
    allowed_keys = STEP_KEYS | {"every"} | (PLAN_KEYS if file.rpartition("/")[2] == "plan.yaml" else frozenset())
    for number, step in enumerate(_iterate_rows(node)):
        where = f"steps.{number}"
        yield from _check_keys(step, file, where, allowed_keys)
        verbs = [verb for verb in VERBS if verb in step.entries]
        if len(verbs) != 1:
            yield _fault(
                file, where, step.line, "one_verb",
                Text(f"第 {number + 1} 步应恰好写一个动作。", f"Step {number + 1} needs exactly one verb."),
                Text(f"可用：{'、'.join(VERBS)}。", f"Verbs: {', '.join(VERBS)}."),
            )  # fmt: skip
        at = step.entries.get("at")
        if at is not None and _read_day(at) is None:
            yield _build_type_fault(file, f"{where}.at", step.lines["at"], Text("日期或时间", "a date or a time"))
        if "every" in step.entries and not isinstance(step.entries["every"], YamlList):
            yield _build_type_fault(file, f"{where}.every", step.lines["every"], Text("列表", "a list"))
        if "fields" in step.entries and not isinstance(step.entries["fields"], YamlList):
            yield _build_type_fault(file, f"{where}.fields", step.lines["fields"], Text("列表", "a list"))
        if "fields" in step.entries and "refused" not in step.entries:
            yield _fault(
                file, f"{where}.fields", step.lines["fields"], "missing_key",
                Text("fields 只写在应被拒绝的步骤上。", "fields belongs on a step that must be refused."),
                Text("补写 refused: true，或者删去 fields。", "Add refused: true, or take fields out."),
            )  # fmt: skip


def _check_organisations(node: YamlValue, file: str) -> Iterator[Problem]:
    for name, organisation in node.entries.items() if isinstance(node, YamlMap) else ():
        if organisation is not None and not isinstance(organisation, YamlMap):
            yield _build_type_fault(file, f"organisations.{name}", node.lines[name], Text("键值映射", "a mapping"))  # type: ignore[union-attr]


def _check_years(node: YamlValue, file: str) -> Iterator[Problem]:
    for name, year in node.entries.items() if isinstance(node, YamlMap) else ():
        where, line = f"calendar_years.{name}", node.lines[name]  # type: ignore[union-attr]
        if not (name.isascii() and name.isdigit() and len(name) == 4):
            yield _build_type_fault(file, where, line, Text("以年份为键", "keyed by the year"))
        if year is not None and not isinstance(year, YamlMap):
            yield _build_type_fault(file, where, line, Text("键值映射", "a mapping"))
        elif year is not None:
            yield from _check_keys(year, file, where, ("days_off", "make_up"))
            for span in _iterate_rows(year.entries.get("days_off")):
                yield from _check_keys(span, file, f"{where}.days_off", ("name", "from", "to"))
                if not isinstance(span.entries.get("from"), date):
                    yield _build_type_fault(file, f"{where}.days_off.from", span.line, Text("日期", "a date"))
            for key in ("days_off", "make_up"):
                if not isinstance(year.entries.get(key), YamlList | None):
                    yield _build_type_fault(file, f"{where}.{key}", year.lines[key], Text("列表", "a list"))
            made = year.entries.get("make_up")
            if isinstance(made, YamlList) and not all(isinstance(day, date) for day in made.items):
                yield _build_type_fault(
                    file, f"{where}.make_up", year.lines["make_up"], Text("日期列表", "a list of dates")
                )


def _check_mappings(node: YamlValue, file: str, key: str) -> Iterator[Problem]:
    for number, row in enumerate(node.items if isinstance(node, YamlList) else ()):
        if not isinstance(row, YamlMap):
            yield _build_type_fault(file, f"{key}.{number}", node.line, Text("键值映射", "a mapping"))  # type: ignore[union-attr]


def _iterate_rows(node: YamlValue) -> Iterator[YamlMap]:
    yield from (row for row in (node.items if isinstance(node, YamlList) else ()) if isinstance(row, YamlMap))


def _read_day(value: YamlValue) -> datetime | date | None:
    """Return a day or an instant as scenarios write them, None for anything else."""
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(value.strip().replace(" ", "T")) if isinstance(value, str) else None
    except ValueError:
        return None


def _build_type_fault(file: str, path: str, line: int, kind: Text) -> Problem:
    message = Text(f"“{path}”应是{kind.zh}。", f"“{path}” should be {kind.en}.")
    return _fault(file, path, line, "mistyped", message, Text("按手册的写法改正。", "Write it as the manual does."))


def _fault(file: str, path: str, line: int, rule: str, message: Text, remedy: Text) -> Problem:
    return Problem(file, path, rule, message, remedy, line=line)


_NAME = re.compile(rb"""\bname=(?:"([^"]*)"|'([^']*)')""")


def former_name(before: Files, ident: str) -> str | None:
    """Return what the element ``ident`` is called in the diagrams of ``before``, None where they have none or do not name it."""
    if not re.fullmatch(r"[\w.-]+", ident):
        return None
    word = ident.encode()
    tag = re.compile(rb"""<[^<>]*\bid=["']%s["'][^<>]*>""" % re.escape(word))
    for path in sorted(before):
        match = tag.search(before[path]) if path.endswith(".bpmn") and word in before[path] else None
        name = _NAME.search(match[0]) if match else None
        if name:
            return unescape((name[1] or name[2] or b"").decode(errors="replace")).strip() or None
    return None
