"""Bodies, people, who belongs where, how they sign in, their deputies and preferences, and changes of their rights."""

from dataclasses import field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.models import columns as col


@col.row(
    "body", sa.UniqueConstraint("jurisdiction", "key"), sa.Index("ix_body_name", "name", "id"), named=("单位", "body")
)
class BodyRow:
    """An authority, committee or organisation."""

    id: col.Id = 0
    jurisdiction: Annotated[col.Chars60, "* for organisations, which belong to none"]
    key: Annotated[col.Chars80, "id in jurisdiction.yaml; unified social credit code of an organisation"]
    kind: col.Chars20
    name: col.Chars200
    name_en: col.Chars300 | None = None
    details: Annotated[col.PersonalJson, "address, area, telephone, former names …"] = field(default_factory=dict)
    active: bool = True
    registered_in: Annotated[col.Chars60 | None, "of an organisation: where its account was asked for first"] = None


@col.row("body_role")
class BodyRoleRow:
    """A role that jurisdiction.yaml gives to a body."""

    jurisdiction: Annotated[col.Chars60, col.PRIMARY]
    role: Annotated[col.Chars60, col.PRIMARY]
    body_id: Annotated[col.BodyId, col.PRIMARY, col.INDEXED]


@col.row("person", named=("人员", "person"))
class PersonRow:
    """A person who can sign in or receive mail."""

    id: col.Id = 0
    login: Annotated[col.Chars80, col.UNIQUE]
    name: col.Chars80
    password: Annotated[col.Chars200 | None, "argon2 hash; empty: cannot sign in"] = None
    email: col.Personal200 | None = None
    telephone: col.Personal40 | None = None
    language: col.Chars2 = "zh"
    active: bool = True
    created_at: datetime
    password_given_at: Annotated[datetime | None, "when somebody else set the password last"] = None
    password_given_by: Annotated[col.Number | None, "who did: row of person"] = None
    password_owned_at: Annotated[datetime | None, "when its owner changed it after that"] = None
    password_set_at: Annotated[datetime | None, "when its owner set it last; empty: when the account was opened"] = None


@col.row(
    "membership",
    sa.UniqueConstraint("person_id", "body_id", "jurisdiction", "role"),
    sa.Index("ix_membership_body", "body_id"),
    sa.Index("ix_membership_role", "role", "body_id", "jurisdiction"),
)
class MembershipRow:
    """Who holds which role for which body; jurisdiction ``*`` holds everywhere."""

    id: col.Id = 0
    person_id: col.PersonId
    body_id: col.BodyId
    jurisdiction: Annotated[col.Chars60, "* where it holds everywhere"]
    role: col.Chars60
    since: datetime
    until: datetime | None = None


@col.row("session")
class SessionRow:
    """A signed-in browser."""

    id: Annotated[col.Chars64, col.PRIMARY, "hash of the cookie's token"]
    person_id: Annotated[col.PersonId | None, col.INDEXED] = None
    csrf: col.Chars64
    details: Annotated[col.Json, "chosen membership, language, messages to show once"] = field(default_factory=dict)
    created_at: datetime
    seen_at: datetime
    expires_at: Annotated[datetime, col.INDEXED]


@col.row("wrong_password")
class WrongPasswordRow:
    """How many wrong passwords were entered in a row for a login name, or from an address."""

    mark: Annotated[col.Chars64, col.PRIMARY, "keyed hash of the name or address"]
    count: int
    last_at: datetime
    forget_at: Annotated[datetime, col.INDEXED]


@col.row(
    "deputy",
    col.partial_index("ix_deputy_stands_in", "deputy_id", "until", where="ended_at is null"),
    col.partial_index("ix_deputy_membership", "membership_id", "until", where="ended_at is null"),
    col.partial_index("ix_deputy_lends", "person_id", "until", where="ended_at is null"),
    sa.Index("ix_deputy_person", "person_id", "id"),
    sa.Index("ix_deputy_deputy", "deputy_id", "id"),
    named=("委托代理", "deputy"),
)
class DeputyRow:
    """One role of a person that somebody else exercises for a period (委托代理)."""

    id: col.Id = 0
    person_id: Annotated[col.PersonId, "whose role it is"]
    deputy_id: Annotated[col.PersonId, "who stands in"]
    membership_id: Annotated[col.Number, "which role: row of membership"]
    since: datetime
    until: Annotated[datetime, "the instant after the last day"]
    reason: str
    made_at: Annotated[datetime, "the same for all roles lent in one act"]
    ended_at: Annotated[datetime | None, "when it was ended before its last day, or was found to be over"] = None


@col.row("person_setting")
class PersonSettingRow:
    """A choice that a person made for themselves; nothing of a procedure depends on it."""

    person_id: Annotated[col.PersonId, col.PRIMARY]
    key: Annotated[col.Chars60, col.PRIMARY, "what is chosen: messages.channels"]
    value: col.Json
    at: Annotated[datetime, "when it was chosen last"]


@col.row(
    "registration",
    sa.Index("ix_registration_place", "jurisdiction", "state", "id"),
    sa.Index("ix_registration_body", "body_id", "state", "id"),
    sa.Index("ix_registration_code", "code", "id"),
    col.partial_index("ix_registration_link", "link", where="link is not null", unique=True),
    named=("注册申请", "registration"),
)
class RegistrationRow:
    """A request for an account: verified by an authority or the office, then taken or refused."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    body_id: Annotated[col.BodyId, "who is to verify it"]
    name: Annotated[col.Chars200, "of the organisation"]
    code: Annotated[col.Chars20, "unified social credit code"]
    contact: Annotated[col.Personal80, "who asks; empty once erased"]
    telephone: col.Personal40
    email: col.Personal200
    at: datetime
    state: Annotated[col.Chars12, "waiting, taken, refused, lapsed"] = "waiting"
    decided_at: datetime | None = None
    decided_by: Annotated[col.Number | None, "row of person"] = None
    reason: Annotated[str, "why it was refused"] = ""
    person_id: Annotated[col.Number | None, "the account that was opened"] = None
    link: Annotated[col.Chars64 | None, "hash of the link that sets the first password; empty once used"] = None
    link_until: datetime | None = None
    erased_at: Annotated[datetime | None, "when contact, telephone and e-mail were erased"] = None


@col.row("outside_identity")
class OutsideIdentityRow:
    """An identity of an outside provider, linked to a person. The provider's own id is not kept."""

    mark: Annotated[col.Chars64, col.PRIMARY, "keyed hash of provider and subject"]
    provider: Annotated[col.Chars200, "address of the provider"]
    name: Annotated[col.Chars80, "as the provider calls them"] = ""
    person_id: Annotated[col.PersonId, col.INDEXED]
    linked_at: datetime


@col.row("passkey")
class PasskeyRow:
    """A key pair of a person, of which the public half is kept."""

    id: col.Id = 0
    person_id: Annotated[col.PersonId, col.INDEXED]
    credential: Annotated[str, col.UNIQUE_INDEX, "id that the authenticator gave it, base64url"]
    public_key: Annotated[str, "COSE key, base64url"]
    counter: Annotated[col.Big, "of signatures, as the authenticator said last; 0: it does not count"] = 0
    name: Annotated[col.Chars80, "as its owner calls it"]
    created_at: datetime
    used_at: Annotated[datetime | None, "last sign-in"] = None


@col.row("answered_challenge")
class AnsweredChallengeRow:
    """A challenge that was answered: it is taken no second time."""

    mark: Annotated[col.Chars64, col.PRIMARY, "hash of the challenge"]
    until: Annotated[datetime, col.INDEXED, "after it the challenge is over by itself"]


@col.row("second_factor")
class SecondFactorRow:
    """The one-time codes of a person: those in force, and those offered and not confirmed yet."""

    person_id: Annotated[col.PersonId, col.PRIMARY]
    secret: Annotated[col.PersonalBytes | None, "of the codes in force; empty: none yet"] = None
    offered: Annotated[col.PersonalBytes | None, "secret shown and not confirmed yet"] = None
    since: Annotated[datetime | None, "when the codes in force were confirmed"] = None
    last_step: Annotated[col.Big, "period of 30 s of the last code taken"] = 0


@col.row("recovery_code")
class RecoveryCodeRow:
    """A code that serves once where the one-time codes are not at hand."""

    mark: Annotated[col.Chars64, col.PRIMARY, "keyed hash of the code"]
    person_id: Annotated[col.PersonId, col.INDEXED]


@col.row(
    "rights_request",
    sa.Index("ix_rights_request_place", "place", "id"),
    sa.Index("ix_rights_request_person", "person_id", "id"),
    col.partial_index("ix_rights_request_waiting", "place", "id", where="state = 'waiting'"),
    col.partial_index("ix_rights_request_until", "until", where="state = 'waiting'"),
    named=("待批事项", "request"),
)
class RightsRequestRow:
    """What one administrator asks for and another, of another office, confirms or refuses."""

    id: col.Id = 0
    kind: Annotated[col.Chars12, "give, take, password, open, close"]
    person_id: Annotated[col.PersonId, "whose rights change"]
    place: Annotated[col.Chars60, "where it is decided; * for the installation"]
    jurisdiction: Annotated[col.Chars60, "of the role"] = ""
    role: col.Chars60 = ""
    body_id: Annotated[col.Number | None, "of the role: row of body"] = None
    membership_id: Annotated[col.Number | None, "the role to be taken: row of membership"] = None
    secret: Annotated[str | None, "hash of the password to be set; empty once decided"] = None
    reason: str = ""
    asked_by: Annotated[col.Number, "row of person"]
    asked_role: Annotated[col.Chars60, "the office of who asks"]
    asked_at: datetime
    until: Annotated[datetime, "after it nothing is decided any more"]
    state: Annotated[col.Chars12, "waiting, confirmed, refused, withdrawn"] = "waiting"
    decided_by: Annotated[col.Number | None, "row of person"] = None
    decided_at: datetime | None = None
    answer: Annotated[str, "why it was refused"] = ""


@col.row(
    "office_link", sa.Index("ix_office_link_role", "role", "id"), sa.Index("uq_office_link_token", "token", unique=True)
)
class OfficeLinkRow:
    """A link that opens the account of one of the three administrators, once."""

    id: col.Id = 0
    role: Annotated[col.Chars60, "the office"]
    token: Annotated[col.Chars64, "hash of what stands in the link"]
    made_at: datetime
    until: datetime
    used_at: datetime | None = None
    person_id: Annotated[col.Number | None, "the account that it opened"] = None


body = col.TABLES[BodyRow]
body_role = col.TABLES[BodyRoleRow]
person = col.TABLES[PersonRow]
membership = col.TABLES[MembershipRow]
session = col.TABLES[SessionRow]
wrong_password = col.TABLES[WrongPasswordRow]
deputy = col.TABLES[DeputyRow]
person_setting = col.TABLES[PersonSettingRow]
registration = col.TABLES[RegistrationRow]
outside_identity = col.TABLES[OutsideIdentityRow]
passkey = col.TABLES[PasskeyRow]
answered_challenge = col.TABLES[AnsweredChallengeRow]
second_factor = col.TABLES[SecondFactorRow]
recovery_code = col.TABLES[RecoveryCodeRow]
rights_request = col.TABLES[RightsRequestRow]
office_link = col.TABLES[OfficeLinkRow]
