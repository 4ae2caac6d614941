"""What parsers of YAML and JSON say of a text that they cannot read, in words of our own."""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.text import Text

_YAML: Mapping[str, Text] = {
    "expected ',' or ']'": Text("方括号没有写完，或者各项之间缺少逗号", "a list in brackets is not closed, or a comma is missing"),
    "expected ',' or '}'": Text("花括号没有写完，或者各项之间缺少逗号", "a mapping in braces is not closed, or a comma is missing"),
    "mapping values are not allowed": Text(
        "这里不能再写“键: 值”：可能缩进不对，或者文本里含有冒号而没有加引号",
        "a key cannot stand here: the indentation is wrong, or a text with a colon lacks its quotation marks",
    ),
    "cannot start any token": Text(
        "这里的字符不能作开头：缩进请用空格，不用制表符；以 @、`、% 开头的文本请加引号",
        "nothing begins with this character: indent with blanks, not tabs; put texts that begin with @, ` or % in quotation marks",
    ),
    "undefined alias": Text("引用（*）的锚点没有定义", "an alias (*) names an anchor that is not there"),
    "expected '-' indicator": Text("这里应是列表的下一项（以“-”开头），或者缩进不对", "the next item of a list (-) is expected, or the indentation is wrong"),
    "expected <block end>": Text("缩进与上文不一致", "the indentation does not agree with the lines above"),
    "expected <document start>": Text("多出括号，或者上文已经结束", "there is a bracket too many, or what stands above has ended"),
    "unexpected end of stream": Text("引号没有写完", "a quotation mark is not closed"),
    "expected key": Text("缺少键名", "a key is missing"),
    "could not find expected ':'": Text("键后面缺少冒号", "a colon is missing after a key"),
    "unknown escape": Text("反斜杠后面的字符不能这样写，请改用单引号", "the character after a backslash cannot stand there: use single quotation marks"),
}  # fmt: skip
_JSON: Mapping[str, Text] = {
    "zero-length": Text("文件是空的", "the file is empty"),
    "unexpected end of data": Text("没有写完，缺少括号或者引号", "it is not finished: a bracket or quotation mark is missing"),
    "trailing comma": Text("最后一项后面多了逗号", "there is a comma after the last item"),
    "not valid UTF-8": Text("不是 UTF-8 编码", "it is not UTF-8"),
    "expected a JSON value": Text("这里应为一个值", "a value is expected here"),
    "unexpected content after": Text("结尾之后还有内容", "something follows after the end"),
    "control character": Text("文本里有换行或者控制字符", "a text holds a line break or a control character"),
    "surrogate": Text("文本里有不完整的字符", "a text holds half a character"),
    "unexpected character": Text("多出或者写错了一个符号", "there is a character too many, or a wrong one"),
    "escape": Text("反斜杠后面的字符不能这样写", "the character after a backslash cannot stand there"),
}  # fmt: skip


def yaml_words(said: str) -> Text:
    """Return what the parser of YAML ``said``, as a sentence about the line."""
    what = _of(_YAML, said)
    if what is None:
        return Text(
            "YAML 语法有误。请对照上下几行检查缩进、冒号和引号。",
            "The YAML is malformed: check indentation, colons and quotation marks.",
        )
    return Text(f"YAML 语法有误：{what.zh}。", f"The YAML is malformed: {what.en}.")


def json_words(said: str) -> Text:
    """Return what the parser of JSON ``said``, as a sentence about the line."""
    what = _of(_JSON, said)
    if what is None:
        return Text(
            "不是 JSON。请对照上下几行检查括号、逗号和引号。",
            "This is not JSON: check brackets, commas and quotation marks.",
        )
    return Text(f"不是 JSON：{what.zh}。", f"This is not JSON: {what.en}.")


def _of(words: Mapping[str, Text], said: str) -> Text | None:
    return next((what for part, what in words.items() if part in said), None)
