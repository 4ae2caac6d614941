"""Preview a form of a draft as it would be with what is being written, without saving it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.fill import form_settings
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.catalog import Package
from service.catalog.forms.forms import FormMistake, parse_form
from service.catalog.patterns.patterns import FORMS, PatternMistake, fill_form
from service.catalog.pieces.pattern_pieces import made_of_patterns, takers_of_pattern
from service.catalog.source.json import JsonMistake, as_json_file, parse_json
from service.catalog.tree import Files
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.forms import Form, compile_form
from service.domain.forms.refusals import FormRefused
from service.domain.text import Text


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
        shown = _shown(files, path, package.key.split("/")[0])
        form = compile_form(parse_form(as_json_file(fill_form(files, shown, parse_json(files[shown], shown))), shown))
    except FormRefused as refused:
        return FormPreview(package, today, stored, made, flaw=FormFlaw(refused.component, refused.message))
    except FormMistake as mistake:
        component = mistake.faults[0].component if mistake.faults else ""
        return FormPreview(package, today, stored, made, flaw=FormFlaw(component, mistake.message))
    except PatternMistake as mistake:
        return FormPreview(package, today, stored, made, flaw=FormFlaw("", mistake.message))
    except JsonMistake as mistake:
        return FormPreview(package, today, stored, {}, flaw=FormFlaw("", mistake.message))
    return FormPreview(package, today, stored, made, form, instead=shown if shown != path else "")


def _shown(files: Files, path: str, city: str) -> str:
    """Return the form to show: a pattern is shown by a form of the city that takes it."""
    if not path.startswith(f"{FORMS}/"):
        return path
    waiting, seen = [path], set[str]()
    while waiting:
        name = waiting.pop(0).removeprefix(f"{FORMS}/").removesuffix(".json")
        takers = [taker for taker in takers_of_pattern(files, name) if taker not in seen]
        own = [taker for taker in takers if taker.split("/")[1] == city]
        if own:
            return own[0]
        seen.update(takers)
        waiting += [taker for taker in takers if taker.startswith(f"{FORMS}/")]
    return path
