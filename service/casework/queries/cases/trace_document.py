"""The whole trace of a case as a document to be filed: .docx or PDF, in Chinese as all documents are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.reasons import Reasons
from service.casework.queries.cases.trace import Trace, view_trace
from service.casework.queries.cases.variables import DecidingFact
from service.casework.queries.downloads.files import Download, as_file
from service.casework.reading.citations import CitedArticle
from service.catalog.parameters.parameters import Basis
from service.domain.calendar import CHINA
from service.domain.output.composed_document import chinese_date

Block = str | dict[str, Any]

_RESULTS = {"met": "符合", "not_met": "不符合", "unknown": "待核实"}
_BY = {"machine": "程序按条件计算", "attested": "人员核实认定", "department": "部门核实"}
_BASES = {Basis.STATED: "条文写明", Basis.DEFAULT: "条文未写明，本地选定"}
_NUMERALS = "一二三四五六七八九十"
_NONE = "—"


@guarded("case.view")
def trace_file(desk: Desk, actor: Actor, case_id: int, kind: str) -> Download:
    """Return the trace of a case as ``kind`` (docx, pdf); raises NotFound, NotAllowed, NoPrinter."""
    trace = view_trace(desk, actor, case_id)
    return as_file(desk, f"{trace.brief.title}办理全程说明", list(paragraphs(trace)), trace.today, kind)


def paragraphs(trace: Trace) -> Iterator[Block]:
    """Yield the document part by part; a part without content is left out."""
    parts: list[tuple[str, list[Block]]] = [
        ("基本情况", [_table(["事项", "内容"], _basics(trace), numbered=False)]),
        ("办理过程", _drop_empty(_steps(trace))),
        ("条件认定", _drop_empty(_findings(trace))),
        ("结果的理由", list(_reasons(trace.reasons)) if trace.reasons else []),
        ("期限和公示", _drop_empty(_dates(trace))),
        ("记录的事实", _drop_empty(_values(trace))),
        ("提交的表单", _drop_empty(_forms(trace))),
        ("文书和材料", _drop_empty(_files(trace))),
        ("适用的设置", _drop_empty(_settings(trace))),
    ]
    kept = [(name, blocks) for name, blocks in parts if blocks]
    for number, (name, blocks) in zip(_NUMERALS, kept, strict=False):
        yield f"{number}、{name}"
        yield from blocks


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], *, numbered: bool = True) -> dict[str, Any]:
    found = [[text or _NONE for text in row] for row in rows]
    if not numbered:
        return {"head": list(head), "rows": found}
    return {"head": ["序号", *head], "rows": [[str(n), *row] for n, row in enumerate(found, 1)]}


def _drop_empty(table: dict[str, Any]) -> list[Block]:
    return [table] if table["rows"] else []


def _basics(trace: Trace) -> Iterator[tuple[str, str]]:
    brief = trace.brief
    yield "办件", brief.title
    yield "种类", brief.process_name.zh
    yield "编号", brief.number or ""
    if brief.parent_title:
        yield "所属", brief.parent_title
    for party in brief.parties:
        yield party.role.zh, "、".join(party.bodies)
    yield "依据", f"《{trace.law}》"
    yield "发起", _day(brief.started_at)
    if brief.ended_at is not None:
        yield "办结", f"{_day(brief.ended_at)}，{brief.outcome}"
        if brief.ended_because:
            yield "说明", brief.ended_because


def _steps(trace: Trace) -> dict[str, Any]:
    rows = [(_moment(s.event.at), s.event.who, s.event.text, s.event.reason, _articles(s.clauses)) for s in trace.steps]
    return _table(["时间", "办理人", "事项", "理由", "依据"], rows)


def _findings(trace: Trace) -> dict[str, Any]:
    rows = [
        (f.text, _RESULTS.get(f.result, f.result), _BY.get(f.decided_by, ""), _facts(f.facts, f.why), _articles(f.clauses))
        for f in trace.findings
    ]  # fmt: skip
    return _table(["条件", "认定", "认定方式", "据以认定", "依据"], rows)


def _facts(facts: Iterable[DecidingFact], why: str) -> str:
    said = [f"{fact.name.zh}：{fact.value.zh}" if fact.value else fact.name.zh for fact in facts]
    return "；".join([*said, *([f"理由：{why}"] if why else [])])


def _reasons(found: Reasons) -> Iterator[Block]:
    if found.decision is not None:
        yield f"书面决定《{found.decision.title}》{found.decision.number}："
        yield from found.decision.paragraphs
    for place in found.rankings:
        points = f"得分{place.points}，" if place.points else ""
        went = "进入下一环节" if place.passing else "未进入下一环节"
        lowest = f"进入下一环节的最低得分是{place.lowest}，差" if place.lowest else "距进入下一环节的最低得分差"
        short = f"；{lowest}{place.short}分" if place.short else ""
        yield f"{points}{place.of}家中第{place.place}名，{went}{short}。"
    for vote in found.votes:
        short = f"差{vote.short}票。" if vote.short else ""
        yield f"{vote.title}：赞成{vote.yes}，反对{vote.no}，弃权{vote.abstain}。{vote.why.zh}。{short}"
    for stage in found.items:
        rows = [
            (f"{one.item.id} {one.item.name}", str(one.item.points), f"{float(one.own):.2f}") for one in stage.items
        ]
        yield f"各条款得分（{stage.sheets}份评分表，合计{stage.points}）："
        yield _table(["条款", "满分", "得分"], rows, numbered=False)


def _dates(trace: Trace) -> dict[str, Any]:
    rows = [
        (d.title, chinese_date(d.began.isoformat()), chinese_date(d.last_day.isoformat()), _day(d.done), d.reason.zh if d.reason else "", _articles(d.clauses))
        for d in trace.dates
    ]  # fmt: skip
    return _table(["事项", "开始", "最后一日", "办毕", "怎样计算", "依据"], rows)


def _values(trace: Trace) -> dict[str, Any]:
    return _table(["事实", "值"], [(one.name.zh, one.value.zh) for one in trace.values])


def _forms(trace: Trace) -> dict[str, Any]:
    return _table(
        ["表单", "环节", "提交人", "时间"], [(s.title.zh, s.step, s.who, _moment(s.at)) for s in trace.submissions]
    )


def _files(trace: Trace) -> dict[str, Any]:
    return _table(["名称", "种类", "时间"], [(f.name, f.kind.zh, _moment(f.at)) for f in reversed(trace.brief.files)])


def _settings(trace: Trace) -> dict[str, Any]:
    rows = [(s.name.zh, s.value.zh, _BASES[s.basis] if s.basis else "", _articles(s.clauses)) for s in trace.settings]
    return _table(["设置", "取值", "来源", "依据"], rows)


def _articles(clauses: Iterable[CitedArticle]) -> str:
    return "、".join(one.article for one in clauses)


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _day(at: datetime | date | None) -> str:
    return (
        ""
        if at is None
        else chinese_date(at.astimezone(CHINA).date().isoformat() if isinstance(at, datetime) else at.isoformat())
    )
