"""Write into the scenarios which expectation proves which clause, where a mutant shows it.

``python -m tests.scenarios.prove yining/quality_award`` takes every clause that nothing proves yet, makes the changes
that are on record as noticed for what cites it (``tests/data/mutants``: content first, then elements taken out), plays the
scenario that noticed, and writes ``proves`` on the expectation that is not met then. Clauses after the award limit it.

With the word ``verify`` it looks the other way round: for every clause that is proved and not on record yet (or those after
the award) it makes the changes of what cites the clause, those first that the proof's own scenario noticed last time, plays
that scenario, and writes into ``tests/data/mutants/proofs`` which proof failed with which change; ``HELD`` means that none
did: nothing is known to make it fail.

What it finds is a proposal for a lawyer to read: the expectation fails when what cites the clause changes, and that is all
it knows. One that says only that a step is there (``reached``, ``task``) is weaker than one that says what came of it,
and is taken only with the word ``steps``; a step that cannot be played any more proves nothing.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import handlers
from service.casework.simulate import Played, read_scenario
from service.casework.simulate.stage import stage
from service.catalog import Element, Kind, Package, load_catalog
from service.catalog.closure import element_words
from service.catalog.coverage.coverage import coverage, list_package_citations
from service.catalog.law.proof import Proof
from service.catalog.scenarios.proofs import PROVES, proved, with_proofs
from service.catalog.source.yaml import YamlList, YamlMap, parse_yaml, to_plain_value
from service.domain.errors import LaurelError
from tests.mutants import changed, citing_elements, without
from tests.mutants import content_mutants as content_of
from tests.scenarios import content_mutants, mutants
from tests.scenarios.playing import only_played

STEPS, VERIFY = "steps", "verify"
VERIFIED = mutants.KEPT / "proofs"
HELD = "HELD"
CHANGES = 12
"""So many plays are tried for a clause before it is listed as held."""
TRIED = 3
MOST = 2
"""So many clauses one expectation is taken for; that of a finding proves all that its ground cites."""
_STEP = re.compile(r"第([0-9]+)步 ")
_RESULTS = ("finding", "document", "notice", "sanction", "award", "ballot", "outcome", "fact", "mail", "party")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A changed package in which something that cites the clause is not as it was, and the scenario that notices.

    ``words`` name what was changed; ``named`` demands that the expectation names it too: where an element is gone, what
    fails besides says nothing of it.
    """

    told: str
    words: tuple[str, ...]
    package: Package
    scenario: Path
    named: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """An expectation, or a step that must be refused, in a scenario's file; ``line`` counts from 1."""

    path: Path
    line: int
    values: dict[str, Any]
    key: str


def evidence(package: Package, clause: str) -> Iterator[Evidence]:
    """Yield what shows that a clause happens, the strongest first: changed contents, then elements taken out."""
    files, noticed = mutants.scenarios(package), content_mutants.kept(package.key)
    made = [m for m in content_of(package).values() if clause in m.clauses and m.id in noticed]
    for mutant in sorted(made, key=lambda m: (not noticed[m.id].at[0].startswith("expect"), m.id)):
        by = noticed[mutant.id].by
        if by in files:
            yield Evidence(mutant.told.zh, mutant.words, changed(package, [mutant]), files[by])
    lost = mutants.kept(package.key)
    citing = {(c.file, c.element) for c in list_package_citations(package) if c.clause == clause}
    for mark in citing_elements(package):
        by, element = lost.get(str(mark), ""), package.diagrams[mark.file].elements.get(mark.element)
        # without a person's task the play stops before any expectation
        acts = element is not None and element.kind is Kind.USER_TASK
        if (mark.file, mark.element) in citing and by in files and not acts:
            gone = without(package, mark)
            yield Evidence(f"去掉 {mark}", tuple(_words(mark.element, element)), gone, files[by], named=True)


def _words(ident: str, element: Element | None) -> Iterator[str]:
    """Yield by what an expectation may name what an element does: its id, outcome, templates, kinds and facts."""
    yield ident
    if element is not None:
        yield from (word for word in (element.outcome, *element_words(element)) if word)
        for text in element.operation.parameters.values() if element.operation else ():
            yield from re.findall(r"[{,]\s*([a-z_]+):", text)


def unmet_rows(found: Evidence) -> list[Row]:
    """Return the expectations of the scenario that are not met with what was changed."""
    scenario = read_scenario(found.scenario.read_bytes(), found.scenario.name)
    try:
        result = only_played(found.package, scenario)
    except LaurelError:
        return []
    return list(_rows(found.scenario, result))


def _rows(path: Path, result: Played) -> Iterator[Row]:
    root = parse_yaml(path.read_bytes(), path.name)
    assert isinstance(root, YamlMap)
    for unmet in result.unmet:
        step = _STEP.match(unmet.where)
        if unmet.where.startswith("expect "):
            yield from _row(path, root.entries.get("expect"), int(unmet.where.removeprefix("expect ")), "")
        elif step and unmet.where.endswith(" expect"):
            yield from _row(path, root.entries.get("steps"), int(step[1]), "expect")
        elif step and any(word in unmet.message.zh for word in ("应被拒绝", "拒绝的理由", "应指出")):
            yield from _row(path, root.entries.get("steps"), int(step[1]), "refused")


def _row(path: Path, rows: object, number: int, key: str) -> Iterator[Row]:
    item = rows.items[number - 1] if isinstance(rows, YamlList) else None
    inner = item.entries.get("expect") if key == "expect" and isinstance(item, YamlMap) else item
    if isinstance(item, YamlMap) and isinstance(inner, YamlMap):
        values: Any = to_plain_value(inner)
        yield Row(path, item.line, values, key)


def best(rows: list[Row], found: Evidence, load: Counter[tuple[Path, int]], steps: bool) -> Row | None:
    """Return the expectation that says most of what came of it; None where they only say that a step is there."""
    words = found.words
    rows = [row for row in rows if load[row.path, row.line] < MOST and row.values.get("fact") != "stage"]
    rows = [row for row in rows if not found.named or any(str(value) in words for value in row.values.values())]
    telling = [row for row in rows if steps or row.key == "refused" or any(key in row.values for key in _RESULTS)]
    telling += [
        row for row in rows if row not in telling and row.values.keys() & {"on", "due", "role", "last_day", "body"}
    ]
    return min(telling, key=lambda row: _rank(row, words, load), default=None)


def _rank(row: Row, words: tuple[str, ...], load: Counter[tuple[Path, int]]) -> tuple[bool, int, int]:
    named = any(str(value) in words for value in row.values.values())
    kind = next((n for n, key in enumerate(_RESULTS) if key in row.values), len(_RESULTS))
    return not named, load[row.path, row.line], kind


def write(row: Row, clause: str) -> bool:
    """Write ``proves`` on an expectation that stands on lines of its own in braces; returns whether it could."""
    text = row.path.read_text("utf-8")
    begin = sum(len(line) for line in text.splitlines(keepends=True)[: row.line - 1])
    begin = text.find("{", begin)
    if row.key == "expect":
        begin = text.find("{", begin + 1)
    end = _closing(text, begin)
    if begin < 0 or end < 0:
        return False
    inner = text[begin:end]
    at = inner.rfind(f"{PROVES}: [")
    if at >= 0:
        close = inner.index("]", at)
        inner = f"{inner[:close]}, {clause}{inner[close:]}"
    else:
        inner = f"{inner}, {PROVES}: [{clause}]"
    changed_text = text[:begin] + inner + text[end:]
    row.path.write_text(changed_text, "utf-8")
    return True


def _closing(text: str, begin: int) -> int:
    depth, quote = 0, ""
    for at in range(max(begin, 0), len(text)):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"" and text[at - 1] in " [{:,":
            quote = char
        elif char in "{[":
            depth += 1
        elif char in "}]":
            depth -= 1
            if depth == 0:
                return at
    return -1


def main(key: str, words: list[str]) -> None:
    """Write what proves the unproved clauses of award ``key``, all or those in ``words``."""
    handlers.load()
    catalog = load_catalog(mutants.PROJECT)
    package = catalog.package(key)
    steps, only = STEPS in words, set(words) - {STEPS, VERIFY}
    if VERIFY in words:
        print(f"{verify(with_proofs(package, catalog.tree), only)} {HELD}")
        return
    load: Counter[tuple[Path, int]] = Counter()
    for path in mutants.scenarios(package).values():
        read = parse_yaml(path.read_bytes(), path.name)
        for rows in (read.entries.get("expect"), read.entries.get("steps")) if isinstance(read, YamlMap) else ():
            for item in rows.items if isinstance(rows, YamlList) else ():
                if isinstance(item, YamlMap):
                    values: Any = to_plain_value(item)
                    load[path, item.line] += len(proved(values)) + len(proved(values.get("expect") or {}))
    todo = [c for c in coverage([with_proofs(package, catalog.tree)]).unproved if not only or c in only]
    for clause in todo:
        print(f"{clause}: {_prove(package, clause, load, steps) or '—'}", flush=True)


def _findings(package: Package, clause: str) -> list[Row]:
    """Return the expectations of a finding on a ground that cites the clause: without the ground there is none."""
    grounds = {row.id for table in package.tables.values() for row in table.rows if clause in table.clauses(row)}
    found = []
    for path in mutants.scenarios(package).values() if grounds else ():
        root = parse_yaml(path.read_bytes(), path.name)
        assert isinstance(root, YamlMap)
        steps, last = root.entries.get("steps"), root.entries.get("expect")
        for rows, key in ((steps, "expect"), (last, "")):
            for number in range(1, len(rows.items) + 1) if isinstance(rows, YamlList) else ():
                found += [row for row in _row(path, rows, number, key) if row.values.get("finding") in grounds]
    return sorted(found, key=lambda row: row.values.get("result") != "not_met")


@dataclass(frozen=True, slots=True)
class _Change:
    """Something that cites a clause made otherwise; ``noticed`` is the scenario that failed with it, and ``at`` where."""

    ident: str
    make: Callable[[], Package]
    noticed: str = ""
    at: tuple[str, ...] = ()

    def rank(self, scenario: str, rows: Iterable[str]) -> int:
        """Return what sorts first: what broke one of these expectations, then what broke the scenario it is not known where."""
        if scenario != self.noticed:
            return 3
        return 0 if set(rows) & set(self.at) else 2 if self.at else 1


def _changes(package: Package, clause: str) -> Iterator[_Change]:
    noticed, lost = content_mutants.kept(package.key), mutants.kept(package.key)
    for ident, mutant in content_of(package).items():
        if clause in mutant.clauses:
            seen = noticed.get(ident)
            if seen is None or seen.at != (content_mutants.NEVER_ENDS,):
                found = seen or content_mutants.Noticed("", ())
                yield _Change(ident, partial(changed, package, [mutant]), found.by, found.at)
    citing = {(c.file, c.element) for c in list_package_citations(package) if c.clause == clause}
    for mark in citing_elements(package):
        if (mark.file, mark.element) in citing:
            yield _Change(str(mark), partial(without, package, mark), lost.get(str(mark), ""))


def breaks(package: Package, clause: str, proofs: Sequence[Proof]) -> str | None:
    """Return "scenario ← change" of an expectation that fails when something that cites the clause is changed."""
    files = mutants.scenarios(package)
    places: dict[str, dict[int, str]] = {}
    for proof in proofs:
        places.setdefault(proof.name, {})[proof.line] = _place(files[proof.name], proof.line)
    plays = [(name, change) for change in _changes(package, clause) for name in places]
    plays.sort(key=lambda play: play[1].rank(play[0], places[play[0]].values()))
    for name, change in plays[:CHANGES]:
        with suppress(LaurelError):  # a package that cannot be read without it fails no expectation
            found = change.make()
            rows = unmet_rows(Evidence("", (), found, files[name]))
            stage.ENGINE.forget(found.version)
            if any(row.line in places[name] for row in rows):
                return f"{name} ← {change.ident}"
    return None


def _place(path: Path, line: int) -> str:
    """Return the expectation at ``line`` as ``Played.unmet`` names it."""
    root = parse_yaml(path.read_bytes(), path.name)
    assert isinstance(root, YamlMap)
    for key, shown in (("steps", "第{}步 expect"), ("expect", "expect {}")):
        rows = root.entries.get(key)
        for number, item in enumerate(rows.items if isinstance(rows, YamlList) else (), 1):
            if isinstance(item, YamlMap) and item.line == line:
                return shown.format(number)
    return ""


def verify(package: Package, only: set[str]) -> int:
    """Write for each clause which proof fails when what cites it is changed; returns for how many none does."""
    path = VERIFIED / f"{package.key.replace('/', '-')}.json"
    record: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    covered = coverage(package)
    record = {clause: found for clause, found in record.items() if clause in covered.carried_out}
    for clause in covered.carried_out:
        if clause in only if only else clause not in record:
            record[clause] = breaks(package, clause, covered.proofs[clause]) or HELD
            print(f"{clause}: {record[clause]}", flush=True)
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    return sum(found == HELD for found in record.values())


def _prove(package: Package, clause: str, load: Counter[tuple[Path, int]], steps: bool) -> str | None:
    for row in _findings(package, clause):
        if not row.values.get("no") and row.values.get("result") and write(row, clause):
            load[row.path, row.line] += 1
            return f"{row.path.stem}:{row.line} {row.values}"
    for number, found in enumerate(evidence(package, clause)):
        if number >= TRIED:
            break
        row = best(unmet_rows(found), found, load, steps)
        if row is not None and write(row, clause):
            load[row.path, row.line] += 1
            return f"{row.path.stem}:{row.line} {row.values} ← {found.told}"
    return None


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
