"""Who is calling, and what a caller may see or change.

Permissions hang on groups (seed document, "Groups"): a user is in a group directly, through a
group that is a member, or because the group is public. An application that came with client
credentials is nobody, and sees what is public.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from enum import Enum

from tui.embedded.context import Context
from tui.embedded.igtimi.answers import Refused, now_milliseconds, unauthorized

SAMPLE_USER = 2
"""The user who owns the sample workspace and the access token of credentials.json."""

_MEMBERSHIP = """
WITH RECURSIVE mine(id) AS (
    SELECT group_id FROM igtimi_member WHERE user_id = :user
    UNION SELECT id FROM igtimi_group WHERE public = 1 AND :public
    UNION SELECT m.group_id FROM igtimi_member m JOIN mine ON m.member_group_id = mine.id
)
"""


class Who(Enum):
    """Which credentials an operation takes."""

    NOBODY = "none"
    USER = "user"
    USER_OR_CLIENT = "user or client credentials"
    APPLICATION = "application access token or device group token"


@dataclass(frozen=True)
class Caller:
    """A user, or an application (user is None), or a device group (its id)."""

    user: int | None
    device_group: int | None = None

    @property
    def is_application(self) -> bool:
        """True for client credentials."""
        return self.user is None


def token_digest(token: str) -> str:
    """What the database keeps of a token: enough to recognise it, not to use it."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def caller_of_token(context: Context, token: str) -> Caller | None:
    """The caller that a token stands for, or None when it is unknown."""
    given = token.encode("utf-8")
    if hmac.compare_digest(given, context.credentials.igtimi_access_token.encode("utf-8")):
        return Caller(SAMPLE_USER)
    if hmac.compare_digest(given, context.credentials.igtimi_application_token.encode("utf-8")):
        return Caller(None)
    row = context.database.one(
        "SELECT user_id FROM igtimi_token WHERE digest = ?", (token_digest(token),)
    )
    return None if row is None else Caller(row["user_id"])


def bearer_token(header: str | None) -> str | None:
    """The token of an `Authorization: Bearer ...` header."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def identify(
    context: Context,
    who: Who,
    *,
    token: str | None,
    application_token: str | None,
    device_group_token: str | None,
) -> Caller:
    """The caller of an operation. Raises Refused (401) when the credentials do not do."""
    if who is Who.NOBODY:
        return Caller(None)
    if who is Who.APPLICATION:
        return _application(context, application_token or token, device_group_token)
    if not token:
        raise Refused(401, "unauthorized", "The access token is missing")
    caller = caller_of_token(context, token)
    if caller is None:
        raise Refused(401, "invalid_token", "The access token is invalid or was revoked")
    if caller.is_application and who is Who.USER:
        raise Refused(401, "unauthorized", "This call cannot be made with client credentials")
    return caller


def _application(
    context: Context, application_token: str | None, device_group_token: str | None
) -> Caller:
    if device_group_token:
        row = context.database.one(
            "SELECT id FROM igtimi_devicegroup WHERE token = ? AND (expiry IS NULL OR expiry > ?)",
            (device_group_token, now_milliseconds(context)),
        )
        if row is None:
            raise Refused(401, "invalid_token", "The device group token is invalid or expired")
        return Caller(None, row["id"])
    caller = caller_of_token(context, application_token) if application_token else None
    if caller is None or not caller.is_application:
        raise Refused(401, "unauthorized", "An application access token is needed")
    return caller


def groups_of(context: Context, caller: Caller, *, public: bool = True) -> frozenset[int]:
    """Ids of all groups that the caller is in; with public ones unless told otherwise."""
    rows = context.database.read(
        _MEMBERSHIP + "SELECT id FROM mine", {"user": caller.user, "public": int(public)}
    )
    return frozenset(row["id"] for row in rows)


def modifiable_groups(context: Context, caller: Caller) -> frozenset[int]:
    """Ids of the groups that the caller may change: granted to them or to a group of theirs."""
    if caller.user is None:
        return frozenset()
    rows = context.database.read(
        _MEMBERSHIP
        + "SELECT m.group_id FROM igtimi_member m WHERE m.modify = 1 AND (m.user_id = :user"
        " OR m.member_group_id IN (SELECT id FROM mine))",
        {"user": caller.user, "public": 0},
    )
    return frozenset(row["group_id"] for row in rows)


@dataclass(frozen=True)
class Permissions:
    """What a caller may do with one thing."""

    read: bool
    modify: bool

    def wire(self) -> dict[str, bool]:
        """As every answer carries it."""
        return {"read": self.read, "modify": self.modify}


class Reach:
    """A caller's groups, read once for a whole answer."""

    def __init__(self, context: Context, caller: Caller) -> None:
        self.caller = caller
        self.groups = groups_of(context, caller)
        self.own_groups = groups_of(context, caller, public=False)
        self.modifiable = modifiable_groups(context, caller)

    def of(self, owner: int | None, readers: int | None, admins: int | None) -> Permissions:
        """Permissions on a session or device with these owner, group and admin group."""
        owns = owner is not None and owner == self.caller.user
        modify = owns or (admins is not None and admins in self.own_groups)
        read = modify or (readers is not None and readers in self.groups)
        return Permissions(read, modify)

    def group(self, group: int) -> Permissions:
        """Permissions on a group itself."""
        modify = group in self.modifiable
        return Permissions(modify or group in self.groups, modify)


def must(allowed: bool) -> None:
    """401 unless allowed."""
    if not allowed:
        raise unauthorized()
