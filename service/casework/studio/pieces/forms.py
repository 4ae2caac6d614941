"""Forms of a draft: begun, what their editor must know, and how they would be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.fill import form_settings
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.catalog import Package
from service.catalog.forms.forms import FormMistake, parse_form
from service.catalog.made_id import choose_id
from service.catalog.parameters.value_words import value_words
from service.catalog.patterns.patterns import FORMS, PatternMistake, fill_form
from service.catalog.pieces.piece_kinds import (
    is_pattern,
    made_of_patterns,
    pattern_name,
    patterns_offered,
    slot_places,
    takers_of_pattern,
)
from service.catalog.source.json import JsonMistake, as_json_file, parse_json
from service.catalog.tree import Files, Places, get_file_stem, iterate_folder_files
from service.catalog.uses.piece_users import PieceUser, readers_of_form, users_of_form
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.forms import Form, compile_form
from service.domain.forms.refusals import FormRefused
from service.domain.text import Text


@guarded("draft.edit")
def new_form(desk: Desk, actor: Actor, draft: int, ident: str, title: str, like: str = "") -> Saved:
    """Add form ``ident`` with ``title`` to the city of a draft, as a copy of the form at path ``like`` where given.

    Without ``ident`` one is made from the title.

    Raises:
        Invalid, Conflict: as `choose_id`.
        NotFound: there is no form to copy.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    city, award = tree.package.key.split("/")
    forms = Places(tree.files, city, award).forms()
    city_forms = {name for name, path in forms.items() if not path.startswith("forms/shared/")}
    ident = choose_id(ident, title, city_forms, forms, "form")
    path = f"forms/{city}/{ident}.json"
    if like and like not in tree.files:
        raise NotFound(Text(f"没有可以照抄的表单“{like}”。", f"There is no form “{like}” to copy."))
    schema: dict[str, Any] = parse_json(tree.filled[like], like) if like else {"type": "default", "components": []}
    copied = {key: value for key, value in schema.get("properties", {}).items() if key != "title_en"}
    properties = {**copied, "title": title.strip()}
    made = {**schema, "id": ident, "schemaVersion": 19, "properties": properties}
    ordered = {key: made[key] for key in ("type", "id", "schemaVersion", "properties", "components")} | made
    return save_file(desk, actor, draft, path, as_json_file(ordered), None, "新建")


_CLAUSE_SLOT = re.compile(r'"clauses": *"\$\{(\w+)\}"')


@dataclass(frozen=True, slots=True)
class PatternOffered:
    """A pattern of forms: its slots, those that take clauses, its name, whether it is a whole form, whose words slots fill."""

    name: str
    label: str
    slots: tuple[str, ...]
    clause_slots: tuple[str, ...]
    whole: bool
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FormStudy:
    """A form of a draft with what is known about it; ``readers`` are formulas with the path that each reads.

    ``settings`` are the words that texts of the form show for ``setting.x`` and ``param.x``.
    """

    package: Package
    ident: str
    users: tuple[PieceUser, ...]
    readers: tuple[tuple[str, PieceUser], ...]
    patterns: tuple[PatternOffered, ...]
    made: Mapping[str, Any]
    line: FormLine
    settings: Mapping[str, Text]


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
    pattern_name: str = ""


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
    ident, package = get_file_stem(path), tree.package
    made = made_of_patterns(tree.files, path, parse_json(tree.files[path], path))
    users, readers = _list_users(tree, path, ident)
    return FormStudy(
        package,
        ident,
        users,
        readers,
        _list_patterns(tree),
        made,
        _build_line(tree, path),
        _build_settings(desk, package),
    )


@guarded("draft.view")
def list_forms(desk: Desk, actor: Actor, draft: int) -> tuple[FormLine, ...]:
    """Return the forms of a draft: its own first, then the shared ones in use, then the patterns of forms."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    places = Places(tree.files, *tree.package.key.split("/"))
    used = {path for path in tree.package.files if path.endswith(".json")}
    visible_paths = {path for path in places.forms().values() if not _is_shared(path) or path in used}
    form_lines = [_build_line(tree, path) for path in sorted(visible_paths, key=lambda path: (_is_shared(path), path))]
    return (
        *form_lines,
        *(_build_line(tree, path) for path in sorted(iterate_folder_files(tree.files, FORMS, ".json"))),
    )


def _build_settings(desk: Desk, package: Package) -> Mapping[str, Text]:
    """Return what the page shows for each setting today, as a sentence and as its value alone."""
    values = package.parameters_on(local_date(desk.clock.now()))
    settings = form_settings(package, values)
    alone = {f"param.{name}": value_words(package.award.parameters[name], values[name]) for name in settings["setting"]}
    return {
        f"setting.{name}": Text(zh, settings["setting_en"][name]) for name, zh in settings["setting"].items()
    } | alone


def _build_line(tree: DraftTree, path: str) -> FormLine:
    content = tree.files[path]
    pattern = path.startswith(f"{FORMS}/")
    taken = str(parse_json(content, path)["from_pattern"]) if is_pattern(content, path) else ""
    users = _list_takers(tree, path) if pattern else users_of_form(tree.package, get_file_stem(path), reading=False)
    form_title = _find_title(tree.filled.get(path, content))
    title = form_title or (pattern_name(tree.files, path) if pattern else get_file_stem(path))
    called = pattern_name(tree.files, f"{FORMS}/{taken}.json") if taken else ""
    return FormLine(
        path, get_file_stem(path), title, _is_shared(path), taken, tree.base.get(path) != content, users, called
    )


def _list_users(
    tree: DraftTree, path: str, ident: str
) -> tuple[tuple[PieceUser, ...], tuple[tuple[str, PieceUser], ...]]:
    package = tree.package
    if path.startswith(f"{FORMS}/"):
        return _list_takers(tree, path), ()
    if package.forms.get(ident) != path:
        return (), ()  # another form of that name takes its place
    return users_of_form(package, ident), readers_of_form(package, ident)


def _list_takers(tree: DraftTree, path: str) -> tuple[PieceUser, ...]:
    what = Text("采用这个范本", "takes this pattern")
    takers = takers_of_pattern(tree.files, get_file_stem(path))
    return tuple(PieceUser(taker, get_file_stem(taker), _taker_name(tree, taker), what) for taker in takers)


def _taker_name(tree: DraftTree, path: str) -> str:
    if path.startswith(f"{FORMS}/"):
        return pattern_name(tree.files, path)
    return _find_title(tree.filled.get(path, tree.files[path])) or get_file_stem(path)


def _list_patterns(tree: DraftTree) -> tuple[PatternOffered, ...]:
    patterns = []
    for name, slots in patterns_offered(tree.files).items():
        path = f"{FORMS}/{name}.json"
        text = tree.files[path].decode("utf-8", "replace")
        clauses = tuple(dict.fromkeys(_CLAUSE_SLOT.findall(text)))
        label, places = pattern_name(tree.files, path), slot_places(parse_json(tree.files[path], name))
        patterns.append(PatternOffered(name, label, slots, clauses, '"type": "default"' in text, places))
    return tuple(patterns)


def _find_title(content: bytes) -> str:
    match = re.search(r'"title": *"([^"$]+)"', content.decode("utf-8", "replace"))
    return match[1] if match else ""


def _is_shared(path: str) -> bool:
    return path.split("/")[1] == "shared"


@dataclass(frozen=True, slots=True)
class FormFlaw:
    """Why a form cannot be shown: the id of the component, where one is to blame, and the sentence."""

    component: str
    message: Text


@dataclass(frozen=True, slots=True)
class FormPreview:
    """A form as people would see it, None with the ``flaw`` that prevents it.

    ``made`` is what each piece taken from a pattern becomes, by its place; ``stored`` the settings that forms read;
    ``instead`` the form that shows a pattern, which cannot be shown by itself.
    """

    package: Package
    today: date
    stored: Mapping[str, Any]
    made: Mapping[str, Any]
    form: Form | None = None
    flaw: FormFlaw | None = None
    instead: str = ""


_NO_OBJECT = Text("表单文件应是一个 JSON 对象（{…}）。", "The file of a form is a JSON object ({…}).")


@guarded("draft.view")
def preview_form(desk: Desk, actor: Actor, draft: int, path: str, content: bytes) -> FormPreview:
    """Return form ``path`` of a draft as ``content`` makes it; raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    package, files = tree.package, {**tree.files, path: content}
    today = local_date(desk.clock.now())
    stored = form_settings(package, package.parameters_on(today))
    if not path.endswith(".json"):
        raise NotFound(Text(f"“{path}”不是表单文件。", f"“{path}” is no form."))
    try:
        data = parse_json(content, path)
        if not isinstance(data, Mapping):
            return FormPreview(package, today, stored, {}, flaw=FormFlaw("", _NO_OBJECT))
        made = made_of_patterns(files, path, data)
        taker = _find_taker(files, path, package.key.split("/")[0])
        form = compile_form(parse_form(as_json_file(fill_form(files, taker, parse_json(files[taker], taker))), taker))
    except FormRefused as refused:
        return FormPreview(package, today, stored, made, flaw=FormFlaw(refused.component, refused.message))
    except FormMistake as mistake:
        component = mistake.faults[0].component if mistake.faults else ""
        return FormPreview(package, today, stored, made, flaw=FormFlaw(component, mistake.message))
    except PatternMistake as mistake:
        return FormPreview(package, today, stored, made, flaw=FormFlaw("", mistake.message))
    except JsonMistake as mistake:
        return FormPreview(package, today, stored, {}, flaw=FormFlaw("", mistake.message))
    return FormPreview(package, today, stored, made, form, instead=taker if taker != path else "")


def _find_taker(files: Files, path: str, city: str) -> str:
    """Return the form to show: a pattern is shown by a form of the city that takes it."""
    if not path.startswith(f"{FORMS}/"):
        return path
    waiting, seen = [path], set[str]()
    while waiting:
        name = waiting.pop(0).removeprefix(f"{FORMS}/").removesuffix(".json")
        takers = [taker for taker in takers_of_pattern(files, name) if taker not in seen]
        city_takers = [taker for taker in takers if taker.split("/")[1] == city]
        if city_takers:
            return city_takers[0]
        seen.update(takers)
        waiting += [taker for taker in takers if taker.startswith(f"{FORMS}/")]
    return path
