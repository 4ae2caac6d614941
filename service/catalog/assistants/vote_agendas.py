"""The steps that put candidates to the vote: their candidates and tiers, read and written anew, and the cases they run in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.catalog.assistants.condition_rows import own_elements
from service.catalog.assistants.draw_between import kinds_running
from service.catalog.bpmn.change_element import change_element
from service.catalog.bpmn.model import Element
from service.catalog.context_entries import entry_of, escaped, has_entry, unescaped, with_entry
from service.catalog.package import Package
from service.domain.errors import Invalid
from service.domain.text import Text

FOUNDED = "founded_on"
"""The fact in which an application keeps when the organisation was founded."""
AT_VOTE = "suspended_at_vote"
"""The parameter that says whether who is suspended is put to the vote."""
LEFT_OUT = "left_out"
_AGE = f"(for k in children[string(id) = string(c.id)] return (today() - date(k.{FOUNDED})).days)[1]"
_AGED = ("for c in (", f') return context put(c, "score", {_AGE})')
"""What stands around the formula of the candidates where the older goes first."""
_SPARED = (
    "(",
    f')[param.{AT_VOTE} != "{LEFT_OUT}" or not(some k in children satisfies string(k.id) = string(item.id) '
    'and k.status = "suspended")]',
)
"""What stands around it, and around the age, where who is suspended is left out."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The formula of the candidates as the place wrote it, and what assistants put around it."""

    formula: str
    aged: bool = False
    spared: bool = False

    @property
    def written(self) -> str:
        """The formula with all that stands around it."""
        said = f"{_AGED[0]}{self.formula}{_AGED[1]}" if self.aged else self.formula
        return f"{_SPARED[0]}{said}{_SPARED[1]}" if self.spared else said


def agendas(package: Package) -> list[tuple[str, Element]]:
    """Return the elements of the place that put candidates to the vote, each with its file."""
    return [(path, element) for path, element in own_elements(package) if _holder(element)]


def demanded_agendas(package: Package) -> list[tuple[str, Element]]:
    """Return them; raises Invalid where nothing is put to the vote."""
    found = agendas(package)
    if not found:
        raise Invalid(
            Text(
                "没有找到提请表决的环节（取候选的值），请先画表决，再回来。",
                "No step puts candidates to the vote: draw the ballot first.",
            )
        )
    return found


def formula_of(element: Element, entry: str) -> str:
    """Return the formula of ``entry`` (candidates, tiers) of an element that puts them to the vote."""
    key = _holder(element)
    said = element.operation.parameters if element.operation else {}
    if key == "candidates":
        return unescaped(said[entry].strip()[1:-1])
    return entry_of(said[key], entry, key == "values")


def candidates_of(element: Element) -> Candidates:
    """Return the candidates of an element that puts them to the vote, apart from what assistants put around them."""
    said = formula_of(element, "candidates")
    inner = _within(said, _SPARED)
    spared, said = inner is not None, said if inner is None else inner
    inner = _within(said, _AGED)
    return Candidates(said if inner is None else inner, inner is not None, spared)


def with_formula(content: bytes, path: str, element: Element, entry: str, formula: str, clause: str) -> bytes:
    """Return the diagram whose ballot cites ``clause`` and takes ``entry`` from ``formula``."""
    key = _holder(element)
    said = element.operation.parameters if element.operation else {}
    cited = " ".join(dict.fromkeys([*element.clauses, clause]))
    plain = key == "candidates"
    holder = entry if plain else key
    new = f'"{escaped(formula)}"' if plain else with_entry(said[key], entry, formula, key == "values")
    return change_element(content, path, element.id, {"clauses": cited}, {holder: new})


def kinds_above(package: Package, path: str) -> list[str]:
    """Return the kinds of case that run the diagram at ``path``, or one that calls it."""
    found, waiting = dict[str, None](), [path]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found[here] = None
            called = package.diagrams[here].process_id
            waiting += [above for above, element in own_elements(package) if element.called == called]
    return [key for one in found for key in kinds_running(package, package.diagrams[one])]


def _holder(element: Element) -> str:
    """Return in which parameter an element takes the candidates of a vote, "" where it takes none."""
    if element.operation is None or element.operation.operation not in ("values.take", "ballot.open"):
        return ""
    said = element.operation.parameters
    if all(_is_text(said.get(entry, "")) for entry in ("candidates", "tiers")):
        return "candidates"
    return next(_held(said), "")


def _is_text(said: str) -> bool:
    """Tell whether a formula is written as a text: what stands there is one that is worked out later, or a variable."""
    return said.strip().startswith('"')


def _held(said: Mapping[str, str]) -> Iterator[str]:
    for key in ("values", "given"):
        if all(has_entry(said.get(key, ""), one) for one in ("candidates", "tiers")):
            yield key


def _within(formula: str, around: tuple[str, str]) -> str | None:
    """Return what stands within ``around``, None where a formula does not begin and end so."""
    before, after = around
    held = formula.startswith(before) and formula.endswith(after)
    return formula[len(before) : -len(after)] if held else None
