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
        "heat,",
        Text(
            "停在图上的待办（两万项左右）逐项读索引计数；期间办结多的，还要读最近一万项办结的待办，与办件总数无关",
            "the open tasks of the diagram (some 20,000) are counted in an index one by one; where much was done in the period, "
            "the newest ten thousand of it are read too, however many cases there are",
        ),
    ),
    (
        "counts on the monitor's diagram,",
        Text(
            "在办等待不超过五千处时逐件去重计数，更多时才改用累计数",
            "up to five thousand waits are counted case by case, each once; above, sums are shown",
        ),
    ),
    (
        "laurel simulate …/season_of_twelve",
        Text(
            "约四分之一是装入程序（五百多个数据类、SQLAlchemy、流程引擎），其余是三百多次办理和八百多项到期工作，各自成为一个事务，"
            "共一万多条语句，占时间的三成；其他各段都不到一成",
            "a quarter is loading the program (five hundred dataclasses, SQLAlchemy, the engine), the rest are three hundred "
            "completions and eight hundred due items, each a transaction; their more than ten thousand statements take three tenths "
            "of the time, and nothing else takes one tenth",
        ),
    ),
    (
        "complete by JSON, toy (lean floor; PostgreSQL)",
        Text(
            "底线写的是本进程内的一个文件，这里要与服务器往返十一次（会话一次，开始、读取、七次写入、提交）；单独试过把写入合并成管道发送，"
            "少等六次，所花的处理器时间却多两成，总时间未见减少。其余同 SQLite",
            "the floor writes a file of its own process, here the server is asked eleven times (the session; begin, read, seven writes, "
            "commit); tried by itself, sending the writes in a pipeline waited six times less, took a fifth more of the processor, "
            "and was no quicker. The rest is as on SQLite",
        ),
    ),
    (
        "complete by JSON, toy",
        Text(
            "底线写一张表，本程序写六张（触发器另记合计，待办表有十余个索引）并查一次会话、一次待办和办件。所花的处理器时间里，"
            "八条语句在数据库中约占五分之一，外面的 SQLAlchemy 和交给驱动约占八分之一，网页框架和日志占七分之一，"
            "其余是权限、表单、投影、流程引擎的状态和哈希链；单独去掉哪一项都不够",
            "the floor writes one table, here six are written (triggers add sums, tasks stand in a dozen indexes) and the session, "
            "the task and its case are read; of the processor's time the database takes a fifth for its eight statements, SQLAlchemy "
            "around them an eighth (each goes straight to the driver), request and log a seventh, the rest is rights, form, "
            "projection, the engine's state and the chain: no one of them is enough",
        ),
    ),
    (
        "completions a second, four clients (PostgreSQL, two processes)",
        Text(
            "两个处理器由服务、数据库和客户端共用，并且都已用满：每办结一件（连同半件的开始和半次查询）所用的处理器时间，服务约占五成半，"
            "PostgreSQL 四成，客户端半成；事务进行期间等锁的不到百分之一，等磁盘的百分之五。数据库的时间一半用于每次查询待办时"
            "为计数语句重新制定执行计划（自动方式总以为逐次制定较省），约四分之一是会话语句（每个连接开头十次都要制定）",
            "server, database and clients share two processors, all of which is used: of the processor's time for a completion (with half "
            "a start and half a query) the server takes more than half, PostgreSQL four tenths, the clients a twentieth; of the time "
            "that units of work are open less than a hundredth waits for a lock and a twentieth for the disk. Half of the database's "
            "time plans the counts of the task list anew for each query (left to choose, it thinks that cheaper), a quarter is the "
            "session's statement, which each connection plans the first ten times",
        ),
    ),
    (
        "completions a second",
        Text(
            "每办结两件还要开始一件、查一次待办，都不计数：服务端的处理器时间里开始占三分之一，查待办占五分之一，两次办理不到一半，"
            "客户端另占不到一成；一个进程同时只有一个线程运行 Python，每条语句、每次等磁盘之后都要重新排队",
            "with two completions go a start and a query of tasks that are not counted: of the server's processor time the start "
            "takes a third, the query a fifth, the two completions less than half, and the clients less than a tenth besides; in "
            "one process one thread runs Python at a time, and after each statement and each wait for the disk it queues again",
        ),
    ),
    (
        "laurel check processes",
        Text(
            "四分之一是装入程序，其余是每份流程图读一遍、每条规则查一遍（几个城市的规则同时在各处理器上查）；各命令之间不保留已解析的流程包",
            "a quarter is loading the program, the rest is every diagram read and every rule asked once (of several cities at a "
            "time, on all processors); nothing parsed is kept between commands",
        ),
    ),
    (
        "a change of a draft saved",
        Text(
            "改一张表后，凡是看整个流程包的规则都重查一遍，三分之二时间在此；改一条条款的，近一半是把条款文件写成固定格式",
            "after a change of a table every rule that looks at the whole package is asked again, which is two thirds of it; of a "
            "changed clause almost half is the register written in the stable format",
        ),
    ),
    (
        "a change drawn",
        Text(
            "三分之二在等服务端保存并检查（一次请求），其余是改动后停顿的二十分之一秒、写出图和列出问题",
            "two thirds is waiting for the server to save and to check (one request), the rest a twentieth of a second's pause after "
            "the change, the diagram written out, and the problems listed",
        ),
    ),
    (
        "tidied up in the browser",
        Text(
            "一半多是服务端重排这张最大的图（几乎全是逐条流找路），其余是浏览器把整张图重新画出",
            "more than half is the server laying this largest diagram out anew, nearly all of it the search of a way for each flow; "
            "the rest is the browser drawing all of it again",
        ),
    ),
    (
        "peak memory of the server",
        Text(
            "程序和各库装入后即占 158 MB（两千八百个模块，没有哪个库独占大头），五个城市的流程包再占 50 MB，开始服务时约 248 MB，"
            "两个口令同时计算散列占 38 MB；登录拖过三秒的，后台开始检查正在编辑的草稿，又占数十 MB",
            "program and libraries take 158 MB once loaded (2,800 modules, none of them a great part), the packages of five "
            "cities 50, 248 by the time it serves, two passwords hashed at a time 38; where signing in takes more than three seconds, "
            "drafts under way begin to be checked meanwhile, which takes some tens more",
        ),
    ),
    (
        "four applicants played",
        Text(
            "五分之四是把这一季的四百多次办理和到期逐一演完：近六千条语句约占其五分之一，保存各步四分之一，各系统任务五分之一，"
            "求值公式一成，彼此有重叠；其余是两次打开页面",
            "four fifths is the season played, more than four hundred completions and due items: some six thousand statements are a "
            "fifth of it, saving the steps a quarter, service tasks a fifth, formulas a tenth, each partly within another; the "
            "rest is two pages",
        ),
    ),
    (
        "page of the district's opinion, CPU",
        Text(
            "限值定下时页上没有申报者的陈述、材料和系统查得的结论，这些占三成半（读申报表并画在各项旁两成多，逐行查判定表一成多）；"
            "表单自身约四分之一（其中模板一成，其余是条件和各项），外框和办件摘要一成半，其余是查库、权限和会话；都随办件而异，"
            "没有可以先画好的",
            "a third is what the applicant states, its files and what the program finds beside each item, which the page did not have "
            "when its limit was set (the application read and drawn beside the items more than two tenths, the tables asked row by "
            "row more than one); the form itself a quarter (its templates a tenth, the rest conditions and fields), the frame and the "
            "case in brief one and a half tenths, the rest the database, rights and the session: all of it differs by case, and "
            "nothing is left that could be drawn before",
        ),
    ),
    (
        "page of its case, CPU",
        Text(
            "十五条语句约占五分之一，画页面（外框、进度、办理经过）约三成，其余是办件摘要、权限、各份表单里能看的文件、会话和网页框架，"
            "各不到一成半；都随办件和看的人而异",
            "its fifteen statements take a fifth, drawing the page (frame, progress, what happened) three tenths, the rest are the "
            "case in brief, rights, the files that may be read in its forms, the session and the framework, none of them one and a "
            "half tenths: all of it differs by case and reader",
        ),
    ),
    (
        "the district's opinion by JSON, CPU",
        Text(
            "近两成是查看所填（其中条件和各项一成多），一成多是流程引擎读出并写入未缓存的状态，一成是推算下一项的最后有用日，"
            "一成是会话、权限和次数，其余是写六张表、哈希链和网页框架，各不到一成",
            "two tenths is looking at what was filled in (conditions and fields more than one), more than one the engine reading and "
            "writing a state that no cache holds, one the last useful day of the task that follows, one the session, rights and "
            "pace; the rest is six tables written, the chain and the framework, none of which takes one",
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
