"""What two places have alike stands once: a file that is nearly another place's is found here."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).parents[2]
CITIES = sorted(path.parent.name for path in (ROOT / "processes").glob("*/jurisdiction.yaml"))
KINDS = (".bpmn", ".dmn", ".json")
NEARLY = 0.9
SHORT = 20
"""Lines; what is shorter says little besides which pattern it takes."""

ON_PURPOSE: dict[frozenset[str], str] = {}
"""Pairs that stay apart, each with a sentence that says why."""

_CITY = re.compile("|".join(CITIES))
_CLAUSES = re.compile(
    r"""(?<=name="clauses" value=)"[^"]*"|(?<="clauses": )"[^"]*"|\b[A-Z]{2}-[0-9][0-9A-Za-z-]*|\$\{\w+\}"""
)
_DRAWING = re.compile(r"<(\w+:BPMNDiagram|dmndi:DMNDI)\b.*</\1>", re.DOTALL)


def places() -> dict[str, str]:
    """Return the place that each diagram, table and form belongs to, by path."""
    paths = (path for top in ("processes", "forms") for path in (ROOT / top).rglob("*") if path.suffix in KINDS)
    return {str(path.relative_to(ROOT)): path.relative_to(ROOT).parts[1] for path in sorted(paths)}


def normalised(path: str) -> tuple[str, ...]:
    """Return the lines of a file without what places write differently: their name, their clauses, the drawing."""
    text = _DRAWING.sub("", (ROOT / path).read_text(encoding="utf-8"))
    return tuple(line.strip() for line in _CLAUSES.sub("#", _CITY.sub("PLACE", text)).splitlines())


def alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return all(ratio() >= NEARLY for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio))


def test_no_place_has_a_near_copy_of_what_another_has() -> None:
    files = {path: lines for path in places() if len(lines := normalised(path)) >= SHORT}
    place = places()
    copies = [
        f"{one} {other}"
        for one, other in combinations(files, 2)
        if place[one] != place[other] and Path(one).suffix == Path(other).suffix
        if frozenset({one, other}) not in ON_PURPOSE and alike(files[one], files[other])
    ]
    assert copies == []


def test_pairs_that_stay_apart_are_there_and_say_why() -> None:
    assert [
        pair for pair, why in ON_PURPOSE.items() if not why or any(not (ROOT / path).exists() for path in pair)
    ] == []


def test_a_copy_with_another_name_and_other_clauses_is_found() -> None:
    line = '<spiffworkflow:property name="clauses" value="{}" />\n<bpmn:process id="{}_step" name="一步">'
    one, other = (
        tuple(_CLAUSES.sub("#", _CITY.sub("PLACE", line.format(clauses, city))).splitlines())
        for clauses, city in (("AB-1 AB-2", CITIES[0]), ("CD-3", CITIES[1]))
    )
    assert one == other
    assert alike(one * 10, (*other * 9, "another", "thing"))
    assert not alike(one * 10, (*other * 8, *("another",) * 4))
