"""``laurel keys``: the service that holds the urns' keys, what it holds, and what supervision says to it."""

from __future__ import annotations

import getpass
import os
import pwd
import secrets
import sys
from dataclasses import replace
from pathlib import Path

import click

from service.cli.asking import asked
from service.cli.tools import refuse
from service.domain.errors import Invalid, LaurelError
from service.domain.proof.algorithms import AES, CIPHERS
from service.domain.text import Text
from service.keys.certificates import make_certificates
from service.keys.holders import make_holder, names
from service.keys.server import KeyServer
from service.keys.service import KeyService, now_in_utc

_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="LAUREL_KEYS_FOLDER",
    required=True,
    help="Folder of the keys; never backed up, readable by the service's user alone.",
)
_BY_FILE = Text(
    "请由保管人在终端输入两遍，或者用 --file 制成文件交本人。",
    "The holder types it twice at a terminal, or gets a file made by --file.",
)
_PEM = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("keys")
def keys() -> None:
    """Run the key service as a user or on a machine of its own, and watch over it."""


def _service(folder: Path, *, made: bool = False, cipher: str = AES) -> KeyService:
    """Return the service of ``folder``, which only `serve` makes; refuses who does not own it: its files would be theirs."""
    if not folder.exists():
        if not made:
            refuse(
                Invalid(
                    Text(
                        f"没有目录 {folder}，请核对 --folder；它由 laurel keys serve 建立。",
                        f"There is no folder {folder}: look at --folder; laurel keys serve makes it.",
                    )
                )
            )
    elif folder.stat().st_uid != os.geteuid():
        owner = _user(folder.stat().st_uid)
        refuse(
            Invalid(
                Text(
                    f"{folder} 属于用户 {owner}，现在的用户是 {_user(os.geteuid())}，这样留下的文件密钥服务读不了。"
                    f"请用 sudo -u {owner} 运行。",
                    f"{folder} belongs to {owner}, and you are {_user(os.geteuid())}: the service could not read what is left"
                    f" there. Run it by sudo -u {owner}.",
                )
            )
        )
    return KeyService(folder, cipher=cipher)


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


@keys.command("serve")
@_FOLDER
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8443, show_default=True, type=click.IntRange(0, 65535))
@click.option("--certificate", type=_PEM, required=True, help="The service's certificate with its key (service.pem).")
@click.option("--authority", type=_PEM, required=True, help="The certificate that both sides trust (authority.pem).")
@click.option(
    "--cipher",
    type=click.Choice(CIPHERS),
    envvar="LAUREL_CIPHER",
    default=AES,
    help="By which urns are sealed from now on.",
)
def serve(folder: Path, host: str, port: int, certificate: Path, authority: Path, cipher: str) -> None:
    """Hold the keys of urns until told to stop; only who shows a certificate of the authority is answered."""
    try:
        server = KeyServer(_service(folder, made=True, cipher=cipher), (host, port), certificate, authority)
    except LaurelError as error:
        refuse(error)
    click.echo(f"Laurel 桂冠：密钥服务 https://{host}:{server.server_port} / key service")
    server.serve_forever()


@keys.command("certificates")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--host", "hosts", multiple=True, default=("127.0.0.1",), help="Name or address of the service; repeatable."
)
@click.option("--days", default=730, show_default=True, type=click.IntRange(1, 3650))
def certificates(folder: Path, hosts: tuple[str, ...], days: int) -> None:
    """Make the certificates of service and program in FOLDER; the key that signs them is thrown away."""
    try:
        make_certificates(folder, hosts, now_in_utc(), days)
    except FileExistsError as there:
        refuse(
            Invalid(
                Text(
                    f"{there} 已经存在，没有改动。须换新的，请另指一个空目录。",
                    f"{there} is there already and was left alone: name an empty folder for new ones.",
                )
            )
        )
    click.echo(
        "service.pem 与 authority.pem 给密钥服务，program.pem 与 authority.pem 给本程序 / "
        "service.pem and authority.pem are the key service's, program.pem and authority.pem the program's"
    )


@keys.command("list")
@_FOLDER
def list_ballots(folder: Path) -> None:
    """Print what ballots there are keys of, and their states; the number is what `close` asks for."""
    for ballot in _service(folder).ballots.all():
        until = ballot.closes_at or "全部投完 / when all voted"
        click.echo(f"{ballot.box}  {ballot.state:9}  {until}  {ballot.place}  {ballot.title}（{ballot.issued}）")


@keys.command("close")
@click.argument("box", metavar="BALLOT")
@click.option("--reason", required=True, help="Why it is closed before its time; it goes into the book.")
@_FOLDER
def close(box: str, reason: str, folder: Path) -> None:
    """Close BALLOT before its time, for supervision: nothing more is cast, and it may be counted."""
    _service(folder).close(box, getpass.getuser(), reason)
    click.echo("已截止 / closed")


@keys.group("holder")
def holder() -> None:
    """Say who holds shares of the urns' keys in a place, for supervision; ballots that run keep the holders they began with."""


@holder.command("add")
@click.argument("place")
@click.argument("name")
@click.option(
    "--file", "file", type=click.Path(path_type=Path, dir_okay=False), help="Make a file instead of a passphrase."
)
@_FOLDER
def add_holder(place: str, name: str, file: Path | None, folder: Path) -> None:
    """Let NAME hold a share in PLACE (its id); the passphrase is typed by the holder, twice."""
    if file is None:
        words = asked(lambda: click.prompt("口令 / passphrase", hide_input=True, confirmation_prompt=True), _BY_FILE)
    else:
        words = secrets.token_hex(32)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            written.write(words)
    service = _service(folder)
    service.change_circle(place, lambda circle: circle.with_holder(make_holder(name, words.encode())), name)
    _tell_circle(service, place)


@holder.command("remove")
@click.argument("place")
@click.argument("name")
@_FOLDER
def remove_holder(place: str, name: str, folder: Path) -> None:
    """Let NAME hold no share of the ballots to come in PLACE."""
    service = _service(folder)
    service.change_circle(place, lambda circle: circle.without(name), name)
    _tell_circle(service, place)


@holder.command("needed")
@click.argument("place")
@click.argument("number", type=click.IntRange(2, 16))
@_FOLDER
def set_needed(place: str, number: int, folder: Path) -> None:
    """Say how many holders open an urn of PLACE together; two unless another number is said."""
    service = _service(folder)
    service.change_circle(place, lambda circle: replace(circle, needed=number), str(number))
    _tell_circle(service, place)


@holder.command("list")
@click.argument("place")
@_FOLDER
def list_holders(place: str, folder: Path) -> None:
    """Print who holds shares in PLACE, and whether they are enough."""
    _tell_circle(_service(folder), place)


def _tell_circle(service: KeyService, place: str) -> None:
    circle = service.giving.files.circle(place)
    state = "今后的表决由他们打开 / ballots to come are opened by them"
    if not circle.in_force:
        state = "人数不足，表决不用保管人 / too few: ballots open without holders"
    click.echo(f"{place}：{len(circle.holders)} 取 {circle.needed}（{names(circle.holders)}） {state}")


@keys.command("book")
@_FOLDER
def book(folder: Path) -> None:
    """Print the key service's book and verify its chain; leave with 1 where an entry was changed or is missing."""
    service = _service(folder)
    for entry in service.book.entries():
        told = " ".join(f"{key}={value}" for key, value in entry.get("data", {}).items())
        click.echo(f"{entry['seq']}  {entry.get('at')}  {entry.get('act')}  {entry.get('box')}  {told}")
    broken = service.book.first_broken()
    if broken is not None:
        click.echo(f"✗ 第 {broken} 条起有改动或缺失 / changed or missing from entry {broken} on")
        sys.exit(1)
    number, digest = service.book.head()
    click.echo(f"✓ {number}  {digest}")
