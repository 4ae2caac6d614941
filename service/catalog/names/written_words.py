"""What a proposal writes into a draft, in sentences: a group for each file, the settings first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from service.catalog.differences.differences import (
    FieldDifference,
    FileDifference,
    PieceChange,
    RecordDifference,
    file_differences,
)
from service.catalog.differences.text_marks import Stretch
from service.catalog.names.field_names import naming_of
from service.catalog.names.message_names import message_names
from service.catalog.names.problem_places import place_of
from service.catalog.names.written_values import LONGEST, OF_OPERATION, SHOWN_AS_SETTING, value_told
from service.catalog.package import Package
from service.catalog.patterns.shared_roles import SHARED_ROLES
from service.catalog.pieces.piece_kinds import PieceKind, kind_of, title_of
from service.catalog.scenarios.scenario_terms import terms_of
from service.catalog.settings.setting_reach import names_in
from service.catalog.wording.word_lists import parameter_name
from service.domain.text import Text

_ORDER = (
    PieceKind.PARAMETERS,
    PieceKind.LAW,
    PieceKind.AWARD,
    PieceKind.JURISDICTION,
    PieceKind.DIAGRAM,
    PieceKind.TABLE,
    PieceKind.FORM,
    PieceKind.DOCUMENT,
    PieceKind.SCENARIO,
)
"""Kinds of files that are told, in this order; what else a proposal writes (uses of patterns) shows in these."""
_TOLD_OF_NEW = ("value", "exactly", "minimum", "maximum", "clauses", "role", "form", "due", "text")
"""What is told of something new besides its name."""
_UNTOLD = ("variables",)
"""What the program needs and says nothing to people: which values a procedure hands on."""
_OF_PARAMETERS = ("key",)
"""What stands in a parameter for the program alone."""
_CITING = ("clauses", "slots")
"""What is told by articles, however long."""
_OPTION_KEY = re.compile(r"(?<=[\u4e00-\u9fff])（[a-z][a-z0-9_]*）")
"""What the program calls an option, behind its words."""
_QUOTED = re.compile(r"“([^“”]+)”")
_WORD = re.compile(r"\w+", re.ASCII)
_EMPTY = "—"
_FACTS, _APART = "facts", re.compile("[\n，；]+")
_SHARED = 12
"""How much of what two long values share is told before what differs."""
_MOST_FIELDS = 4


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """One thing that comes, goes or changes: ``text`` says it whole.

    ``marked`` are the fields whose two values share most of their words, as one text of which what differs is marked;
    ``head`` says the rest.
    """

    text: Text
    head: Text
    marked: tuple[tuple[Text, tuple[Stretch, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """What one file says otherwise: ``sentences`` name what comes, goes or changes; ``is_new`` for a file not there yet."""

    path: str
    kind: PieceKind
    title: str
    is_new: bool
    sentences: tuple[WrittenSentence, ...]


def written_words(package: Package, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[WrittenFile, ...]:
    """Return what differs between two states of the files of ``package`` (as it is afterwards), patterns filled in."""
    inside = (f"processes/{package.jurisdiction.id}/", f"forms/{package.jurisdiction.id}/")
    sides = [{path: data for path, data in side.items() if path.startswith(inside)} for side in (before, after)]
    found = []
    for each in file_differences(*sides):
        kind = kind_of(each.path)
        if kind in _ORDER:
            sentences = tuple(_sentences(package, each))
            named = sides[1].get(each.path) or sides[0][each.path]
            title = title_of(package, each.path, {each.path: named})
            found.append(WrittenFile(each.path, kind, title, each.change is PieceChange.ADDED, sentences))
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.kind), one.path)))


def _sentences(package: Package, found: FileDifference) -> Iterator[WrittenSentence]:
    """Yield a sentence for each thing that differs; how elements are connected is seen on the drawing."""
    diagram = package.diagrams.get(found.path)
    unsaid = set(diagram.flows) if diagram else set()
    if found.change is PieceChange.ADDED:
        names = [e.name for e in diagram.elements.values() if e.name and e.kind.is_activity] if diagram else []
        if names:
            steps = Text(f"环节：{'、'.join(names)}", f"Steps: {', '.join(names)}")
            yield WrittenSentence(steps, steps)
        return
    for each in found.records:
        silent = each.change is PieceChange.CHANGED and all(field.name in _UNTOLD for field in each.fields)
        if each.element not in unsaid and each.change is not PieceChange.MOVED and not silent:
            yield _sentence(package, found.path, each)


def _sentence(package: Package, path: str, each: RecordDifference) -> WrittenSentence:
    new = each.change is PieceChange.ADDED
    untold = (*_UNTOLD, *_OF_PARAMETERS) if each.element in package.award.parameters else _UNTOLD
    kept = [f for f in each.fields if f.name not in untold and not (new and f.right == _EMPTY)]
    said = [_without_keys(f) for f in _with_days(kept)]
    some = [f for f in said if not new or f.name in _TOLD_OF_NEW][:_MOST_FIELDS]
    fields = [replace(f, label=_label(package, each.element, f)) for f in some]
    told = [] if each.change is PieceChange.REMOVED else fields
    marked = (
        []
        if new
        else [f for f in told if _is_code(f) and f.marks and f.name not in _CITING and not _told_anew(package, f)]
    )
    subject = _subject(package, path, each)
    head = Text(f"{each.change.word.zh}{subject.zh}", f"{subject.en} {each.change.word.en}")
    return WrittenSentence(
        _with_fields(head, [_field(package, each.element, f, new) for f in told]),
        _with_fields(head, [_field(package, each.element, f, new) for f in told if f not in marked]),
        tuple((f.label, f.marks) for f in marked),
    )


def _is_code(field: FieldDifference) -> bool:
    """Tell whether a value is too long to be told by itself."""
    return max(len(field.left or ""), len(field.right or "")) > LONGEST


def _with_fields(head: Text, said: list[Text]) -> Text:
    if not said:
        return head
    return Text(f"{head.zh}：{'，'.join(one.zh for one in said)}", f"{head.en}: {', '.join(one.en for one in said)}")


def _with_days(fields: list[FieldDifference]) -> list[FieldDifference]:
    """Return ``fields`` with one value that came to begin on days as one: what it was, and what it is from when on."""
    was = next((f for f in fields if f.name == "value" and f.right is None), None)
    days = next((f for f in fields if f.name == "values" and f.left is None), None)
    if was is None or days is None:
        return fields
    return [replace(days, left=was.left) if one is was else one for one in fields if one is not days]


def _without_keys(field: FieldDifference) -> FieldDifference:
    """Return ``field`` with its options by their words alone, unless what the program calls them is all that differs."""
    left, right = (side and _OPTION_KEY.sub("", side) for side in (field.left, field.right))
    return replace(field, left=left, right=right) if left != right else field


def _subject(package: Package, path: str, each: RecordDifference) -> Text:
    """Return what differs by the name that people know: of a setting, a message, a step without a name of its own."""
    parameter, role = package.award.parameters.get(each.element), SHARED_ROLES.get(each.element)
    if parameter is not None:
        return Text(f"参数“{parameter.text.zh}”", f"Parameter “{parameter.text.en}”")
    if role is not None and each.element in package.jurisdiction.bindings:
        return Text(f"“{role}”由谁担任", f"Who is “{each.element.replace('_', ' ')}”")
    quoted = _QUOTED.search(each.subject.zh)
    place = place_of(package, path, each.element) if quoted and quoted[1] == each.element else None
    if place is not None or quoted is None:
        return place or each.subject
    messages, terms = message_names(package), terms_of(package)
    zh, en = each.subject.zh, each.subject.en
    for ident in filter(_WORD.fullmatch, quoted[1].split("／")):
        known = messages.get(ident) or terms.word(ident)
        zh, en = zh.replace(ident, known.zh, 1), en.replace(ident, known.en, 1)
    return Text(zh, en)


def _label(package: Package, element: str, field: FieldDifference) -> Text:
    """Return what a field is called; what an operation is given by the name that the panel of a diagram has for it."""
    name = field.name.removeprefix(OF_OPERATION)
    if name == field.name:
        return field.label
    drawn = (one for diagram in package.diagrams.values() if (one := diagram.elements.get(element)) and one.operation)
    given = (one.operation.operation for one in drawn if one.operation and name in one.operation.parameters)
    called = parameter_name(next(given, ""), name)
    return Text(f"“{called.zh}”", f"“{called.en}”")


def _told_anew(package: Package, field: FieldDifference) -> Text | None:
    """Return what comes and goes of a long value in a sentence; None where it is told as it stands."""
    return _read_anew(package, field) or _declared_anew(package, field)


def _declared_anew(package: Package, field: FieldDifference) -> Text | None:
    """Return the facts that are declared and are not any more, None for what is no list of facts."""
    if field.name != _FACTS or not field.left or not field.right:
        return None
    left, right = (_APART.split(side) for side in (field.left, field.right))
    naming = naming_of(_FACTS)
    said = [
        (words, naming(package, "\n".join(lines)))
        for words, lines in (
            (Text("增加", "comes"), [one for one in right if one not in left]),
            (Text("去掉", "goes"), [one for one in left if one not in right]),
        )
        if lines and naming
    ]
    zh = "，".join(f"{field.label.zh}{words.zh} {told.zh}" for words, told in said)
    return Text(zh, ", ".join(f"{field.label.en}: {told.en} {words.en}" for words, told in said)) if said else None


def _read_anew(package: Package, field: FieldDifference) -> Text | None:
    """Return what the formula of an operation reads that it did not read before; None where it is no more than a setting."""
    if not field.name.startswith(OF_OPERATION) or SHOWN_AS_SETTING.fullmatch(field.right or ""):
        return None
    known = package.award.parameters
    before = names_in(field.left or "")
    read = [known[name].text for name in sorted(names_in(field.right or "") - before) if name in known]
    if not read:
        return None
    zh, en = "、".join(f"“{one.zh}”" for one in read), ", ".join(f"“{one.en}”" for one in read)
    return Text(
        f"{field.label.zh}的公式改写，新读取参数{zh}",
        f"the formula of {field.label.en} is rewritten and reads {en} now",
    )


def _field(package: Package, element: str, field: FieldDifference, new: bool) -> Text:
    told = None if new else _told_anew(package, field)
    if told is not None:
        return told
    shown = _where_they_differ(field.left, field.right) if field.name not in _CITING else (field.left, field.right)
    left, right = (value_told(package, element, field.name, side) for side in shown)
    if new or field.left is None:
        return Text(f"{field.label.zh} {right.zh}", f"{field.label.en} {right.en}")
    return Text(f"{field.label.zh}由 {left.zh} 改为 {right.zh}", f"{field.label.en} {left.en} → {right.en}")


def _where_they_differ(left: str | None, right: str | None) -> tuple[str | None, str | None]:
    """Return both values from shortly before where they part, where the end of one would be cut off."""
    if not left or not right or max(len(left), len(right)) <= LONGEST:
        return left, right
    parting = (n for n, (one, other) in enumerate(zip(left, right, strict=False)) if one != other)
    start = next(parting, min(len(left), len(right))) - _SHARED
    return (f"…{left[start:]}", f"…{right[start:]}") if start > 0 else (left, right)
