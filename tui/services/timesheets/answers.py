"""What Timesheets answers around its records: the envelope, lists, groups, related things.

Source: iBuildApp Timesheets document, the response tables; reference "Envelope and errors" and
"Inconsistent fields".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec

from tui.services.beside import beside
from tui.services.errors import ProtocolViolation
from tui.services.guarded import Guarded
from tui.services.left_out import received
from tui.services.paging import Page, Pages
from tui.services.reading import (
    Id,
    Record,
    Seconds,
    Unreadable,
    Words,
    each,
    read,
    read_all,
    read_one,
)
from tui.services.scalars import is_zero
from tui.services.timesheets.records import (
    Break,
    Client,
    Comment,
    Project,
    Task,
    Team,
    TimeEntry,
    User,
    named_by_keys,
)

T = TypeVar("T", bound=Record)

# Money is never a binary fraction, not even for a moment.
DECODER = msgspec.json.Decoder(float_hook=Decimal)


SAYS_NO = "ERROR"
SAYS_YES = "SUCCESS"
OF_ACCOUNT = ("ACTIVE", "PENDING")
"""What a log-in and a registration may say in its place, of the account."""
NOT_MODIFIED = "NOT-MODIFIED"
"""What a read may say in its place: nothing has changed since."""


class Envelope(Record, frozen=True, kw_only=True):
    """One answer, opened: its status in capitals, and what came with it."""

    status: str
    message: Words = ""
    data: Any = None
    id: Any = None
    """As it came: only what is made has one."""
    count: int | None = None
    timestamp: Seconds | None = None
    error_code: str | None = None
    token: Any = None
    """As it came: only a log-in has one."""
    bare: bool = False
    """Whether the answer has no `data` at all, which is another thing than one that is empty."""

    @property
    def modified(self) -> bool:
        """False when the service says that nothing changed since `last_update`."""
        return self.status != NOT_MODIFIED


class Done(Record, frozen=True, kw_only=True):
    """The answer of a call that only says that it was done, in the service's words."""

    message: str


class Created(Record, frozen=True, kw_only=True):
    """The id of what was made; 0 where the service tells none."""

    id: int
    message: str = ""


class LogIn(Guarded, frozen=True, kw_only=True):
    """A token. `account` is ACTIVE, PENDING, or None where the service does not say."""

    token: str
    message: str
    account: str | None = None


class Related(Record, frozen=True, kw_only=True):
    """What `with` brought along, by id; empty where it was not asked for."""

    users: dict[int, User] = {}
    teams: dict[int, Team] = {}
    tasks: dict[int, Task] = {}
    projects: dict[int, Project] = {}
    clients: dict[int, Client] = {}
    customers: dict[int, Client] = {}
    commentators: dict[int, User] = {}

    def __post_init__(self) -> None:
        """What does not tell its id itself has it from its key."""
        for field in self.__struct_fields__:
            if found := getattr(self, field):
                msgspec.structs.force_setattr(self, field, named_by_keys(found))


class TaskDetail(Record, frozen=True, kw_only=True):
    """One task with its entries, and what was asked for with it."""

    task: Task
    related: Related = Related()


class EntryDetail(Record, frozen=True, kw_only=True):
    """One time entry with its breaks and comments, its task, project and customer."""

    entry: TimeEntry
    breaks: list[Break] = []
    comments: list[Comment] = []
    related: Related = Related()


class Found(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A list, how many there are in all, and what was asked for with it.

    `timestamp` is the service's clock, where it is told.
    """

    items: list[T]
    count: int
    related: Related = Related()
    timestamp: datetime | None = None
    modified: bool = True


class Group(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """What has the same value; the value can be of any type, and "?" where there is none."""

    value: Any
    count: int
    items: list[T]


class Grouped(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Groups, how many there are, and what was asked for with them."""

    groups: list[Group[T]]
    count: int
    related: Related = Related()


def envelope(content: dict[str, Any]) -> Envelope:
    """Open an answer. `data` that was packed into a JSON text is unpacked once.

    Raises ProtocolViolation naming the field that cannot be read.
    """
    opened: Envelope = read(Envelope, content)
    opened = msgspec.structs.replace(
        opened, status=opened.status.strip().upper(), bare="data" not in content
    )
    if isinstance(opened.data, str) and opened.data.lstrip()[:1] in ("{", "["):
        packed = opened.data
        return msgspec.structs.replace(
            opened, data=beside(lambda: _unpacked(packed), "answer.data", packed)
        )
    return opened


def _unpacked(data: str) -> Any:
    try:
        return DECODER.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ProtocolViolation("answer.data is cut off or not valid JSON") from error


def as_log_in(opened: Envelope) -> LogIn:
    """The token of a log-in. ACTIVE and PENDING are the account's state, not the call's."""
    account = opened.status if opened.status in OF_ACCOUNT else None
    token: str | None = read(str | None, opened.token, "answer.token")
    return LogIn(token=token or "", message=opened.message, account=account)


def done(opened: Envelope) -> Done:
    """What the service said when it was done."""
    return Done(message=opened.message)


def created(opened: Envelope, *, or_none: bool = False) -> Created:
    """The new id. Raises ProtocolViolation when the answer has none; 0 is one only where the
    document's own sample has it (`or_none`).
    """
    if opened.id is None:
        raise ProtocolViolation("answer.id is missing")
    hint = int if or_none and is_zero(opened.id) else Id
    return Created(id=read(hint, opened.id, "answer.id"), message=opened.message)


def one(kind: type[T], opened: Envelope) -> T:
    """The one record in `data`. Raises NotFound where there is none."""
    found: T = read_one(kind, opened.data, "data")
    return found


def found(kind: type[T], opened: Envelope, key: str = "") -> Found[T]:
    """The list in `data`, or under `key` in it; the count from wherever it stands.

    Raises ProtocolViolation where there is no `data` though there may be records: that is not none.
    """
    data = _there(opened)
    if isinstance(data, dict) and key and not all(map(str.isdecimal, data)):
        if key not in data and opened.modified:
            raise ProtocolViolation(f"data.{key} is missing")
        items, at = data.get(key), f"data.{key}"
    else:
        items, at = data, "data"
    records: list[T] = read_all(kind, listed(items), at)
    return Found(
        items=records,
        count=counted(opened, received(records)),
        related=related(data, key),
        timestamp=opened.timestamp,
        modified=opened.modified,
    )


def grouped(kind: type[T], opened: Envelope) -> Grouped[T]:
    """The groups in `data`, of values of any type. Raises ProtocolViolation as `found` does."""
    told = _there(opened)
    data = told if isinstance(told, dict) else {"groups": told}

    def one(item: Any, at: str) -> Group[T]:
        return _group(kind, item, at)

    groups = each(data.get("groups"), "data.groups", one, subject=True)
    return Grouped(groups=groups, count=counted(opened, received(groups)), related=related(data))


def _there(opened: Envelope) -> Any:
    if opened.bare and opened.modified and opened.count != 0:
        raise ProtocolViolation("answer.data is missing")
    return opened.data


def _group(kind: type[T], item: Any, at: str) -> Group[T]:
    fields: dict[str, Any] = read(dict[str, Any], item, at)
    if "items" not in fields:
        raise Unreadable(f"{at}.items", "is missing")
    items: list[T] = read_all(kind, listed(fields.get("items")), f"{at}.items")
    count = fields.get("count")
    return Group(
        value=fields.get("value"),
        count=received(items) if count is None else read(int, count, f"{at}.count"),
        items=items,
    )


def counted(opened: Envelope, length: int) -> int:
    """How many there are in all: beside `data`, in it, or else as many as came."""
    if opened.count is not None:
        return opened.count
    inner = opened.data.get("count") if isinstance(opened.data, dict) else None
    count: int = length if inner is None else read(int, inner, "data.count")
    return count


def related(data: Any, main: str = "") -> Related:
    """What `with` brought along. `main` names the key that is the list itself."""
    if not isinstance(data, dict):
        return Related()
    named = {
        name: keyed(data[name])
        for name in Related.__struct_fields__
        if name != main and name in data
    }
    found: Related = read(Related, named, "data")
    return found


def listed(value: Any) -> Any:
    """A map from ids as a list of its values, each with its id; anything else as it is."""
    if isinstance(value, dict) and all(map(str.isdecimal, value)):
        return [
            {"id": key, **item} if isinstance(item, dict) else item for key, item in value.items()
        ]
    return value


def keyed(value: Any) -> Any:
    """A list of things with ids as a map from them; a map as it is."""
    if isinstance(value, list) and value:
        return {
            item["id"] if isinstance(item, dict) and "id" in item else index: item
            for index, item in enumerate(value)
        }
    return value


def pages(
    search: Callable[..., Awaitable[Found[T]]],
    *,
    limit: int = 100,
    at_most: int = 10_000,
    **filters: Any,
) -> Pages[T]:
    """Every item of a search, page after page, up to `at_most`; `filters` as the search takes."""

    async def fetch(_: int, offset: int) -> Page[T]:
        answer = await search(**filters, limit=limit, offset=offset)
        return Page(answer.items, answer.count, limit)

    def identity(item: T) -> object:
        return getattr(item, "id", None)

    return Pages(fetch, at_most=at_most, identity=identity)
