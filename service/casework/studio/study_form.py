"""What the form editor must know of a form: who uses it, what can be cited, and what patterns make of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.draft_access import visible_draft
from service.casework.studio.draft_tree import DraftTree, tree_of
from service.catalog import Package
from service.catalog.pattern_pieces import is_pattern, made_of_patterns, patterns_offered, takers_of_pattern
from service.catalog.patterns import FORMS
from service.catalog.piece_users import PieceUser, readers_of_form, users_of_form
from service.catalog.source.json import parse_json
from service.catalog.tree import Files, Places, below, stem
from service.domain.errors import NotFound
from service.domain.text import Text

_CLAUSE_SLOT = re.compile(r'"clauses": *"\$\{(\w+)\}"')
_LABELS = ("label", "dateLabel", "text")


@dataclass(frozen=True, slots=True)
class PatternOffered:
    """A pattern of forms: its slots, those that take clauses, what people call it, and whether it is a whole form."""

    name: str
    label: str
    slots: tuple[str, ...]
    clause_slots: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class FormStudy:
    """A form of a draft with what is known about it; ``readers`` are formulas with the path that each reads."""

    package: Package
    ident: str
    users: tuple[PieceUser, ...]
    readers: tuple[tuple[str, PieceUser], ...]
    patterns: tuple[PatternOffered, ...]
    made: Mapping[str, Any]
    line: FormLine


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form in the list: its file, name, whose it is, the pattern it is made of, and who has it filled in."""

    path: str
    ident: str
    title: str
    shared: bool
    pattern: str
    changed: bool
    users: tuple[PieceUser, ...]


@guarded("draft.view")
def study_form(desk: Desk, actor: Actor, draft: int, path: str) -> FormStudy:
    """Return what is known about form ``path``; raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    if path not in tree.files:
        raise NotFound(
            Text(
                f"草稿中没有表单“{path}”。请从“表单”栏目打开。",
                f"The draft has no form “{path}”: open one from “Forms”.",
            )
        )
    ident, package = stem(path), tree.package
    made = made_of_patterns(tree.files, path, parse_json(tree.files[path], path))
    users, readers = _known(package, path, ident, tree.files)
    return FormStudy(package, ident, users, readers, _patterns(tree.files), made, _line(tree, path))


@guarded("draft.view")
def list_forms(desk: Desk, actor: Actor, draft: int) -> tuple[FormLine, ...]:
    """Return the forms of a draft: its own first, then the shared ones in use, then the patterns of forms."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    places = Places(tree.files, *tree.package.key.split("/"))
    used = {path for path in tree.package.files if path.endswith(".json")}
    own = {path for path in places.forms().values() if not _is_shared(path) or path in used}
    found = [_line(tree, path) for path in sorted(own, key=lambda path: (_is_shared(path), path))]
    return (*found, *(_line(tree, path) for path in sorted(below(tree.files, FORMS, ".json"))))


def _line(tree: DraftTree, path: str) -> FormLine:
    content = tree.files[path]
    pattern = path.startswith(f"{FORMS}/")
    taken = str(parse_json(content, path)["from_pattern"]) if is_pattern(content, path) else ""
    users = _takers(tree.files, path) if pattern else users_of_form(tree.package, stem(path), reading=False)
    title = _title(tree.filled.get(path, content)) or stem(path)
    return FormLine(path, stem(path), title, _is_shared(path), taken, tree.base.get(path) != content, users)


def _known(
    package: Package, path: str, ident: str, files: Files
) -> tuple[tuple[PieceUser, ...], tuple[tuple[str, PieceUser], ...]]:
    if path.startswith(f"{FORMS}/"):
        return _takers(files, path), ()
    if package.forms.get(ident) != path:
        return (), ()  # another form of that name takes its place
    return users_of_form(package, ident), readers_of_form(package, ident)


def _takers(files: Files, path: str) -> tuple[PieceUser, ...]:
    what = Text("采用这个范本", "takes this pattern")
    takers = takers_of_pattern(files, stem(path))
    return tuple(PieceUser(taker, stem(taker), _title(files[taker]) or stem(taker), what) for taker in takers)


def _patterns(files: Files) -> tuple[PatternOffered, ...]:
    found = []
    for name, slots in patterns_offered(files).items():
        text = files[f"{FORMS}/{name}.json"].decode("utf-8", "replace")
        clauses = tuple(dict.fromkeys(_CLAUSE_SLOT.findall(text)))
        label = _first_label(parse_json(files[f"{FORMS}/{name}.json"], name))
        found.append(PatternOffered(name, label or name, slots, clauses, '"type": "default"' in text))
    return tuple(found)


def _title(content: bytes) -> str:
    found = re.search(r'"title": *"([^"$]+)"', content.decode("utf-8", "replace"))
    return found[1] if found else ""


def _first_label(value: Any) -> str:
    """Return how a pattern calls its first component, its slots aside; "" where the place says so."""
    if isinstance(value, list):
        return next((label for item in value if (label := _first_label(item))), "")
    if not isinstance(value, dict):
        return ""
    own = next((str(value[key]) for key in _LABELS if "$" not in str(value.get(key, "$"))), "")
    return own or _first_label(value.get("components"))


def _is_shared(path: str) -> bool:
    return path.split("/")[1] == "shared"
