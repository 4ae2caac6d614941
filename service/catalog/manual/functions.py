"""The manual's entry of every FEEL function: a sentence with an example that a test evaluates."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Example:
    """A function by name: what it does, an expression, and its value as FEEL ("" where that depends on the day)."""

    name: str
    does: Text
    expression: str
    value: str


def _example(name: str, zh: str, en: str, expression: str, value: str) -> Example:
    return Example(name, Text(zh, en), expression, value)


TIME = (
    _example("workdays", "期限第 n 个工作日结束的时刻；第三个参数写 \"notice\" 为公示期，或写明首日",
        'the instant after working day n of a period; "notice" as third parameter counts as a notice, or name day one',
        "workdays(5)", ""),
    _example("caldays", "期限第 n 个自然日结束的时刻，按本地规则顺延；第三个参数同上；第四个另定末日遇休息日是否顺延（\"rest_day\"、\"none\"）",
        "the same in calendar days, rolled; the fourth argument says whether for this period alone",
        'caldays(30, date("2026-03-01"))', ""),
    _example("day_end", "指定的截止日终止的时刻，按本地规则顺延；第二个参数另定是否顺延",
        "the instant at which a named day ends as a deadline, rolled; the second argument says whether",
        'day_end(date("2026-05-31"))', ""),
    _example("years", "n 年后的对应日结束的时刻", "the instant after the anniversary n years on", 'years(5, date("2026-03-01"))', ""),
    _example("months", "n 个月后的对应日结束的时刻，按本地规则顺延；第三个参数另定是否顺延",
        "the instant after the corresponding day n months on, rolled; the third argument says whether",
        'months(3, date("2026-03-01"))', ""),
    _example("workdays before", "“至少提前 n 个工作日”的最后一日结束的时刻，前后两日都不计",
        "the end of the last day after which n whole working days lie before an event",
        'workdays before(10, date("2026-10-20"))', ""),
    _example("caldays before", "“至少提前 n 日”的最后一日结束的时刻，前后两日都不计，不顺延", "the same in calendar days, never rolled",
        'caldays before(20, date("2026-10-20"))', ""),
    _example("workdays between", "两日之间的工作日数，不计起始日，计入终止日", "how many working days lie after one day up to and including another",
        'workdays between(date("2026-03-02"), date("2026-03-09"))', ""),
    _example("now", "现在的时刻", "the present instant", "now()", ""),
    _example("today", "今天（北京时间）", "today in China", "today()", ""),
)  # fmt: skip

DATES = (
    _example("date", "日期", "a date", 'date("2026-05-01")', "date(2026, 5, 1)"),
    _example("time", "时刻", "a time of day", 'time("09:30:00")', "time(9, 30, 0)"),
    _example("date and time", "日期加时刻", "a date with a time", 'date and time("2026-05-01T09:30:00").hour', "9"),
    _example("duration", "时长：P3Y 年月，P10D 天，PT2H 小时", "a duration: P3Y, P10D, PT2H", 'date("2026-05-01") - duration("P3Y")', 'date("2023-05-01")'),
    _example("years and months duration", "两日之间的整年整月", "whole years and months between two days",
        'years and months duration(date("2020-05-01"), date("2026-05-01")).years', "6"),
    _example("day of week", "星期几（英文）", "the day of the week", 'day of week(date("2026-05-01"))', '"Friday"'),
    _example("day of year", "当年第几天", "the day of the year", 'day of year(date("2026-02-01"))', "32"),
    _example("week of year", "当年第几周", "the week of the year", 'week of year(date("2026-01-08"))', "2"),
    _example("month of year", "月份（英文）", "the month", 'month of year(date("2026-05-01"))', '"May"'),
)  # fmt: skip

LISTS = (
    _example("count", "个数", "how many", "count([1, 2, 3])", "3"),
    _example("list contains", "是否含有", "whether it holds an item", 'list contains(["甲", "乙"], "乙")', "true"),
    _example("sum", "合计", "the sum", "sum([1, 2, 3])", "6"),
    _example("product", "连乘", "the product", "product([2, 3, 4])", "24"),
    _example("mean", "平均", "the mean", "mean([1, 2, 6])", "3"),
    _example("median", "中位数", "the median", "median([1, 2, 6])", "2"),
    _example("mode", "众数", "the most frequent values", "mode([1, 2, 2])", "[2]"),
    _example("stddev", "标准差", "the standard deviation", "stddev([2, 4, 6])", "2"),
    _example("min", "最小", "the least", "min([3, 1, 2])", "1"),
    _example("max", "最大", "the greatest", "max([3, 1, 2])", "3"),
    _example("all", "是否全真", "whether all are true", "all([true, true])", "true"),
    _example("any", "是否有真", "whether one is true", "any([false, true])", "true"),
    _example("append", "追加", "add items", "append([1], 2)", "[1, 2]"),
    _example("concatenate", "连接几个列表", "join lists", "concatenate([1], [2, 3])", "[1, 2, 3]"),
    _example("union", "连接并去重", "join lists without repeats", "union([1, 2], [2, 3])", "[1, 2, 3]"),
    _example("distinct values", "去重", "without repeats", "distinct values([1, 1, 2])", "[1, 2]"),
    _example("flatten", "展开嵌套", "flatten nesting", "flatten([1, [2, [3]]])", "[1, 2, 3]"),
    _example("reverse", "倒序", "reversed", "reverse([1, 2])", "[2, 1]"),
    _example("sort", "排序", "sorted", "sort([3, 1], function(a, b) a < b)", "[1, 3]"),
    _example("sublist", "截取", "a part", "sublist([1, 2, 3], 2, 2)", "[2, 3]"),
    _example("index of", "所在位置", "the positions of an item", "index of([5, 6, 5], 5)", "[1, 3]"),
    _example("insert before", "插入", "insert", "insert before([1, 3], 2, 2)", "[1, 2, 3]"),
    _example("list replace", "替换一项", "replace an item", "list replace([1, 2], 2, 9)", "[1, 9]"),
    _example("remove", "删去一项", "remove an item", "remove([1, 2], 1)", "[2]"),
)  # fmt: skip

TEXTS = (
    _example("string", "转为文字", "as text", "string(5)", '"5"'),
    _example("string join", "用分隔符连接", "join with a separator", 'string join(["甲", "乙"], "、")', '"甲、乙"'),
    _example("string length", "字数", "the length", 'string length("质量奖")', "3"),
    _example("substring", "截取", "a part", 'substring("质量奖", 1, 2)', '"质量"'),
    _example("substring before", "某词之前", "what stands before", 'substring before("甲-乙", "-")', '"甲"'),
    _example("substring after", "某词之后", "what stands after", 'substring after("甲-乙", "-")', '"乙"'),
    _example("contains", "是否含有", "whether it holds a text", 'contains("质量奖", "质")', "true"),
    _example("starts with", "是否以…开头", "whether it starts with", 'starts with("质量奖", "质")', "true"),
    _example("ends with", "是否以…结尾", "whether it ends with", 'ends with("质量奖", "奖")', "true"),
    _example("matches", "是否符合模式", "whether it fits a pattern", 'matches("2026", "[0-9]{4}")', "true"),
    _example("replace", "按模式替换", "replace by a pattern", 'replace("a1b2", "[0-9]", "")', '"ab"'),
    _example("split", "按分隔符拆开", "split", 'split("甲,乙", ",")', '["甲", "乙"]'),
    _example("upper case", "转大写", "in capitals", 'upper case("ab")', '"AB"'),
    _example("lower case", "转小写", "in small letters", 'lower case("AB")', '"ab"'),
)  # fmt: skip

NUMBERS = (
    _example("number", "文字转数字", "a text as number", 'number("1,000", ",", ".")', "1000"),
    _example("decimal", "保留小数位（四舍六入五取偶）", "rounded, half to even", "decimal(2.345, 2)", "2.34"),
    _example("round half up", "四舍五入", "rounded half up", "round half up(2.345, 2)", "2.35"),
    _example("round half down", "五舍六入", "rounded half down", "round half down(2.345, 2)", "2.34"),
    _example("round up", "远离零取整", "rounded away from zero", "round up(2.1, 0)", "3"),
    _example("round down", "向零取整", "rounded towards zero", "round down(2.9, 0)", "2"),
    _example("floor", "向下取整", "rounded down", "floor(2.9)", "2"),
    _example("ceiling", "向上取整", "rounded up", "ceiling(2.1)", "3"),
    _example("abs", "绝对值", "without its sign", "abs(-2)", "2"),
    _example("modulo", "余数", "the remainder", "modulo(7, 3)", "1"),
    _example("sqrt", "平方根", "the square root", "sqrt(9)", "3"),
    _example("exp", "e 的幂", "e to a power", "exp(0)", "1"),
    _example("log", "自然对数", "the natural logarithm", "log(1)", "0"),
    _example("even", "是否偶数", "whether it is even", "even(4)", "true"),
    _example("odd", "是否奇数", "whether it is odd", "odd(5)", "true"),
)  # fmt: skip

OTHERS = (
    _example("not", "否定；未知仍为未知", "negation; unknown stays unknown", "not(true)", "false"),
    _example("is", "是否同一类型的同一值", "whether two values are the same in kind and value", "is(1, 1)", "true"),
    _example("context", "由键值行组成", "built of key and value rows", 'context([{key: "a", value: 1}])', "{a: 1}"),
    _example("context put", "改一个键", "with one key changed", 'context put({a: 1}, "b", 2)', "{a: 1, b: 2}"),
    _example("context merge", "合并", "merged", "context merge([{a: 1}, {b: 2}])", "{a: 1, b: 2}"),
    _example("get value", "取一个键", "the value of a key", 'get value({a: 1}, "a")', "1"),
    _example("get entries", "各键值行", "rows of key and value", "get entries({a: 1})[1].key", '"a"'),
    _example("range", "由文字读区间", "a range from text", 'includes(range("[1..5]"), 3)', "true"),
    _example("before", "是否在前", "whether it lies before", "before(1, [2..5])", "true"),
    _example("after", "是否在后", "whether it lies after", "after(6, [2..5])", "true"),
    _example("includes", "区间是否包含", "whether a range includes", "includes([1..5], 3)", "true"),
    _example("during", "是否在区间内", "whether it lies within", "during(3, [1..5])", "true"),
    _example("meets", "是否前后相接", "whether one ends where the other starts", "meets([1..3], [3..5])", "true"),
    _example("met by", "同上，次序相反", "the same the other way round", "met by([3..5], [1..3])", "true"),
    _example("overlaps", "是否重叠", "whether they overlap", "overlaps([1..3], [2..5])", "true"),
    _example("overlaps before", "是否从前面重叠", "whether it overlaps from before", "overlaps before([1..3], [2..5])", "true"),
    _example("overlaps after", "是否从后面重叠", "whether it overlaps from behind", "overlaps after([2..5], [1..3])", "true"),
    _example("starts", "是否同起点", "whether it starts a range", "starts(1, [1..5])", "true"),
    _example("started by", "是否由其开始", "whether it is started by", "started by([1..5], 1)", "true"),
    _example("finishes", "是否同终点", "whether it ends a range", "finishes(5, [1..5])", "true"),
    _example("finished by", "是否由其结束", "whether it is ended by", "finished by([1..5], 5)", "true"),
    _example("coincides", "是否重合", "whether they coincide", "coincides([1..5], [1..5])", "true"),
)  # fmt: skip

GROUPS = (
    (Text("期限", "Time limits"), TIME),
    (Text("日期", "Dates"), DATES),
    (Text("列表", "Lists"), LISTS),
    (Text("文字", "Texts"), TEXTS),
    (Text("数字", "Numbers"), NUMBERS),
    (Text("其他", "Others"), OTHERS),
)
EXAMPLES = tuple(example for _, group in GROUPS for example in group)
