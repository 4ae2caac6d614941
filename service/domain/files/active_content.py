"""What of a file does something by itself when it is opened: such files are not taken."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

from service.domain.text import Text

_AS_PDF = Text("请打印或导出为 PDF 后再传", "print or export it as PDF and send that")
_PRINTED = Text("请用“打印为 PDF”另存后再传", "save it anew by printing it to PDF")


class Active(Enum):
    """Kinds of active content of Office files and of PDF; the value is (what it is, what to do)."""

    MACROS = (Text("含有宏", "holds macros"), _AS_PDF)
    TEMPLATE = (
        Text("引用了别处的模板，打开时会自动取用", "fetches a template from another computer when it is opened"),
        Text("请在文档模板设置中取消这个模板，或者导出为 PDF 后再传", "detach the template, or export it as PDF"),
    )
    LINKED = (
        Text("链接了别处的内容，打开时会自动取用", "fetches something from another computer when it is opened"),
        Text("请断开链接、把内容留在文件里，或者导出为 PDF 后再传", "break the link, or export it as PDF"),
    )
    OBJECT = (Text("嵌入了其他程序的对象（OLE）", "holds an object of another program (OLE)"), _AS_PDF)
    CONTROL = (Text("含有 ActiveX 控件", "holds ActiveX controls"), _AS_PDF)
    EMBEDDED = (
        Text("里面夹带了其他文件", "has other files inside it"),
        Text(
            "请把夹带的文件取出来分别上传，文件本身打印为 PDF 后再传",
            "send those by themselves, and this one printed as PDF",
        ),
    )
    SCRIPT = (Text("含有脚本（JavaScript）", "holds scripts (JavaScript)"), _PRINTED)
    LAUNCH = (Text("含有启动其他程序的动作", "starts another program"), _PRINTED)
    UNREADABLE = (Text("有一部分读不出来，无法检查", "has a part that cannot be read and checked"), _PRINTED)

    @property
    def words(self) -> Text:
        """What is said after the name of the file."""
        what, advice = self.value
        return Text(f"{what.zh}，不能上传；{advice.zh}", f"{what.en} and is not taken; {advice.en}")


Inspection: TypeAlias = Callable[[bytes], Active | None]
"""Returns the first active content that is found in a file, None for none."""
