"""Actual state of each setting that 等保 (GB/T 22239-2019, levels 2 and 3) asks of an installation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from service.casework.access.actor import ADMINISTRATOR, THREE_OFFICES, Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.health.checks import (
    Colour,
    Finding,
    look_at_backup,
    look_at_certificate,
    look_at_data_keys,
    look_at_doctor,
    look_at_heads,
    look_at_scanner,
)
from service.casework.people.factors.password_throttle import FREE_FROM_ADDRESS, FREE_TRIES
from service.casework.people.factors.passwords import SHORTEST
from service.casework.people.rights.seats import BUILT_IN_ROLES, EVERYWHERE
from service.domain.proof.algorithms import AES, SHA256
from service.domain.text import Text
from service.settings import Settings


class State(StrEnum):
    """Whether a setting is as wanted; the program cannot see everything."""

    ON = "on"
    OFF = "off"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class DengbaoSetting:
    """A setting: the clause that asks for it, its value now, the wanted one, and what to do where it is off."""

    name: str
    clause: str
    what: Text
    now: Text
    wanted: Text
    state: State
    remedy: Text


@dataclass(frozen=True, slots=True)
class _Installation:
    desk: Desk
    settings: Settings


@dataclass(frozen=True, slots=True)
class _Check:
    name: str
    clause: str
    what: Text
    wanted: Text
    remedy: Text
    look: Callable[[_Installation], tuple[State, Text]]


@guarded("dengbao.view")
def view_dengbao(desk: Desk, actor: Actor, settings: Settings) -> tuple[DengbaoSetting, ...]:  # noqa: ARG001  the guard reads the actor
    """Return every setting as it is in this moment: ``settings`` of the running process, and what the health checks find."""
    installation = _Installation(desk, settings)
    return tuple(_state_of(check, installation) for check in _CHECKS)


def _state_of(check: _Check, installation: _Installation) -> DengbaoSetting:
    state, now = check.look(installation)
    return DengbaoSetting(check.name, check.clause, check.what, now, check.wanted, state, check.remedy)


def _to_state(on: bool, now: Text) -> tuple[State, Text]:
    return (State.ON if on else State.OFF), now


def _look_by_check(look: Callable[[Desk], Finding], installation: _Installation) -> tuple[State, Text]:
    """Return what a health check finds; one that has nothing to look at is off."""
    finding = look(installation.desk)
    return _to_state(finding.colour is Colour.GREEN, finding.sentence)


_NOT_SET = Text("没有设置", "not set")


def _format_minutes(number: int) -> Text:
    return Text(f"{number} 分钟", f"{number} minutes") if number else _NOT_SET


def _check_limit(number: int, most: int, now: Text) -> tuple[State, Text]:
    return _to_state(0 < number <= most, now)


def _look_at_passwords(_: _Installation) -> tuple[State, Text]:
    return State.ON, Text(
        f"至少 {SHORTEST} 个字符，常见和易猜的拒收",
        f"{SHORTEST} characters or more; what is common or easily guessed is refused",
    )


def _password_days(at: _Installation) -> tuple[State, Text]:
    days = at.settings.password_days
    return _check_limit(days, 90, Text(f"每 {days} 天", f"every {days} days") if days else _NOT_SET)


def _lock_out(_: _Installation) -> tuple[State, Text]:
    return State.ON, Text(
        f"同一账号 {FREE_TRIES} 次、同一地址一天 {FREE_FROM_ADDRESS} 次以后逐次等待，最长 15 分钟",
        f"after {FREE_TRIES} for a name, {FREE_FROM_ADDRESS} a day from an address, one waits, up to 15 minutes",
    )


def _look_at_idle_limit(at: _Installation) -> tuple[State, Text]:
    return _check_limit(at.settings.idle_minutes, 30, _format_minutes(at.settings.idle_minutes))


def _look_at_session_limit(at: _Installation) -> tuple[State, Text]:
    hours = at.settings.session_hours
    return _check_limit(hours, 12, Text(f"最长 {hours} 小时", f"{hours} hours at most"))


def _step_up(at: _Installation) -> tuple[State, Text]:
    return _check_limit(at.settings.step_up_minutes, 30, _format_minutes(at.settings.step_up_minutes))


def _second_factor(at: _Installation) -> tuple[State, Text]:
    roles = at.settings.second_factor
    now = Text("、".join(sorted(roles)), ", ".join(sorted(roles))) if roles else _NOT_SET
    return _to_state({ADMINISTRATOR, *THREE_OFFICES} <= roles or "*" in roles, now)


def _look_at_addresses(at: _Installation) -> tuple[State, Text]:
    networks = [f"{network}" for network in at.settings.administrators_from]
    return _to_state(bool(networks), Text("、".join(networks), ", ".join(networks)) if networks else _NOT_SET)


def _look_at_https(at: _Installation) -> tuple[State, Text]:
    on = at.settings.https
    return _to_state(
        on, Text("启用，Cookie 只经 TLS 发送", "on, cookies go by TLS alone") if on else Text("没有启用", "off")
    )


def _look_at_algorithms(at: _Installation) -> tuple[State, Text]:
    cipher = "AES-256-GCM" if at.settings.cipher == AES else "SM4-GCM"
    digest = "SHA-256" if at.settings.digest == SHA256 else "SM3"
    return State.ON, Text(f"{cipher}、{digest}", f"{cipher}, {digest}")


def _heads_mailed(at: _Installation) -> tuple[State, Text]:
    mail = at.settings.anchors_mail
    return _to_state(mail is not None, Text("每天寄送", "mailed every day") if mail is not None else _NOT_SET)


def _look_at_offices(at: _Installation) -> tuple[State, Text]:
    """Look who holds the administrators' offices."""
    now = at.desk.clock.now()
    with at.desk.store.read() as tx:
        joined = bool(tx.rights.holders(ADMINISTRATOR, now))
        vacant = [
            role for role in THREE_OFFICES if all(r.jurisdiction != EVERYWHERE for r in tx.rights.holders(role, now))
        ]
    if joined and at.settings.separation == "one":
        return State.OFF, Text(
            "由一人兼任（LAUREL_SEPARATION=one）", "one person holds all three (LAUREL_SEPARATION=one)"
        )
    if joined:
        return State.OFF, Text("有管理员一人兼任三员", "an administrator holds all three")
    if vacant:
        names = [BUILT_IN_ROLES[role] for role in vacant]
        words = f"nobody is {', '.join(n.en.lower() for n in names)}"
        return State.OFF, Text(f"无人担任{'、'.join(n.zh for n in names)}", words)
    return State.ON, Text("由三人分别担任", "three people hold them")


def _look_at_secrets(at: _Installation) -> tuple[State, Text]:
    """Name the secrets that stand in the environment, and their files that others may read."""
    exposed = [secret.name if secret.file is None else str(secret.file) for secret in at.desk.premises.exposed_secrets]
    if exposed:
        return State.OFF, Text(f"他人可见：{'、'.join(exposed)}", f"others may see {', '.join(exposed)}")
    return State.ON, Text("各在只有 root 能读的文件里", "each in a file that root alone reads")


def _encrypted_backups(at: _Installation) -> tuple[State, Text]:
    command = at.settings.backup_command
    return _to_state(bool(command), Text("由命令加密", "encrypted by a command") if command else _NOT_SET)


def _log_rights(at: _Installation) -> tuple[State, Text]:
    if at.desk.store.dialect != "postgresql":
        return State.OFF, Text("SQLite 没有数据库角色", "SQLite has no roles of a database")
    with at.desk.store.read() as tx:
        free = tx.log.may_be_rewritten()
    return _to_state(
        not free,
        Text("运行账号能够改写事件", "the program's role can change events")
        if free
        else Text("运行账号只能追加事件", "the program's role can only append events"),
    )


def _look_at_syslog(_: _Installation) -> tuple[State, Text]:
    return State.UNSEEN, Text(
        "由命令逐行送出，本页看不到是否有人接收", "sent by a command: this page cannot see who receives it"
    )


_CHECKS: tuple[_Check, ...] = (
    _Check(
        "passwords",
        "8.1.4.1a",
        Text("口令复杂度", "Strength of passwords"),
        Text("始终生效", "always in force"),
        Text("不可关闭", "cannot be switched off"),
        _look_at_passwords,
    ),
    _Check(
        "password_days",
        "8.1.4.1a",
        Text("口令定期更换", "Change of passwords"),
        Text("90 天以内", "within 90 days"),
        Text("设 LAUREL_PASSWORD_DAYS=90", "set LAUREL_PASSWORD_DAYS=90"),
        _password_days,
    ),
    _Check(
        "lock_out",
        "8.1.4.1b",
        Text("登录失败处理", "Failed sign-ins"),
        Text("始终生效", "always in force"),
        Text("不可关闭", "cannot be switched off"),
        _lock_out,
    ),
    _Check(
        "idle",
        "8.1.4.1b",
        Text("无操作自动退出", "Idle sessions end"),
        Text("30 分钟以内", "within 30 minutes"),
        Text("设 LAUREL_IDLE_MINUTES=30", "set LAUREL_IDLE_MINUTES=30"),
        _look_at_idle_limit,
    ),
    _Check(
        "session",
        "8.1.4.1b",
        Text("会话最长时间", "Longest session"),
        Text("12 小时以内", "12 hours or less"),
        Text("设 LAUREL_SESSION_HOURS=12", "set LAUREL_SESSION_HOURS=12"),
        _look_at_session_limit,
    ),
    _Check(
        "step_up",
        "8.1.4.1b",
        Text("重要操作再次确认本人", "Fresh proof for acts that matter"),
        Text("30 分钟以内", "within 30 minutes"),
        Text("设 LAUREL_STEP_UP_MINUTES=15", "set LAUREL_STEP_UP_MINUTES=15"),
        _step_up,
    ),
    _Check(
        "https",
        "8.1.4.1c",
        Text("传输加密", "Encryption in transit"),
        Text("启用 TLS", "TLS is on"),
        Text("由代理终止 TLS，设 LAUREL_HTTPS=1", "let the proxy end TLS, set LAUREL_HTTPS=1"),
        _look_at_https,
    ),
    _Check(
        "certificate",
        "8.1.2.2",
        Text("证书", "Certificate"),
        Text("在有效期内", "valid"),
        Text("设 LAUREL_CERTIFICATE，到期前续期", "set LAUREL_CERTIFICATE, renew it in time"),
        partial(_look_by_check, look_at_certificate),
    ),
    _Check(
        "second_factor",
        "8.1.4.1d",
        Text("双因素鉴别", "Second factor"),
        Text("各管理员都须用", "for every administrator"),
        Text("在 LAUREL_SECOND_FACTOR 中列出管理员角色", "name the administrators' roles in LAUREL_SECOND_FACTOR"),
        _second_factor,
    ),
    _Check(
        "offices",
        "8.1.4.2d",
        Text("三员分立", "Three administrators"),
        Text("由三人分别担任", "three people hold them"),
        Text(
            "设了 LAUREL_SEPARATION=one 的先去掉；兼任的管理员在本页下面分立，或者在服务器上运行 laurel administrator",
            "take LAUREL_SEPARATION=one away; who holds all three parts them below, or run laurel administrator",
        ),
        _look_at_offices,
    ),
    _Check(
        "addresses",
        "8.1.4.4c",
        Text("管理员登录地址", "Administrators' addresses"),
        Text("限定网段", "limited to networks"),
        Text("设 LAUREL_ADMINISTRATORS_FROM", "set LAUREL_ADMINISTRATORS_FROM"),
        _look_at_addresses,
    ),
    _Check(
        "log_rights",
        "8.1.4.3c",
        Text("审计记录不可改写", "Events cannot be changed"),
        Text("运行账号只能追加", "the program's role only appends"),
        Text(
            "用 PostgreSQL，并按 deploy/README.md 分设属主和运行两个角色",
            "use PostgreSQL with two roles, an owner and the program, as deploy/README.md says",
        ),
        _log_rights,
    ),
    _Check(
        "anchors",
        "8.1.4.3c",
        Text("记录头存到库外", "Signed heads kept outside"),
        Text("两天以内签过", "signed within two days"),
        Text("设 LAUREL_ANCHORS 为库外目录", "set LAUREL_ANCHORS to a folder outside"),
        partial(_look_by_check, look_at_heads),
    ),
    _Check(
        "heads_mailed",
        "8.1.4.3c",
        Text("记录头寄送监督机构", "Heads mailed to supervision"),
        Text("每天寄送", "every day"),
        Text("设 LAUREL_ANCHORS_MAIL", "set LAUREL_ANCHORS_MAIL"),
        _heads_mailed,
    ),
    _Check(
        "verified",
        "8.1.4.7b",
        Text("记录核对", "Comparison of the records"),
        Text("每晚核对，没有发现不符", "every night, nothing differs"),
        Text(
            "在“记录核对”查看，或运行 laurel doctor --deep", "look at the page of records, or run laurel doctor --deep"
        ),
        partial(_look_by_check, look_at_doctor),
    ),
    _Check(
        "syslog",
        "8.1.5.4",
        Text("操作日志送出", "Book of acts sent on"),
        Text("送到集中日志", "to a collector"),
        Text(
            "按 deploy/README.md 定时运行 laurel audit 的导出命令",
            "run the export of laurel audit by a timer, as deploy/README.md says",
        ),
        _look_at_syslog,
    ),
    _Check(
        "scanner",
        "8.1.4.5",
        Text("病毒扫描", "Virus scan"),
        Text("每个上传文件先扫描", "every upload is scanned first"),
        Text("安装 clamd，设 LAUREL_SCANNER", "install clamd, set LAUREL_SCANNER"),
        partial(_look_by_check, look_at_scanner),
    ),
    _Check(
        "algorithms",
        "8.1.4.7–8",
        Text("密码算法", "Algorithms"),
        Text("通行算法或国密算法", "usual or Chinese standards"),
        Text(
            "要求国密的，设 LAUREL_CIPHER=sm4、LAUREL_DIGEST=sm3",
            "for Chinese standards set LAUREL_CIPHER=sm4 and LAUREL_DIGEST=sm3",
        ),
        _look_at_algorithms,
    ),
    _Check(
        "columns",
        "8.1.4.8b",
        Text("存储加密", "Encryption at rest"),
        Text("个人信息、办件和文件都加密", "personal data, cases and files"),
        Text(
            "运行 laurel doctor --rotate-keys，另行保管密钥",
            "run laurel doctor --rotate-keys and keep a copy of the keys apart",
        ),
        partial(_look_by_check, look_at_data_keys),
    ),
    _Check(
        "secrets",
        "8.1.4.8b",
        Text("密码和密钥的存放", "Where secrets stand"),
        Text("不在环境变量里，他人不可读", "not in the environment, and readable by nobody else"),
        Text(
            "各放入只有 root 能读的文件（/etc/credstore/ 下，以设置名为文件名；或用 …_FILE 指明），改其权限（chmod o= 文件）并更换",
            "put each into a file of its own that root alone reads (in /etc/credstore, called like the setting, or named by"
            " …_FILE; chmod o= FILE), and change it",
        ),
        _look_at_secrets,
    ),
    _Check(
        "backups",
        "8.1.4.9a",
        Text("备份", "Backups"),
        Text("在期限以内", "recent"),
        Text("启用 laurel-backup.timer，设 LAUREL_BACKUPS", "enable laurel-backup.timer, set LAUREL_BACKUPS"),
        partial(_look_by_check, look_at_backup),
    ),
    _Check(
        "encrypted_backups",
        "8.1.4.8b",
        Text("备份加密", "Encrypted backups"),
        Text("加密", "encrypted"),
        Text("设 LAUREL_BACKUP_COMMAND", "set LAUREL_BACKUP_COMMAND"),
        _encrypted_backups,
    ),
)
"""Every setting, in the order of the clauses of GB/T 22239-2019."""
