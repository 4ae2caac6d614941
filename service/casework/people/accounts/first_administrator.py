"""The first administrator of an installation, who then opens all other accounts."""

from __future__ import annotations

from service.casework.access.actor import ADMINISTRATOR, Actor
from service.casework.access.book.acting import tell
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.accounts.accounts import NewAccount, insert_account
from service.casework.people.factors.passwords import demand_good_password, hash_password
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store.models import MembershipRow


@guarded("offices.make")
def add_first_administrator(desk: Desk, actor: Actor, account: NewAccount, role: str = ADMINISTRATOR) -> int:  # noqa: ARG001  the guard reads the actor
    """Open an account that administers every jurisdiction, as ``role``; returns its id.

    Raises:
        Invalid: the password is too short or too simple.
        Conflict: the login name is taken.
    """
    demand_good_password(account.password, account.login)
    hashed, now = hash_password(account.password), desk.clock.now()
    with desk.store.write() as tx:
        if tx.people.by_login(account.login) is not None:
            raise Conflict(
                Text(f"登录名“{account.login}”已被使用，请换一个。", f"The login name {account.login!r} is taken.")
            )
        body = tx.people.upsert_body("*", "administration", kind="agency", name="系统管理", name_en="Administration")
        ident = insert_account(tx, account, hashed, now)
        tx.people.add_membership(MembershipRow(person_id=ident, body_id=body, jurisdiction="*", role=role, since=now))
        tell(f"开设首个管理员账号：{account.name}（{account.login}）", place="*", after={"role": role})
        return ident
