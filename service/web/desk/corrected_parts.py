"""What was changed in answer to a request for correction, and the parts of a form that such a request names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.queries.tasks.view_task import TaskView
from service.domain.forms import Form, InputType
from service.web.forms import Look, Mode
from service.web.forms.addresses import element_id, path_of
from service.web.forms.changes import Changed, changed_fields
from service.web.frame.page.form_shown import READ_URLS
from service.web.frame.requests.current import language

_CHOICES = frozenset({InputType.RADIO, InputType.CHECKLIST, InputType.TAGLIST})
"""Fields that are drawn as a group of choices, whose id is that of the whole."""


def changes_of(view: TaskView) -> list[Changed]:
    """Return what was changed in answer to a request for correction, for who now looks at the answer."""
    if view.change is None:
        return []
    look = Look(view.today, Mode.READ, READ_URLS, language(), stored=view.change.settings)
    return changed_fields(view.change.form, view.change.before, view.change.after, look)


def differences_of(view: TaskView, values: Mapping[str, Any]) -> list[Changed]:
    """Return where what is kept of a task's form differs from ``values``."""
    if view.form is None:
        return []
    look = Look(view.today, Mode.READ, READ_URLS, language(), reveal=True, stored=view.stored)
    return changed_fields(view.form, view.values, values, look)


def part_named(form: Form | None, path: str) -> str:
    """Return the id of the part of the form that a correction names: with its heading, not the control alone."""
    found = next((one for one in form.fields() if one.path == path), None) if form else None
    alone = found is not None and found.type not in _CHOICES
    return element_id("f", path_of(path)) + ("-field" if alone else "")
