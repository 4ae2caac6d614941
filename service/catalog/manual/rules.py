"""The list of rules, from the register, each with an example that breaks it and one that keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.catalog.bpmn import structure
from service.catalog.forms import form_structure
from service.catalog.manual.sections import cell
from service.catalog.rules import RULES, Extent, Rule
from service.catalog.scenarios import scenario_words
from service.catalog.source.yaml import parse_yaml, plain

EXAMPLES = Path("tests") / "data" / "rules.yaml"
_LONGEST = 110
_WORDS = {"structure of forms": form_structure.RULES, "words of scenarios": scenario_words.RULES}
"""What is asked of files that no example of the register is about."""


def rules_section(root: Path) -> str:
    """List the rules by family: what each asks, what the engine does where it is broken, wrong, right, and what to do."""
    examples: Any = plain(parse_yaml((root / EXAMPLES).read_bytes(), EXAMPLES.as_posix()))
    shown = dict(examples)
    families: dict[str, list[Rule]] = {}
    for rule in _rules():
        if rule not in families.setdefault(rule.family, []):
            families[rule.family].append(rule)
    told = [_table(family, rules, shown) for family, rules in families.items()]
    told += [
        f"**{family}**: " + " ".join(f"`{i}` {said}" for i, said in rules.items()) for family, rules in _WORDS.items()
    ]
    return "\n\n".join(told)


def _rules() -> Iterator[Rule]:
    for ident, sentence in structure.RULES.items():
        yield Rule(ident, "structure of diagrams", Extent.PROCESS, sentence)
    for check in RULES:
        yield from check.rules


def _table(family: str, rules: list[Rule], examples: dict[str, dict[str, str]]) -> str:
    """Describe a family; an example stands where its rule is told first."""
    lines = [
        f"**{family}**",
        "",
        "| 规则 / rule | 要求 / what it asks (what happens otherwise) | 错 / wrong | 对 / right | 怎么办 / remedy |",
    ]
    lines += ["| --- | --- | --- | --- | --- |"]
    for rule in rules:
        asked = f"{rule.sentence} ({rule.fact})" if rule.fact else rule.sentence
        example = examples.pop(rule.id, {"wrong": "", "right": "", "remedy": ""})
        wrong, right = (_write_example(example[word]) for word in ("wrong", "right"))
        lines.append(f"| `{rule.id}` | {cell(asked)} | {wrong} | {right} | {cell(example['remedy'])} |")
    return "\n".join(lines)


def _write_example(text: str | list[str]) -> str:
    """Return an example as one line of code: the first place, and no more than fits."""
    line = " ".join((text if isinstance(text, str) else text[0]).split())
    short = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
    return f"`{cell(short)}`" if short else "—"
