"""TickTocker: events of a community, and the streams they come in.

Source: seed document "The TickTocker API", version 1.0, and reference page, section 2.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from tui.services.arguments import aware, length, zone_named
from tui.services.beside import insist_on_one_word
from tui.services.client import ServiceClient, decode_json
from tui.services.errors import (
    AuthenticationFailed,
    InvalidArgument,
    NotFound,
    ProtocolViolation,
    RateLimited,
    error_of_status,
    is_breakdown,
    is_too_early,
)
from tui.services.operation import aside, mark_sent, operation, told
from tui.services.reading import read
from tui.services.throttle import Throttle
from tui.services.ticktocker.records import (
    Account,
    ApiVersion,
    Followed,
    Submitted,
    Tock,
    read_short_url,
    read_stream,
    read_tock,
    words_of,
)
from tui.services.ticktocker.refusals import NONE, OK, TOO_FAST, TURNED_AWAY, USED_UP, refusal
from tui.services.transport import Transport
from tui.services.wire import HIDDEN, Request, Response, pairs, segment

Feed = Literal["hot", "fresh", "upcoming", "history"]
Scope = Literal["all", "mine", "watched", "liked", "followed"]
Order = Literal["upcoming", "latest", "expired"]
Repeat = Literal["no", "daily", "weekly", "bi-weekly", "monthly", "yearly"]

_TAGS = re.compile(r"[\w\- ,]*")


class TickTocker(ServiceClient):
    """The client of one account.

    `apikey` comes from getapikey; with a `password` instead it is fetched when first needed,
    and once more when the service no longer takes it. `throttle` keeps the documented rate,
    for all processes that share its file.

    Three points where the document contradicts itself or is silent: `community_path` (it
    prints follow's path), `first_page` (the number of the page that is sent without one),
    `start_names` (it requires `evenstart` and describes `eventstart`).
    """

    service = "ticktocker"

    def __init__(
        self,
        transport: Transport,
        username: str,
        application: str,
        *,
        apikey: str | None = None,
        password: str | None = None,
        throttle: Throttle | None = None,
        community_path: str = "community",
        first_page: int = 1,
        start_names: tuple[str, ...] = ("eventstart",),
    ) -> None:
        super().__init__(transport)
        self.username = username
        self.throttle = throttle or Throttle()
        self.community_path = community_path.strip("/")
        self.first_page = first_page
        self.start_names = start_names
        self._application = application
        self._apikey = apikey
        self._password = password
        self._logging_in = asyncio.Lock()
        self._sending = asyncio.Lock()

    @operation("ticktocker.getapikey", "read")
    async def getapikey(self, u: str | None = None, p: str | None = None) -> Account:
        """Get the API key for a user name and password.

        The client uses the key from then on when it is the account's own.
        Raises AuthenticationFailed for a wrong password or application token.
        Source: seed document, Authentication.

        Args:
            u: User name; the account's without it.
            p: Password; the account's without it.
        """
        password = p if p is not None else self._password
        if password is None and not self.transport.dry_run:
            raise InvalidArgument("p, the password, is missing")
        form = {"u": u or self.username, "p": password or HIDDEN, "a": self._application}
        account: Account = read(Account, await self._post("getapikey", form), "response")
        if u in (None, self.username):
            self._apikey = account.apikey
        return account

    @operation("ticktocker.version", "read")
    async def version(self) -> ApiVersion:
        """Tell the version of the API and how many calls are left.

        The throttle takes over the service's count of calls.
        Source: seed document, [ep]/version.
        """
        found: ApiVersion = read(ApiVersion, await self._call("version"), "response")
        if found.calls is not None:
            await self.throttle.correct(found.calls)
        return found

    @operation("ticktocker.tock", "read")
    async def tock(self, short_url: str) -> Tock:
        """Get one tock in full.

        Raises NotFound when the service has nothing under that short url.
        Source: seed document, [ep]/tock.

        Args:
            short_url: As a stream gives it, for instance 8c866.
        """
        response = await self._call(f"tock/{_filled('short_url', short_url)}", none=True)
        if not response:
            raise NotFound(f"there is no tock {short_url!r}", code="0")
        return read_tock(response, "response")

    @operation("ticktocker.follow", "write")
    async def follow(self, user_url: str) -> Followed:
        """Follow a user, or no longer follow one that is followed.

        The answer is not documented; look up a tock of that author to see the state.
        Source: seed document, [ep]/follow.

        Args:
            user_url: A tock's author_url, which is not always the author's name.
        """
        path = f"follow/{_filled('user_url', user_url)}"
        return Followed(response=told(await self._call(path, none=True)))

    @operation("ticktocker.community", "read")
    async def community(self, feed: Feed, page: int = 1) -> list[Tock]:
        """List a page of a feed of the whole community.

        Source: seed document, [ep]/community, which prints the path of follow.

        Args:
            feed: Which feed.
            page: 1 is the first page; how many tocks a page has is not documented.
        """
        return await self._stream(self.community_path, feed, page=page)

    @operation("ticktocker.me", "read")
    async def me(self, scope: Scope, order: Order, page: int = 1) -> list[Tock]:
        """List a page of the user's own tocks.

        Source: seed document, [ep]/me.

        Args:
            scope: Which of them.
            order: Those to come, the newest, or those that are over.
            page: 1 is the first page.
        """
        return await self._stream("me", scope, order, page=page)

    @operation("ticktocker.user", "read")
    async def user(self, user_url: str, order: Order, page: int = 1) -> list[Tock]:
        """List a page of somebody's tocks.

        Source: seed document, [ep]/user.

        Args:
            user_url: A tock's author_url, which is not always the author's name.
            order: Those to come, the newest, or those that are over.
            page: 1 is the first page.
        """
        return await self._stream("user", _filled("user_url", user_url), order, page=page)

    @operation("ticktocker.submit", "write")
    async def submit(
        self,
        title: str,
        eventstart: datetime,
        *,
        description: str | None = None,
        tags: list[str] | None = None,
        private: bool = True,
        eventend: datetime | None = None,
        repeat: Repeat | None = None,
        link: str | None = None,
        location: str | None = None,
        timezone: str | None = None,
    ) -> Submitted:
        """Submit a new tock.

        Raises InvalidArgument before sending when a documented limit is broken.
        Source: seed document, [ep]/submit.

        Args:
            title: 4 to 255 characters.
            eventstart: When it begins.
            description: At most 2000 characters.
            tags: Letters, numbers, blanks, hyphens and underscores; 255 characters in all.
            private: True for the user alone (the service's default), False for everybody.
            eventend: When it ends; an hour after it begins without it.
            repeat: How often it comes again; not at all without it.
            link: A URL, at most 255 characters.
            location: A place, at most 255 characters.
            timezone: IANA name; the user's own without it.
        """
        listed = None if tags is None else ", ".join(tag.strip() for tag in tags)
        if listed is not None and not _TAGS.fullmatch(listed):
            raise InvalidArgument(
                "tags may hold letters, numbers, blanks, hyphens and underscores only"
            )
        if timezone is not None:
            zone_named("timezone", timezone)
        start = _moment("eventstart", eventstart)
        form = {
            "title": length("title", title, 4, 255),
            **dict.fromkeys(self.start_names, start),
            "description": length("description", description, 0, 2000),
            "tags": length("tags", listed, 0, 255),
            "private": int(private),
            "eventend": None if eventend is None else _moment("eventend", eventend),
            "repeat": repeat,
            "link": length("link", link, 0, 255),
            "location": length("location", location, 0, 255),
            "timezone": timezone,
        }
        response = await self._call("submit", form)
        return Submitted(short_url=read_short_url(response))

    async def _stream(self, *parts: str, page: int) -> list[Tock]:
        if page < 1:
            raise InvalidArgument("page begins with 1")
        path = "/".join(parts)
        if page > 1:
            path += f"/{self.first_page + page - 1}"
        return read_stream(await self._call(path, none=True))

    async def _call(
        self, path: str, parameters: Mapping[str, object] | None = None, *, none: bool = False
    ) -> Any:
        used = await self._key()
        try:
            return await self._post(path, self._signed(used, parameters), none=none)
        except AuthenticationFailed as error:
            if error.code != "-2" or self._password is None:
                raise
        mark_sent(False)
        await self._renew(used)
        return await self._post(path, self._signed(self._apikey or "", parameters), none=none)

    def _signed(self, key: str, parameters: Mapping[str, object] | None) -> dict[str, object]:
        return {"u": self.username, "t": key, "a": self._application, **(parameters or {})}

    async def _key(self) -> str:
        if not self._apikey:
            if self.transport.dry_run:
                return HIDDEN
            await self._renew(self._apikey)
        return self._apikey or ""

    async def _renew(self, used: str | None) -> None:
        async with self._logging_in:
            if self._apikey != used:
                return
            if self._password is None:
                raise AuthenticationFailed(
                    "there is neither an API key nor a password",
                    advice="Give one of them in the configuration.",
                )
            form = {"u": self.username, "p": self._password, "a": self._application}
            with aside():
                answer = await self._post("getapikey", form)
            account: Account = read(Account, answer, "response")
            self._apikey = account.apikey

    async def _post(self, path: str, form: dict[str, Any], *, none: bool = False) -> Any:
        request = Request("POST", path, form=pairs(form))
        try:
            return await self._answer(request, none=none)
        except RateLimited as error:
            if error.code != TOO_FAST:
                raise
        # Another machine called for the same account just before. Nothing has been done, so
        # the call may come again, in its turn.
        mark_sent(False)
        return await self._answer(request, none=none)

    async def _answer(self, request: Request, *, none: bool) -> Any:
        response = await self._send_in_turn(request)
        try:
            answer = decode_json(response)
            if not isinstance(answer, dict) or "code" not in answer:
                raise ProtocolViolation("the answer has no code", status=response.status)
        except ProtocolViolation:
            if response.status >= 300:
                raise error_of_status(response.status) from None
            raise
        code: int = read(int, answer["code"], "answer.code")
        # The prose calls the second item `result`, the samples call it `response`.
        content = answer.get("response", answer.get("result"))
        words = words_of(content)
        if code > OK:
            # Every no of the document is below 0: this is neither one nor the yes.
            raise ProtocolViolation(f"answer.code is {code}, which has no meaning ({words})")
        by_status = is_breakdown(response.status) or is_too_early(response.status)
        unclear = code >= NONE or (by_status and code not in TURNED_AWAY)
        if unclear and response.status >= 300:
            raise error_of_status(response.status, words)
        if code == OK or (code == NONE and none and not words):
            insist_on_one_word(answer)
            if isinstance(content, dict):
                insist_on_one_word(content)
            return None if code == NONE else content
        if code == USED_UP:
            await self.throttle.correct(0)
        raise refusal(code, words, self.throttle.rule, renewable=bool(self._password))

    async def _send_in_turn(self, request: Request) -> Response:
        """Send at the service's rate: it measures when calls arrive, not when they were sent."""
        if self.transport.dry_run:
            return await self.send(request)
        async with self._sending:
            await self.throttle.take()
            try:
                return await self.send(request)
            finally:
                await self.throttle.arrived()


def _filled(name: str, value: str) -> str:
    if not value.strip():
        raise InvalidArgument(f"{name} is empty")
    return segment(value)


def _moment(name: str, moment: datetime) -> str:
    return aware(name, moment).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
