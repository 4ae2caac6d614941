"""Writes ``deploy/laurel.env.example`` from what the program declares: ``python -m deploy.settings_example``."""

from __future__ import annotations

from pathlib import Path

from service.settings.read_settings import DECLARED

FILE = Path(__file__).with_name("laurel.env.example")
_HEAD = """\
# 一个安装的设置：复制到 /etc/laurel/laurel.env，属主 root，组 laurel，权限 0640；由 systemd 和命令（LAUREL_SETTINGS）读取，不经过 shell。
# Settings of one installation. Copy to /etc/laurel/laurel.env, owner root, group laurel, mode 0640; read by systemd and, for
# commands, by the program (LAUREL_SETTINGS), never by a shell. A value with spaces, quotes, #, $ or a backslash stands in
# single quotes. 密码和密钥可另放文件：/etc/credstore/设置名，或 设置名_FILE=文件 / secrets may stand in files of their own (README).
# LAUREL_DATABASE_OWNER stands in owner.env, never here.
"""
_USUAL = {
    "LAUREL_DATA": "/var/lib/laurel",
    "LAUREL_BALLOT_KEYS": "/var/lib/laurel-ballot-keys",
    "LAUREL_DATA_KEYS": "/var/lib/laurel-data-keys/keys",
    "LAUREL_BACKUP_COMMAND": "age -R /etc/laurel/backup-recipients",
    "LAUREL_HTTPS": "yes",
    "LAUREL_TRUSTED_PROXY": "127.0.0.1",
    "LAUREL_PUBLIC_URL": "https://award.example.gov.cn",
    "LAUREL_SITE_OPERATOR": "",
    "LAUREL_SITE_CONTACT": "",
}
"""What a server with a proxy sets."""
_SAMPLES = {
    "LAUREL_DATABASE": "postgresql+psycopg://laurel@/laurel?host=/var/run/postgresql",
    "LAUREL_FILES": "s3://award/files",
    "LAUREL_ADMINISTRATORS_FROM": "10.1.2.3,10.8.0.0/24",
    "LAUREL_SECOND_FACTOR": "system_administrator,security_administrator,audit_administrator",
    "LAUREL_PLAIN_LINES": "database,mail,gateway,files,scanner,pages",
    "LAUREL_SCANNER": "unix:/run/clamav/clamd.ctl",
    "LAUREL_BACKUPS": "/var/backups/laurel",
    "LAUREL_ANCHORS": "/mnt/laurel-anchors",
}
_ELSEWHERE = {"LAUREL_DATABASE_OWNER", "LAUREL_DEMO"}


def example() -> str:
    """Return the file: every setting with its words, those that a server usually sets without a sign in front."""
    lines = [_HEAD]
    for one in DECLARED:
        if one.name in _ELSEWHERE:
            continue
        lines.append(f"# {one.words.zh} / {one.words.en}\n")
        value = _USUAL.get(one.name, _SAMPLES.get(one.name, one.default))
        lines.append(f"{'' if one.name in _USUAL else '#'}{one.name}={value}\n")
    return "".join(lines)


if __name__ == "__main__":
    FILE.write_text(example(), "utf-8")
