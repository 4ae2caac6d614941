"""The message that brings a document: what its reader has to do and by when, what it says, where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.step.reminders import last_day_of
from service.domain.output.composed_document import chinese_date
from service.store import NEVER
from service.store.models import DocumentRow, TaskRow

_ENOUGH, _MOST = 25, 200
"""Characters after which a full stop ends the opening, and the most of it."""

_ENDS = "。！？"


def message_words(row: DocumentRow, asked: Sequence[TaskRow], items: str) -> str:
    """Return the lines of the message to one reader, who holds the tasks ``asked``; ``items`` are those to be corrected.

    A line ``/tasks/N`` is the page of a task in this installation.
    """
    lines = [_asked(task) for task in asked]
    lines += [items] if items else [line for line in [opening(row.content)] if line]
    lines.append(f"全文见《{row.title}》（{row.content.get('number') or '无文号'}），也可在系统“办件—文书”中查看。")
    lines += [f"/tasks/{task.id}" for task in asked]
    return "\n".join(lines)


def opening(content: Mapping[str, Any]) -> str:
    """Return how the text of a document begins: whole sentences, as far as they say something; "" where a table begins it."""
    found = ""
    for item in content.get("paragraphs") or ():
        if not isinstance(item, str):
            break
        found += "".join(item.split())
        if len(found) >= _MOST or (len(found) >= _ENOUGH and found[-1] in _ENDS):
            break
    if len(found) > _MOST:
        found = _cut(found)
    return f"{found[:-1]}，详见文书。" if found.endswith(("：", ":")) else found


def _cut(text: str) -> str:
    end = max(text.rfind(mark, 0, _MOST) for mark in _ENDS)
    return text[: end + 1] if end >= _ENOUGH else f"{text[:_MOST]}……"


def _asked(task: TaskRow) -> str:
    if task.due_at == NEVER:
        return f"请办理“{task.title}”。"
    reason = task.due_reason or {}
    day = chinese_date(last_day_of(task.due_at, reason).isoformat())
    return f"请办理“{task.title}”，最迟{day}{'（暂定）' if reason.get('provisional') else ''}提交。"
