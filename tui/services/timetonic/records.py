"""What TimeTonic answers about sessions, users, books, messages, events and files.

Source: reference page, sections 1.1, 2 and 3; saved answers of 2019 to 2024.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, ClassVar

import msgspec

from tui.services.guarded import Guarded
from tui.services.reading import Extra, Id, ParisText, Record, Seconds, TimeForm

FromText = ParisText
ParisDay = Annotated[date, TimeForm(zone="Europe/Paris")]
"""A day as the server counts them: midnight in Paris, as unix seconds or as text."""


def moment_of(stamp: int) -> datetime:
    """The time of a server stamp.

    Stamps are unix seconds times 10,000 (14 digits); those of tables and contacts are seconds.
    """
    return datetime.fromtimestamp(stamp / 10_000 if stamp > 10**12 else stamp, UTC)


class Done(Record, frozen=True, kw_only=True):
    """The envelope of an answer that says nothing more than that it was done."""

    sstamp: int | None = None
    """The server's stamp of this moment, where the request gives one."""
    server: str = msgspec.field(name="createdVNB", default="")
    """Environment and version, such as live-6.49q/6.49."""
    transaction: str | None = msgspec.field(name="transactionId", default=None)
    extra: Extra = msgspec.field(default_factory=dict)
    """Whatever else the answer held."""


class AppKey(Guarded, frozen=True, kw_only=True):
    """An application's key; one for each installation is enough."""

    appkey: str
    id: int | None = None


class OauthKey(Guarded, frozen=True, kw_only=True):
    """A user's key for an application. `o_u` is the user's code, whatever was logged in with."""

    oauthkey: str
    o_u: str
    id: int | None = None


class Restrictions(Record, frozen=True, kw_only=True):
    """What a session may not do; `carnet_*` limit it to one book ("carnet" is a book)."""

    carnet_code: str | None = None
    carnet_owner: str | None = None
    readonly: bool = False
    hide_tables: bool = msgspec.field(name="hideTables", default=False)
    hide_messages: bool = msgspec.field(name="hideMessages", default=False)
    hide_events: bool = msgspec.field(name="hideEvents", default=False)
    internal: bool = False


class SessionKey(Guarded, frozen=True, kw_only=True):
    """A session's key, with what it is restricted from."""

    sesskey: str
    id: int | None = None
    u_c: str | None = None
    restrictions: Restrictions | None = None
    app_name: str = msgspec.field(name="appName", default="")
    sstamp: int | None = None


class PushDevice(Record, frozen=True, kw_only=True):
    """A device that is told of news."""

    device_id: int | None = msgspec.field(name="deviceID", default=None)
    sstamp: int | None = None


class UserPreferences(Record, frozen=True, kw_only=True):
    """What a person may see of the own profile; the addresses and secrets in it are not read."""

    mail1: str = ""
    first_name: str = msgspec.field(name="fname", default="")
    last_name: str = msgspec.field(name="lname", default="")
    company: str = msgspec.field(name="cie", default="")
    lang: str = ""
    timezone: str = ""
    tz: str = ""


class User(Record, frozen=True, kw_only=True):
    """The user of the session."""

    u_c: str
    books: int | None = msgspec.field(name="nbBooks", default=None)
    first_time: bool = msgspec.field(name="firstTime", default=False)
    licence: str = ""
    plan: str = msgspec.field(name="companyAccountPlan", default="")
    rights: dict[str, bool] = msgspec.field(default_factory=dict)
    colors: dict[str, str] = msgspec.field(default_factory=dict)
    preferences: UserPreferences | None = msgspec.field(name="userPrefs", default=None)
    sstamp: int | None = None


class Attachment(Record, frozen=True, kw_only=True):
    """A file of a message or a cell, or the answer to an upload."""

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "id": ("media_id",),
        "name": ("name", "internName"),
        "size": ("filesize",),
    }

    id: int | None = None
    name: str = msgspec.field(name="originName", default="")
    internal_name: str = msgspec.field(name="internName", default="")
    ext: str = ""
    type: str = ""
    """`media` for an image, sound or film."""
    uuid: str = ""
    size: int | None = None
    """Bytes."""
    url: str | None = None
    gallery: str | None = None
    preview: str | None = None
    row_id: int | None = None
    field_id: int | None = None
    deleted: bool = msgspec.field(name="del", default=False)
    extra: Extra = msgspec.field(default_factory=dict)


class Message(Record, frozen=True, kw_only=True):
    """A message of a book. `text` may hold HTML and line breaks."""

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {"smid": ("msg_id", "createMessageId", "id")}

    smid: int
    text: str = msgspec.field(name="msg", default="")
    body: str = msgspec.field(name="msgBody", default="")
    """The body of an e-mail."""
    uuid: str = ""
    author: str = msgspec.field(name="u_c", default="")
    b_c: str = ""
    b_o: str = ""
    created: FromText | None = None
    changed: FromText | None = msgspec.field(name="lastModified", default=None)
    sstamp: int | None = None
    deleted: bool = msgspec.field(name="del", default=False)
    type: str = msgspec.field(name="msgType", default="")
    method: str = msgspec.field(name="msgMethod", default="")
    color: str = msgspec.field(name="msgColor", default="")
    comments: int = msgspec.field(name="nbComments", default=0)
    last_comment_id: int | None = msgspec.field(name="lastCommentId", default=None)
    linked_row_id: int | None = msgspec.field(name="linkedRowId", default=None)
    linked_tab_id: int | None = msgspec.field(name="linkedTabId", default=None)
    linked_field_id: int | None = msgspec.field(name="linkedFieldId", default=None)
    docs: list[Attachment] = msgspec.field(default_factory=list)
    medias: list[Attachment] = msgspec.field(default_factory=list)
    extra: Extra = msgspec.field(default_factory=dict)


class Messages(Record, frozen=True, kw_only=True):
    """Messages of a book. Send `sstamp` back to get only what changed since."""

    main_list: ClassVar[str] = "messages"

    messages: list[Message] = msgspec.field(name="bookMessages", default_factory=list)
    b_c: str = ""
    b_o: str = ""
    sstamp: int | None = None


class Sent(Record, frozen=True, kw_only=True):
    """A message that was sent or changed."""

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {"smid": ("smid", "msg_id")}

    smid: Id = msgspec.field(name="createMessageId")
    uuid: str = ""
    created: Seconds | None = None
    sstamp: int | None = None


class BookEvent(Record, frozen=True, kw_only=True):
    """Something that takes place at a time. No public sample: several spellings are read."""

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "id": ("smid", "event_id", "eventId"),
        "text": ("title", "name", "text"),
        "start": ("start", "dateStart", "start_date"),
        "end": ("end", "dateEnd", "end_date"),
        "timezone": ("timezone",),
        "author": ("creator",),
    }

    id: int | None = None
    text: str = msgspec.field(name="msg", default="")
    start: FromText | None = msgspec.field(name="eventStart", default=None)
    end: FromText | None = msgspec.field(name="eventEnd", default=None)
    timezone: str = msgspec.field(name="eventTimezone", default="")
    author: str = msgspec.field(name="u_c", default="")
    deleted: bool = msgspec.field(name="del", default=False)
    extra: Extra = msgspec.field(default_factory=dict)


class BookEvents(Record, frozen=True, kw_only=True):
    """Events of a book."""

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {"events": ("events",)}
    main_list: ClassVar[str] = "events"

    events: list[BookEvent] = msgspec.field(name="bookEvents", default_factory=list)
    sstamp: int | None = None


class Member(Record, frozen=True, kw_only=True):
    """A member of a book; only those with `api_right` may use its tables through the API."""

    u_c: str
    invite: str = ""
    right: int | bool | None = None
    access: int | bool | None = None
    api_right: bool = msgspec.field(name="apiRight", default=False)
    extra: Extra = msgspec.field(default_factory=dict)


class BookForm(Record, frozen=True, kw_only=True):
    """The tables of a book as one thing: its id is that of the answer to getBookTables."""

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {"id": ("sfpid",)}

    id: int | None = msgspec.field(name="fpid", default=None)
    name: str | None = None
    changed: FromText | None = msgspec.field(name="lastModified", default=None)


class OwnerPreferences(Record, frozen=True, kw_only=True):
    """What the owner chose for everybody."""

    title: str | None = None
    cover: str | None = msgspec.field(name="oCoverImg", default=None)
    cover_type: str = msgspec.field(name="oCoverType", default="")
    color: str = msgspec.field(name="oCoverColor", default="")
    extra: Extra = msgspec.field(default_factory=dict)


class MemberPreferences(Record, frozen=True, kw_only=True):
    """What the user chose for this book."""

    owner_decides: bool = msgspec.field(name="uCoverLetOwnerDecide", default=True)
    cover: str | None = msgspec.field(name="uCoverImg", default=None)
    cover_type: str = msgspec.field(name="uCoverType", default="")
    color: str = msgspec.field(name="uCoverColor", default="")
    extra: Extra = msgspec.field(default_factory=dict)


class Book(Record, frozen=True, kw_only=True):
    """A book: messages, events and tables. `b_c` and `b_o` together name it."""

    b_c: str
    b_o: str
    sstamp: int | None = None
    description: str | None = None
    invited: bool = False
    accepted: bool = True
    archived: bool = False
    deleted: bool = msgspec.field(name="del", default=False)
    favorite: bool = False
    order: int | None = None
    unread: int = msgspec.field(name="nbNotRead", default=0)
    member_count: int = msgspec.field(name="nbMembers", default=0)
    message_count: int = msgspec.field(name="nbMsgs", default=0)
    last_read: int | None = msgspec.field(name="lastMsgRead", default=None)
    """The smid up to which the user has read."""
    contact: str | None = msgspec.field(name="contact_u_c", default=None)
    """Set for a book that is the exchange with one person."""
    hide_messages: int | bool | None = msgspec.field(name="hideMessage", default=None)
    members: list[Member] = msgspec.field(default_factory=list)
    form: BookForm | None = msgspec.field(name="fpForm", default=None)
    last_message: Message | None = msgspec.field(name="lastMsg", default=None)
    owner_preferences: OwnerPreferences | None = msgspec.field(name="ownerPrefs", default=None)
    preferences: MemberPreferences | None = msgspec.field(name="userPrefs", default=None)
    extra: Extra = msgspec.field(default_factory=dict)

    @property
    def title(self) -> str:
        """The owner's title, or the book's code where there is none."""
        return (self.owner_preferences and self.owner_preferences.title) or self.b_c

    @property
    def cover(self) -> str | None:
        """The site-relative path of the image in use; None without one."""
        mine = self.preferences
        if mine is not None and not mine.owner_decides:
            return mine.cover
        return self.owner_preferences.cover if self.owner_preferences else None

    def api_right(self, u_c: str) -> bool:
        """Whether that member may use the tables through the API."""
        return any(member.u_c == u_c and member.api_right for member in self.members)


class Contact(Record, frozen=True, kw_only=True):
    """A person with whom the user shares a book."""

    u_c: str
    first_name: str = msgspec.field(name="firstName", default="")
    last_name: str = msgspec.field(name="lastName", default="")
    confirmed: bool = msgspec.field(name="isConfirmed", default=False)
    sstamp: int | None = None


class Books(Record, frozen=True, kw_only=True):
    """The user's books. `total` is the server's count, which may differ from their number."""

    main_list: ClassVar[str] = "books"

    books: list[Book] = msgspec.field(default_factory=list)
    contacts: list[Contact] = msgspec.field(default_factory=list)
    total: int | None = msgspec.field(name="nbBooks", default=None)
    sstamp: int | None = None
    """Send it back to get only the books that changed since."""
