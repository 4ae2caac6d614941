"""Why a row is not met, as far as that is known: a sentence for each row whose cause was looked for and found.

A row is found by how its name begins; the first that fits is told. What a change cures is taken out here.
"""

from __future__ import annotations

from service.domain.text import Text
from tests.bench.measures import Measure

_UNKNOWN = Text(
    "没有记下的原因：请在空闲的机器上重测，再找原因并写入 tests/bench/reasons.py",
    "no cause is on record: measure again on a quiet machine, then look for it and write it into tests/bench/reasons.py",
)

REASONS: tuple[tuple[str, Text], ...] = (
    (
        "laurel simulate …/season_of_twelve",
        Text(
            "约四分之一是装入程序（五百多个数据类、SQLAlchemy、流程引擎），其余是三百多次办理和六百多项到期工作，各自成为一个事务，"
            "共一万多条语句，占时间的三成；其他各段都不到一成",
            "a quarter is loading the program (five hundred dataclasses, SQLAlchemy, the engine), the rest are three hundred "
            "completions and six hundred due items, each a transaction; their more than ten thousand statements take three tenths "
            "of the time, and nothing else takes one tenth",
        ),
    ),
    (
        "complete by JSON, toy",
        Text(
            "底线一步只写状态；本程序同一步还写办件、待办、表单、事项记录（哈希链）和已走节点，并查会话与权限，十条语句各经 SQLAlchemy",
            "the floor writes a state and nothing else; here the same step also writes case, task, form, the chained history and "
            "visits, and asks who may do this: ten statements, each by SQLAlchemy",
        ),
    ),
    (
        "completions a second",
        Text(
            "四个客户端与服务在同一台双核机器上，每开始一件另有一次查询待办的请求不计入，一个进程受处理器时间所限",
            "clients and server share two processors, each start brings a query of tasks that is not counted, "
            "and one process is bound by its processor",
        ),
    ),
    (
        "laurel check processes",
        Text(
            "三分之一是装入程序，其余是每份流程图读一遍、每条规则查一遍；各命令之间不保留已解析的流程包",
            "a third is loading the program, the rest is every diagram read and every rule asked once; nothing parsed is kept "
            "between commands",
        ),
    ),
    (
        "statements of the district's opinion by JSON",
        Text(
            "一步读三次（何人、待办、办件），写七张表（表单、待办、草稿、下一待办、已走节点、事项记录、办件），每张一条语句",
            "a step reads three times (who, task, case) and writes seven tables (form, task, draft, next task, visits, history, "
            "case), a statement each",
        ),
    ),
    (
        "statements of the page of its case",
        Text(
            "办件页除进度外还列出文书、评审、期限、等待的消息、公示和版本，各查一次",
            "besides the progress the page lists documents, reviews, time limits, awaited messages, notices and versions, each "
            "asked once",
        ),
    ),
    (
        "page of the district's opinion, CPU",
        Text(
            "五分之二是服务端按模板画出表单的每一项，查库只占八分之一；限值是过去某次数字的一半",
            "two fifths is the server drawing every field by templates, the database an eighth; the limit is half of a figure "
            "measured once",
        ),
    ),
)


def reason_of(measure: Measure) -> Text:
    """Return why ``measure`` is not met, or that nobody knows yet."""
    return next((why for begins, why in REASONS if measure.work.startswith(begins)), _UNKNOWN)


def missing(measure: Measure) -> Text:
    """Return in one sentence by how much ``measure`` misses its limit, and why."""
    why = reason_of(measure)
    assert measure.limit is not None
    told = measure.median if measure.ratio is None else measure.ratio
    share = abs(told / measure.limit - 1)
    short = measure.least
    return Text(
        f"未达到：{'少' if short else '超出'} {share:.0%}；{why.zh}。",
        f"not met: {share:.0%} {'short' if short else 'over'}; {why.en}.",
    )
