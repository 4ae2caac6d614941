"""Rendering of forms: drawn by the server, usable without JavaScript, refreshed in place with it."""

from service.web.forms.look import FormUrls, Look, Mode, error_links
from service.web.forms.on_paper import form_on_paper
from service.web.forms.render import render_form, render_readable, render_regions

__all__ = [
    "FormUrls",
    "Look",
    "Mode",
    "error_links",
    "form_on_paper",
    "render_form",
    "render_readable",
    "render_regions",
]
