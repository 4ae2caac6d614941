"""The upload rules of a form field, found by its path."""

from __future__ import annotations

from service.domain.errors import NotFound
from service.domain.forms import Form, UploadRules
from service.domain.forms.model import FormNode, Group, Input, InputType, Rows, same_object
from service.domain.text import Text
from service.web.frame.requests.current import the_settings


def rules_of(form: Form, path: str) -> UploadRules:
    """Return the rules of the upload field at ``path`` (``papers.0.scan``); raises NotFound when there is none.

    No file may be larger than the installation takes, whatever the form allows.
    """
    found = _find(form.nodes, [part for part in path.split(".") if not part.isdigit()])
    if found is None or found.type is not InputType.UPLOAD:
        raise NotFound(
            Text("表单中没有这个附件项，请刷新页面后重试。", "The form has no such field for files; reload the page.")
        )
    return found.upload.within(the_settings().upload_bytes)


def _find(nodes: tuple[FormNode, ...], path: list[str]) -> Input | None:
    for node in same_object(nodes):
        if isinstance(node, Group | Rows) and path[1:] and node.path == path[0]:
            return _find(node.children, path[1:])
        if isinstance(node, Input) and path == [node.key]:
            return node
    return None
