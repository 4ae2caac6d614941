"""A published version whose files were written beside the program: nothing of it runs."""

from __future__ import annotations

from service.domain.errors import LaurelError
from service.domain.text import Text

REMEDY = Text(
    "请审计管理员运行 laurel doctor --deep，查明是谁改动的；把 definition 表该行的 content 恢复为备份中的原值，重启服务后再点“重试”",
    "the audit administrator runs laurel doctor --deep and finds out who did it; put the value of content in that row of"
    " definition back from a backup, restart the service, then retry",
)


class VersionAltered(LaurelError):
    """The stored files of a version are not those that it is named after."""

    code = "version_altered"

    def __init__(self, version: str) -> None:
        super().__init__(
            Text(
                f"流程版本 {version[:8]} 存储的文件在系统之外被改动，按它办理的事项全部停下，您刚才的操作没有生效。请通知管理员。",
                f"The stored files of process version {version[:8]} were changed beside the program: nothing of it runs, and"
                " what you just did was not done. Tell the administrator.",
            )
        )
        self.version = version


def words_of(package: str, version: str) -> Text:
    """Return what a comparison says of such a version."""
    return Text(
        f"表 definition 中“{package}”的版本 {version[:8]}，content 列不是发布时的文件，在系统之外被改动，该版本不再执行",
        f"table definition, version {version[:8]} of “{package}”: column content does not hold the files that were published;"
        " it was changed beside the program, and nothing of it runs",
    )
