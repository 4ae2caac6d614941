"""Rows that somebody wrote beside the program: what would be done by them is refused."""

from __future__ import annotations

from service.domain.errors import Conflict
from service.domain.text import Text

HOLDING, HOLDING_EN = "role、body_id、signs_open、assignee_id、form ", "role, body_id, signs_open, assignee_id, form"


class SourcesAltered(Conflict):
    """The files that a version was made from were written beside the program: no draft begins with them."""

    code = "sources_altered"

    def __init__(self, version: str) -> None:
        super().__init__(
            Text(
                f"流程版本 {version[:8]} 的源文件（definition 表 sources 列）在系统之外被改动，不能据以新建或者比较草稿。"
                "请通知审计管理员：查明是谁改动的，从备份恢复原值。",
                f"The files that process version {version[:8]} was made from (column sources of table definition) were changed"
                " beside the program: no draft begins with them. Tell the audit administrator, who finds out who did it and puts"
                " the value back from a backup.",
            )
        )


class NameAltered(Conflict):
    """What a body is called, or its details, were written beside the program: nothing is issued in that name."""

    code = "name_altered"

    def __init__(self, body: int) -> None:
        super().__init__(
            Text(
                f"单位（body 表第{body}行）的名称或登记信息（name、name_en、details 列）在系统之外被改动，不能以它的名义办理，"
                "您刚才的操作没有生效。请通知审计管理员：查明是谁改动的，从备份恢复原值；确认现状无误的，运行 laurel audit record-rows。",
                f"What a body (row {body} of table body) is called, or its details (columns name, name_en, details), was changed"
                " beside the program: nothing is done in its name, and what you just did was not done. Tell the audit"
                " administrator, who finds out who did it and puts the values back from a backup; where they are known to be"
                " right, laurel audit record-rows takes them as they stand.",
            )
        )


class TaskAltered(Conflict):
    """Who holds a task, what it is of, or whether it waits for signatures, was written beside the program: nobody does it."""

    code = "task_altered"

    def __init__(self, task: int, case_id: int) -> None:
        self.task, self.case_id = task, case_id
        super().__init__(
            Text(
                f"任务 {task}（task 表）由谁办理或者认领、属于哪个环节、是否待会签（{HOLDING}等列）在系统之外被改动，不能办理，您刚才的操作没有生效。"
                "请通知审计管理员：查明是谁改动的，从备份恢复原值；确认现状无误的，运行 laurel audit record-rows。",
                f"Who holds or has claimed task {task} (table task), which step it is of, or whether it waits for signatures"
                f" (columns {HOLDING_EN} and the like), was changed beside the program: it cannot be done, and what you just did was"
                " not done. Tell the audit administrator, who finds out who did it and puts the values back from a backup;"
                " where they are known to be right, laurel audit record-rows takes them as they stand.",
            )
        )


class HistoryAltered(Conflict):
    """The history of a case does not hold from entry to entry: nothing is decided by what stands in it."""

    code = "history_altered"

    def __init__(self, case_id: int, seq: int) -> None:
        self.case_id, self.seq = case_id, seq
        super().__init__(
            Text(
                f"{self.words.zh}，不能据以办理，您刚才的操作没有生效。请通知审计管理员：查明是谁改动的，从备份恢复原值。",
                f"{self.words.en}: nothing is done by it, and what you just did was not done. Tell the audit administrator, who"
                " finds out who did it and puts the value back from a backup.",
            )
        )

    @property
    def words(self) -> Text:
        """Say which entry is the first that does not hold."""
        return Text(
            f"办件 {self.case_id} 的办理记录第{self.seq}条（audit 表 case_id 为{self.case_id}、seq 为{self.seq}的行）在系统之外被改动、删除或者加入",
            f"Entry {self.seq} in the history of case {self.case_id} (table audit, the row with case_id {self.case_id} and seq"
            f" {self.seq}) was changed, taken out or added beside the program",
        )


class PartyAltered(Conflict):
    """Which body takes part in a case was written beside the program: nothing is done by it."""

    code = "party_altered"

    def __init__(self, case: int, body: int) -> None:
        super().__init__(
            Text(
                f"办件 {case} 的参与单位（case_party 表，body_id 为{body}的行）不是由本系统写入的，或者被改动，您刚才的操作没有生效。"
                "请通知审计管理员：查明是谁改动的，从备份恢复原值；确认现状无误的，运行 laurel audit record-rows。",
                f"A body that takes part in case {case} (table case_party, the row with body_id {body}) was not written by this"
                " program, or was changed, and what you just did was not done. Tell the audit administrator, who finds out who"
                " did it and puts the row back from a backup; where it is known to be right, laurel audit record-rows takes it"
                " as it stands.",
            )
        )


class LetterAltered(Conflict):
    """A message to somebody was written beside the program: it is not sent."""

    code = "letter_altered"

    def __init__(self, message: int) -> None:
        super().__init__(
            Text(
                f"要发送的消息（mail 表第{message}行）不是由本系统写入，或者收件人、标题、正文、附件（person_id、address、subject、text、"
                "documents 列）在系统之外被改动，没有发送。",
                f"The message to be sent (row {message} of table mail) was not written by this program, or its reader, subject,"
                " text or files (columns person_id, address, subject, text, documents) were changed beside it: it was not sent.",
            )
        )


class ContactAltered(Conflict):
    """Who registered, who verifies it, telephone or e-mail were written beside the program: no account is opened by it."""

    code = "contact_altered"

    def __init__(self, number: int) -> None:
        super().__init__(
            Text(
                f"注册申请（registration 表第{number}行）的单位名称、联系人、核实单位、电话或邮箱在系统之外被改动，没有开通账号。"
                "请退回，由申请人重新提交，并通知审计管理员。",
                f"Name, contact, verifier, telephone or e-mail of a registration (row {number} of table registration) were"
                " changed beside the program, and no account was opened. Refuse it, let the applicant register again, and tell the audit administrator.",
            )
        )
