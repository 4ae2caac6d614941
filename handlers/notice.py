"""Operations on notices (公示) and announcements (公告): draft, post, close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from service.sdk import NoticeDraft, PostedNotice, Text, Work, day_on_record, operation


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice before posting: texts with FEEL in braces, rows as FEEL text."""

    kind: str = field(metadata={"help": '公示种类，例如 "acceptance_list"'})
    title: str = field(metadata={"help": "标题，可含花括号中的 FEEL"})
    text: str = field(metadata={"help": "正文，可含花括号中的 FEEL"})
    working_days: int | None = field(default=None, metadata={"help": "公示工作日数"})
    calendar_days: int | None = field(default=None, metadata={"help": "或者：自然日数"})
    entries: str = field(default="[]", metadata={"formula": True, "help": "FEEL 文本，给出公示表格各行"})
    media: str = field(default="[]", metadata={"formula": True, "help": "FEEL 文本，给出同时张贴的媒体"})
    posted_on: str = field(
        default="null", metadata={"formula": True, "help": "FEEL 文本，给出实际张贴日期；空则为今日"}
    )
    audience: str = field(default="public", metadata={"help": "public 社会公示，internal 内部公示"})
    objections: str = field(default="", metadata={"help": "如何提出异议"})
    day_one: str = field(
        default="notice",
        metadata={"help": "首日：notice 按本地规定，day_after_posting 公示次日，day_of_posting 公示当日"},
    )
    roll: str = field(
        default="",
        metadata={"help": "自然日的末日遇休息日：rest_day 顺延，none 不顺延，只用于这一公示；空则按本地规定"},
    )
    announcement: bool = field(
        default=False, metadata={"help": "true 为公告：只公布，没有公示期，不用写期限；false 为公示"}
    )
    issuer: str = field(default="", metadata={"help": "以谁的名义发布；空则为发布的单位"})
    files: str = field(
        default="[]", metadata={"formula": True, "help": "FEEL 文本，给出随公示公开的附件，即表单的附件字段"}
    )


@operation(
    "notice.draft",
    Text("拟定公示", "Draft a notice"),
    result={
        "kind": "string",
        "title": "string",
        "text": "string",
        "working_days": "number",
        "calendar_days": "number",
        "entries": "string",
        "media": "string",
        "posted_on": "string",
        "audience": "string",
        "objections": "string",
        "day_one": "string",
        "roll": "string",
        "announcement": "boolean",
        "issuer": "string",
        "files": "string",
    },
)
def draft(work: Work, parameters: Draft) -> Mapping[str, Any]:  # noqa: ARG001  a draft reads nothing yet
    """Return the draft as it stands; its texts are filled when it is posted."""
    return asdict(parameters)


@dataclass(frozen=True, slots=True)
class Post:
    """What to post."""

    draft: dict[str, Any] = field(metadata={"help": "拟定公示的结果"})
    template: str = field(
        default="", metadata={"help": "同时制发书面公示的文书模板，其中 posted 为所发布的公示；空则不制发"}
    )


@operation(
    "notice.post",
    Text("发布公示", "Post a notice"),
    result={
        "notice": "number",
        "posted_on": "date",
        "first_day": "date",
        "last_day": "date",
        "ends_at": "date and time",
        "provisional": "boolean",
    },
)
def post(work: Work, parameters: Post) -> Mapping[str, Any]:
    """Fill the draft, post it and return its window; posting again after a correction of substance replaces it."""
    draft = _fill_draft(work, Draft(**parameters.draft))
    posted = work.notices.post(draft)
    window = {"posted_on": posted.posted_on.isoformat(), **_to_window_result(posted)}
    if parameters.template:
        work.documents.issue(parameters.template, {"posted": {**window, **_as_document_row(posted)}})
    return window


def _as_document_row(posted: PostedNotice) -> dict[str, Any]:
    """Return what was posted, as a document reads it; ``columns`` are the headings of its table."""
    entries = posted.content.get("entries") or []
    columns = list(dict.fromkeys(key for entry in entries for key in entry))
    announced = bool(posted.content.get("announcement"))
    return {**posted.content, "entries": entries, "columns": columns, "announcement": announced}


def _fill_draft(work: Work, parts: Draft) -> NoticeDraft:
    posted_on = work.evaluate(parts.posted_on)
    return NoticeDraft(
        kind=parts.kind,
        title=work.text(parts.title),
        text=work.text(parts.text),
        working_days=_to_int(parts.working_days),
        calendar_days=_to_int(parts.calendar_days),
        entries=work.rows(parts.entries),
        audience=parts.audience,
        media=work.rows(parts.media),
        posted_on=day_on_record(posted_on) if posted_on else None,
        objections=work.text(parts.objections),
        day_one=parts.day_one,
        announcement=bool(parts.announcement),
        issuer=parts.issuer or "",
        roll=parts.roll or "",
        files=work.evaluate(parts.files) or [],
    )


def _to_int(number: int | None) -> int | None:
    return None if number is None else int(number)


def _to_window_result(posted: PostedNotice) -> dict[str, Any]:
    return {
        "notice": posted.id,
        "first_day": posted.first_day.isoformat(),
        "last_day": posted.last_day.isoformat(),
        "ends_at": posted.ends_at.isoformat(),
        "provisional": posted.provisional,
    }


@dataclass(frozen=True, slots=True)
class Close:
    """Which notice."""

    notice: int = field(metadata={"help": "公示编号，即发布公示结果中的 notice"})


@operation("notice.close", Text("结束公示", "Close a notice"), result={"objections": "number", "last_day": "date"})
def close(work: Work, parameters: Close) -> Mapping[str, Any]:
    """Close a notice whose window is over and return how many objections came in."""
    closed = work.notices.close(int(parameters.notice))
    return {"objections": closed.objections, "last_day": closed.last_day.isoformat()}


@dataclass(frozen=True, slots=True)
class CloseAll:
    """Which of the case's notices."""

    kind: str | None = field(default=None, metadata={"help": "只结束这一种公示；空则结束本办件全部进行中的公示"})


@operation("notice.close_all", Text("终止公示", "End running notices"), result={"count": "number"})
def close_all(work: Work, parameters: CloseAll) -> Mapping[str, Any]:
    """Close every running notice of the case, for example because the application was withdrawn."""
    running = [row for row in work.scope()["notices"] if row["state"] == "running"]
    chosen = [row for row in running if parameters.kind in (None, row["kind"])]
    for row in chosen:
        work.notices.close(row["id"])
    return {"count": len(chosen)}
