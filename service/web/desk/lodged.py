"""What the public lodged, above the form of who acts on it: what it is about first, who lodged it last."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from service.casework.queries.tasks.view_task import TaskView
from service.domain.forms import Form
from service.domain.forms.model import FormNode, Group, Input, Rows
from service.domain.text import Text
from service.web.forms.parts import NOTHING
from service.web.frame.page.form_shown import show_values

_WHO = Text("提出人的信息", "Who lodged it")
_HIDDEN = Text("按规定保密的，不显示或者只显示一部分。", "What is confidential is not shown, or only in part.")


def lodged_values(view: TaskView) -> Markup:
    """Return the form by which the public began the case, personal data masked; nothing where the office or a body did."""
    paper = view.lodged
    if paper is None:
        return NOTHING
    form = paper.form.derived("substance first", lambda: _substance_first(paper.form))
    return show_values(form, paper.values, paper.today, outside=paper.settings, apart="lodged-", reveal=paper.own)


def _substance_first(form: Form) -> Form:
    """Return ``form`` to be read: what is said comes first, who says it at the end under a heading of its own."""
    personal = form.withheld(reveal=False)
    said = tuple(node for node in form.nodes if not _is_personal(node, (), personal))
    if len(said) == len(form.nodes):
        return form
    who = tuple(node for node in form.nodes if node not in said)
    return replace(form, nodes=(*said, Group(id="lodged_by", label=_WHO, hint=_HIDDEN, path=None, children=who)))


def _is_personal(node: FormNode, above: tuple[str, ...], personal: frozenset[str]) -> bool:
    """Return whether a part of a form asks for nothing but who fills it in; ``above`` is the path to it."""
    if isinstance(node, Input):
        return ".".join((*above, node.key)) in personal
    if isinstance(node, Rows):
        return _all_personal(node.children, (*above, f"{node.path}[]"), personal)
    if isinstance(node, Group):
        return _all_personal(node.children, (*above, node.path) if node.path else above, personal)
    return False


def _all_personal(nodes: tuple[FormNode, ...], above: tuple[str, ...], personal: frozenset[str]) -> bool:
    return bool(nodes) and all(_is_personal(node, above, personal) for node in nodes)
