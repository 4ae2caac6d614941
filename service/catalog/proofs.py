"""Proofs: expectations of scenarios that assert what a clause brings about, and would fail if it did not.

A proof stands in the scenario itself, as ``proves: [WQ-11-2b]`` on an expectation or on a step that must be refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.catalog.package import Package
from service.catalog.problems import Problem, did_you_mean
from service.catalog.proof import Proof
from service.catalog.source.yaml import YamlList, YamlMap, YamlMistake, YamlValue, parse_yaml, plain
from service.catalog.tree import Files, below, stem
from service.domain.text import Text

PROVES = "proves"
_STEP_ALONE = {"reached", "task", "waiting", "timer"}
_SAYS_NO_RESULT = {"case", "times", "no", "why", "state", "kind", PROVES} | _STEP_ALONE


@dataclass(frozen=True, slots=True)
class _Row:
    """An expectation, or a step that must be refused, as it stands in the file; ``may`` is False elsewhere."""

    values: Mapping[str, Any]
    line: int
    refused: bool = False
    may: bool = True


def with_proofs(package: Package, tree: Files) -> Package:
    """Return ``package`` with what its scenarios prove; ``tree`` holds all files."""
    return replace(package, proofs=tuple(_proofs(package, tree)))


def check_proofs(package: Package, path: str, root: YamlMap) -> Iterator[Problem]:
    """Yield what is wrong with the proofs of the scenario at ``path``: unknown clauses, words only, the wrong place."""
    for row in _rows(root):
        if PROVES not in row.values:
            continue
        if not row.may:
            yield _problem(path, row, "proves_nothing", *_MISPLACED)
        for clause in proved(row.values):
            found = package.law.clauses.get(clause)
            if found is None:
                message = Text(f"条款登记中没有“{clause}”。", f"The register has no clause “{clause}”.")
                yield _problem(path, row, "unknown_clause", message, did_you_mean(clause, package.law.clauses))
            elif found.words_only:
                message = Text(
                    f"“{clause}”登记为文字体现，又说有期望证明它。",
                    f"“{clause}” is registered as words only, and an expectation says that it proves it.",
                )
                remedy = Text("删去 words_only，或者删去这里的编号。", "Remove words_only, or the id here.")
                yield _problem(path, row, "words_only_proved", message, remedy)


def proved(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the clauses that an expectation, or a step that must be refused, says it proves."""
    found = row.get(PROVES)
    return tuple(map(str, found)) if isinstance(found, list | tuple) else () if found is None else (str(found),)


_MISPLACED = (
    Text("这一步什么也没有断言，不能证明条款。", "This step asserts nothing and can prove no clause."),
    Text(
        "把 proves 写在期望或者应被拒绝的步骤上。", "Write proves on an expectation, or on a step that must be refused."
    ),
)


def _problem(path: str, row: _Row, rule: str, message: Text, remedy: Text) -> Problem:
    return Problem(path, PROVES, rule, message, remedy, line=row.line)


def _proofs(package: Package, tree: Files) -> Iterator[Proof]:
    names = names_in(package)
    for path in below(tree, f"processes/{package.key}/scenarios", ".yaml"):
        try:
            root = parse_yaml(tree[path], path) if PROVES.encode() in tree[path] else None
        except YamlMistake:  # what is wrong with it, the check says
            continue
        if isinstance(root, YamlMap):
            title = str(root.entries.get("title") or stem(path))
            for row in _rows(root):
                for clause in proved(row.values) if row.may else ():
                    yield Proof(clause, path, title, row.line, _in_words(row, names), _alone(row))


def _rows(root: YamlMap) -> Iterator[_Row]:
    for step in _maps(root.entries.get("steps")):
        inner = step.entries.get("expect")
        if isinstance(inner, YamlMap):
            yield _row(inner)
        elif PROVES in step.entries:
            refused = "refused" in step.entries
            yield replace(_row(step), refused=refused, may=refused)
    for row in _maps(root.entries.get("expect")):
        yield _row(row)


def _maps(value: YamlValue) -> Iterable[YamlMap]:
    return [item for item in value.items if isinstance(item, YamlMap)] if isinstance(value, YamlList) else []


def _row(found: YamlMap) -> _Row:
    values: Any = plain(found)
    return _Row(values, found.line)


_KEYS = {
    "case": "办件", "finding": "条件", "result": "结论", "document": "文书", "notice": "公示", "first_day": "首日",
    "last_day": "末日", "posted_on": "张贴日", "contains": "写有", "lacks": "不写", "ends": "结尾", "on": "日期", "to": "送", "number": "编号",
    "outcome": "结果", "status": "状态", "task": "任务", "waiting": "等待", "prefill": "表单预填", "reached": "走到", "role": "由", "body": "单位",
    "due": "期限", "fact": "事实", "value": "为", "mail": "通知", "ballot": "表决", "elected": "当选", "quorum": "达到人数",
    "vacant": "空缺", "times": "次数", "no": "不应有", "decided_by": "判断", "supplied_by": "补充", "sanction": "处理",
    "effect": "后果", "from_day": "自", "award": "奖项", "revoked_on": "撤销日", "timer": "计时", "party": "参与方",
    "history": "记录", "clauses": "依据", "state": "状态", "as": "由", "complete": "办理", "start": "启动",
    "action": "操作", "because": "理由", "fields": "指出", "lodge": "提出", "parent": "属于", "name": "名称", "for": "为", "audience": "范围",
    "file": "材料", "reader": "查看者", "opens": "能打开",
}  # fmt: skip
_VALUES = {
    "met": "符合", "not_met": "不符合", "open": "未定", "unknown": "不明", "machine": "程序", "attested": "人工", "true": "是",
    "false": "否", "done": "已办", "closed": "已结束",
}  # fmt: skip


def row_words(package: Package) -> Callable[[Mapping[str, Any]], str]:
    """Return what says an expectation, or a step that must be refused, in Chinese words."""
    names = names_in(package)
    return lambda row: _in_words(_Row(row, 0, "refused" in row), names)


def names_in(package: Package) -> dict[str, str]:
    """Return what the ids that an expectation may name are called."""
    names = {e.id: e.name for diagram in package.diagrams.values() for e in diagram.elements.values() if e.name}
    names |= {row.id: row.description for table in package.tables.values() for row in table.rows if row.description}
    names |= {ident: template.title for ident, template in package.documents.items() if "{" not in template.title}
    return names | {role.id: role.name for role in package.jurisdiction.roles.values()} | _VALUES


def _in_words(row: _Row, names: Mapping[str, str]) -> str:
    """Return the expectation in words: its reason, and what it looks at."""
    keys = {key: value for key, value in row.values.items() if key not in (PROVES, "why", "with", "at", "refused")}
    words = "，".join(f"{_KEYS.get(key, key)} {_word(value, names)}" for key, value in keys.items())
    words = f"应被拒绝：{words}" if row.refused else words
    return f"{row.values['why']}（{words}）" if row.values.get("why") else words


def _word(value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return "、".join(_word(item, names) for item in value) or "无"
    word = str(value).lower() if isinstance(value, bool) else str(value)
    return names.get(word, word)


def _alone(row: _Row) -> bool:
    """Tell whether the expectation says no more than that a step is there, not what came of it."""
    return not row.refused and not row.values.keys() - _SAYS_NO_RESULT and bool(row.values.keys() & _STEP_ALONE)
