"""Several people at one task that nobody has claimed: who else types, and what was typed in vain."""

from __future__ import annotations

from markupsafe import Markup

from service.casework.queries.tasks.task_form import TaskForm
from service.casework.queries.tasks.view_task import TaskView
from service.web.frame.page.form_shown import show_values
from service.web.frame.requests.current import t
from service.web.presentation import clock_words


def typing_words(task: TaskForm) -> str:
    """Return who else fills in the task just now, "" for nobody."""
    if not task.typing:
        return ""
    zh = "、".join(f"{one.who}（{clock_words(one.at)}）" for one in task.typing)
    en = ", ".join(f"{one.who} ({clock_words(one.at)})" for one in task.typing)
    return t(
        f"{zh}也正在填写这一项。谁先提交，以谁的为准；请先商量由谁办理，由其认领。",
        f"{en} also fill this in just now. Whoever submits first decides it: agree on one of you, who claims it.",
    )


def unsent_values(view: TaskView) -> Markup | None:
    """Return what the reader typed for a task that another finished, to be read and copied."""
    if view.unsent is None:
        return None
    return show_values(view.unsent.form, view.unsent.values, view.today, outside=view.unsent.settings, reveal=True)
