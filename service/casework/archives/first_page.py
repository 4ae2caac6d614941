"""Pages of an archive that open without a network, a program or a script."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote

from service.domain.calendar import CHINA
from service.store.models import ArchivePartRow, ArchiveRow

_STATES = {"called": "已召集", "closed": "已结束", "cancelled": "已取消"}
_CAME = {"present": "出席", "excused": "请假", "called": "未签到"}
_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #bbb;padding:4px 8px;text-align:start;"
    "vertical-align:top;overflow-wrap:anywhere}th{background:#f4f1ec}h1,h2{line-height:1.3}"
)


def first_page(row: ArchiveRow, parts: Sequence[ArchivePartRow], about: Mapping[str, str]) -> bytes:
    """Return the index: the round, its cases, and how to see that nothing was changed."""
    lines = [
        (_format_link(part.head["folder"] + "/index.html", str(part.head["title"])), escape(str(part.head["number"] or "—")),
         escape(str(part.head["outcome"] or "—")), str(len(part.files)))
        for part in parts
    ]  # fmt: skip
    omission_count = sum(len(part.left_out) for part in parts)
    body = (
        f"<h1>{escape(row.title)} 档案</h1>"
        + _format_table(("项目", "内容"), [(escape(name), escape(value)) for name, value in about.items()])
        + f"<h2>办件（{len(parts)} 件）</h2>"
        + _format_table(("办件", "文号", "结果", "文件数"), lines)
        + f"<p>{_format_link('依法办理清单.html', '依法办理清单')}：逐条列出办了什么、由谁、应于何日、实际何日、凭什么文书。</p>"
        + (
            f"<p>另有 {omission_count} 个文件没有归入，名称、指纹和原因见“manifest.json”。</p>"
            if omission_count
            else ""
        )
        + "<h2>怎样核验</h2><p>“manifest.json”列有每个文件的 SHA-256 指纹和每个办件记录链的末端；"
        "运行 <code>laurel audit verify 本目录</code>，或者用任何工具核对 SHA256SUMS（<code>sha256sum -c SHA256SUMS</code>）。"
        "“manifest.json”自身的指纹在归档时写入系统的办理记录。有评分的，“核分表.xlsx”用公式从评分表算到排名，"
        "并列出抽取的种子，可以重新计算。</p>"
    )
    return _build_page(f"{row.title} 档案", body)


def case_page(title: str, data: Mapping[str, Any], history: Sequence[Mapping[str, Any]], files: Iterable[str]) -> bytes:
    """Return the page of a case: what was submitted, what happened, and its files."""
    forms = "".join(
        f"<h3>{escape(str(submission['title']))}（{_format_time(submission['at'])}{'，已取回' if submission['taken_back_at'] else ''}）</h3>"
        + _filled_in(submission["data"], submission["labels"], submission["choices"])
        for submission in data["表单"]
    )
    events = [(str(e["seq"]), _format_time(e["at"]), escape(e["actor"]), escape(e["text"])) for e in history]
    body = (
        f'<p><a href="../../index.html">返回目录</a></p><h1>{escape(title)}</h1>'
        + "<h2>文件</h2><ul>" + "".join(f"<li>{_format_link(path, path)}</li>" for path in files) + "</ul>"
        + "<h2>提交的内容</h2>" + (forms or "<p>没有。</p>")
        + _format_sittings(data["会议"])
        + "<h2>办理记录</h2>" + _format_table(("序号", "时间", "办理人", "内容"), events)
    )  # fmt: skip
    return _build_page(title, body)


def list_page(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a page with one table of plain texts."""
    lines = [[escape(cell) for cell in row] for row in rows]
    return _build_page(
        title, f'<p><a href="index.html">返回目录</a></p><h1>{escape(title)}</h1>' + _format_table(head, lines)
    )


def _filled_in(
    values: Mapping[str, Any], labels: Mapping[str, str], choices: Mapping[str, Mapping[str, str]], above: str = ""
) -> str:
    """Return what was filled in, each by its label: a group as a table within its cell."""
    lines = [
        (escape(labels.get(f"{above}{key}") or key), _format_cell(value, f"{above}{key}", labels, choices))
        for key, value in values.items()
    ]
    return _format_table(("项目", "内容"), lines)


def _format_cell(value: Any, path: str, labels: Mapping[str, str], choices: Mapping[str, Mapping[str, str]]) -> str:
    """Return one value: a group with a line for each of its fields, rows as a table of their own, all else in words."""
    if isinstance(value, dict) and any(name.startswith(f"{path}.") for name in labels):
        return _filled_in(value, labels, choices, f"{path}.")
    if isinstance(value, list) and value and any(name.startswith(f"{path}[].") for name in labels):
        keys = list(dict.fromkeys(key for row in value for key in row))
        rows = [[_format_cell(row.get(key), f"{path}[].{key}", labels, choices) for key in keys] for row in value]
        return _format_table([escape(labels.get(f"{path}[].{key}") or key) for key in keys], rows)
    if isinstance(value, list) and value and all(isinstance(item, dict) and "name" in item for item in value):
        return escape("、".join(str(item["name"]) for item in value))  # files
    return escape(_format_value(value, choices.get(path, {})))


def _format_sittings(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the sittings with their agenda, attendance and minutes; nothing where there was none."""
    markup = "<h2>会议</h2>" if rows else ""
    for row in rows:
        people: dict[str, list[str]] = {}
        for member in row["members"]:
            people.setdefault(member["came"], []).append(f"{member['name']}（{member['body']}）")
        fields = [
            ("时间", _format_time(row["starts_at"])), ("地点", row["room"]), ("状态", _STATES.get(row["state"], row["state"])),
            ("议程", "；".join(f"{n}. {point}" for n, point in enumerate(row["agenda"], 1))),
            *((f"{words}（{len(people[key])}人）", "、".join(people[key])) for key, words in _CAME.items() if key in people),
            ("会议情况与决定", row["words"] or "没有记录。"),
        ]  # fmt: skip
        lines = [(escape(name), escape(str(value)).replace("\n", "<br>")) for name, value in fields]
        markup += f"<h3>{escape(row['title'])}</h3>" + _format_table(("项目", "内容"), lines)
    return markup


def _format_time(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(CHINA):%Y-%m-%d %H:%M}"


def _format_value(value: object, choices: Mapping[str, str]) -> str:
    """Return a value as people read it: what was chosen by its words."""
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return "、".join(choices.get(str(item), str(item)) for item in value) or "—"
    if str(value) in choices:
        return choices[str(value)]
    if value is None or isinstance(value, bool):
        return {True: "是", False: "否", None: "—"}[value]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _format_link(path: str, words: str) -> str:
    return f'<a href="{escape(quote(path))}">{escape(words)}</a>'


def _format_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    heading = "".join(f"<th>{escape(label)}</th>" for label in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{heading}</tr></thead><tbody>{lines}</tbody></table>"


def _build_page(title: str, body: str) -> bytes:
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    ).encode()
