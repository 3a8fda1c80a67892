"""How TimeTonic is spoken to: one entry point, a form, a session key, "ok" or "nok".

Source: reference page, sections 1, 2 and 4. JSON bodies do not work there, and keys stay out
of URLs: every request is a POST form. Structured parameters are JSON texts in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeVar

import msgspec

from tui.services.beside import insist_on_one_word
from tui.services.client import ServiceClient, decode_json
from tui.services.errors import (
    AuthenticationFailed,
    ProtocolViolation,
    ServiceError,
    error_of_status,
)
from tui.services.operation import aside, mark_sent
from tui.services.reading import read
from tui.services.timetonic.records import AppKey, OauthKey, SessionKey
from tui.services.timetonic.refusals import is_deadlock, refusal
from tui.services.transport import Transport
from tui.services.wire import HIDDEN, FilePart, Request, Response, pairs


class OwnUser:
    """Stands for the code of the user of the session, which only logging in may tell."""


OWN: Final = OwnUser()

T = TypeVar("T")

BATCH = 10
"""Rows of one request: what the vendor's own library came to after deadlocks with more."""
LARGE = 16 * 1024
"""Bytes of an answer that is decoded in a thread: less takes no longer than handing it over."""

IN_PARTS = 64 * 1024
"""Characters of a form that leaves in parts, as the vendor's clients send theirs too: quoting one
of that length takes longer than all the rest of it."""
DEADLOCK_WAITS = (0.2, 0.6, 1.8)
"""Seconds before a write that met a deadlock is repeated; then it is given up."""


@dataclass(frozen=True)
class Keys:
    """What logging in gave. An application keeps the oauthkey, not the password."""

    o_u: str = ""
    appkey: str = field(default="", repr=False)
    oauthkey: str = field(default="", repr=False)
    sesskey: str = field(default="", repr=False)


class TimeTonicDialect(ServiceClient):
    """The session and the one entry point; the operations are in the classes on top of it.

    `user` is what the person logs in with: user code, e-mail or phone. With a `password` (or
    an `oauthkey` in `keys`) the client logs in when first needed, and once more when the
    session has ended; with nothing but a pasted sesskey (in `keys`) it cannot.
    `rows_a_request` are sent together where many are written.
    `u_c` is another user to act for. `on_keys` is told of new keys, to keep them, in a thread: a
    disk may be slow.
    """

    service = "timetonic"

    def __init__(
        self,
        transport: Transport,
        user: str,
        *,
        password: str | None = None,
        keys: Keys | None = None,
        u_c: str | None = None,
        appname: str = "tockdeck",
        environment: Literal["live", "dev"] = "live",
        api_version: str | None = None,
        swap_dev: bool = True,
        rows_a_request: int = BATCH,
        on_keys: Callable[[Keys], None] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(transport)
        self.user = user
        self.keys = keys or Keys()
        self.environment = environment
        self.swap_dev = swap_dev
        self.rows_a_request = rows_a_request
        self._password = password
        self._acting_for = u_c
        self._appname = appname
        self._api_version = api_version
        self._on_keys = on_keys
        self._sleep = sleep
        self._logging_in = asyncio.Lock()
        self._writing = asyncio.Lock()

    @property
    def o_u(self) -> str:
        """The user's code: as logging in told it, else what the person gave."""
        return self.keys.o_u or self.user

    @property
    def u_c(self) -> str:
        """The user on whose behalf calls are made."""
        return self._acting_for or self.o_u

    async def call(self, request: str, parameters: Mapping[str, object]) -> dict[str, Any]:
        """One request inside the session; a session that has ended is renewed once."""
        return await self._in_session(
            lambda: self.post(request, {**self.credentials(), **parameters})
        )

    async def ask(
        self, request: str, parameters: Mapping[str, object], take: Callable[[Response], T]
    ) -> T:
        """As call, the answer as it came given to `take`, which calls `accepted` first.

        What takes long to decode is taken in a thread: keys are not held up by it.
        """

        async def send() -> T:
            answer = await self.post_raw(request, {**self.credentials(), **parameters})
            if len(answer.content) < LARGE:
                return take(answer)
            return await asyncio.to_thread(take, answer)

        return await self._in_session(send)

    async def write(self, request: str, parameters: Mapping[str, object]) -> dict[str, Any]:
        """As call, one write at a time, repeated a few times when it met a deadlock.

        Writes at the same time are what leads to deadlocks there (reference page, 9.16).
        """
        return await self.repeated(lambda: self.call(request, parameters))

    async def repeated(self, send: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """Send one write when no other is on its way, and again after a deadlock."""
        async with self._writing:
            for wait in DEADLOCK_WAITS:
                try:
                    return await send()
                except ServiceError as error:
                    if not is_deadlock(error):
                        raise
                mark_sent(False)
                await self._sleep(wait)
            return await send()

    async def upload(
        self, request: str, parameters: Mapping[str, object], part: FilePart
    ) -> dict[str, Any]:
        """As write, with a file in the form."""
        return await self.repeated(
            lambda: self._in_session(
                lambda: self.post(request, {**self.credentials(), **parameters}, (part,))
            )
        )

    async def post(
        self, request: str, parameters: Mapping[str, object], files: tuple[FilePart, ...] = ()
    ) -> dict[str, Any]:
        """One request with exactly these parameters, outside any session."""
        return self.accepted(request, await self.post_raw(request, parameters, files))

    async def post_raw(
        self, request: str, parameters: Mapping[str, object], files: tuple[FilePart, ...] = ()
    ) -> Response:
        """As post, with the answer as it came."""
        form = pairs(
            (name, self._written(value))
            for name, value in {
                "req": request,
                "version": self._api_version,
                **parameters,
            }.items()
        )
        entry = f"{self.environment}/api.php"
        return await self.send(Request("POST", entry, form=form, files=files, parts_from=IN_PARTS))

    def accepted(
        self,
        request: str,
        response: Response,
        decode: Callable[[Response], Any] = decode_json,
    ) -> dict[str, Any]:
        """The payload of an answer. Raises the error of a "nok", at any HTTP status."""
        try:
            answer = decode(response)
            if not isinstance(answer, dict):
                raise ProtocolViolation("the answer should be an object", status=response.status)
        except ProtocolViolation as error:
            if response.status >= 300:
                raise error_of_status(response.status) from None
            # An unknown or missing `req` shows the documentation page, at HTTP 200.
            error.advice = (
                "Check the base URL; or this server does not know the request "
                f"{request!r} and shows its documentation instead."
            )
            raise
        status = str(answer.get("status", "")).lower()
        if status == "nok":
            raise refusal(request, answer, response.status)
        if status != "ok" or response.status >= 300:
            if response.status >= 300:
                raise error_of_status(response.status)
            raise ProtocolViolation('answer.status should be "ok" or "nok"')
        insist_on_one_word(answer)
        return answer

    def credentials(self) -> dict[str, str]:
        """What every request inside the session carries."""
        return {
            "o_u": self.o_u,
            "u_c": self.u_c,
            "sesskey": self.keys.sesskey or (HIDDEN if self.transport.dry_run else ""),
        }

    async def log_in(self) -> Keys:
        """Log in anew, by the oauthkey or else by the password, and keep the keys.

        Raises AuthenticationFailed when there is neither, or the service takes neither.
        """
        with aside():
            return await self._log_in()

    async def _log_in(self) -> Keys:
        keys = self.keys
        if keys.oauthkey:
            try:
                return await self._keep(await self._open_session(keys))
            except AuthenticationFailed:
                if self._password is None:
                    raise
        if self._password is None:
            raise AuthenticationFailed(
                "the session has ended" if keys.sesskey else "there is no key and no password",
                advice="Log in again, or make a new session key in the profile and paste it.",
            )
        oauth = await self._open_account(keys.appkey)
        # A person may log in with an e-mail address: from here on the answer's code counts.
        return await self._keep(await self._open_session(oauth))

    async def _open_account(self, appkey: str) -> Keys:
        kept = bool(appkey)
        if not kept:
            made: AppKey = read(AppKey, await self.post("createAppkey", {"appname": self._appname}))
            appkey = made.appkey
        form = {"login": self.user, "pwd": self._password, "appkey": appkey}
        try:
            oauth: OauthKey = read(OauthKey, await self.post("createOauthkey", form))
        except AuthenticationFailed as error:
            # A key that was kept for long may no longer be known; a wrong password stays one.
            if kept and "appkey" in error.message:
                return await self._open_account("")
            raise
        return Keys(o_u=oauth.o_u, appkey=appkey, oauthkey=oauth.oauthkey)

    async def ready(self) -> None:
        """Make sure that there is a session key, logging in where there is none."""
        if not self.keys.sesskey and not self.transport.dry_run:
            await self.renew("")

    async def _in_session(self, send: Callable[[], Awaitable[T]]) -> T:
        await self.ready()
        used = self.keys.sesskey
        try:
            return await send()
        except AuthenticationFailed:
            if not self.renewable:
                raise
        mark_sent(False)
        await self.renew(used)
        return await send()

    @property
    def renewable(self) -> bool:
        """Whether the client can log in by itself."""
        return self._password is not None or bool(self.keys.oauthkey)

    async def renew(self, used: str) -> None:
        """Log in anew, unless somebody else did since `used` was the session key."""
        async with self._logging_in:
            if self.keys.sesskey == used:
                await self.log_in()

    async def _open_session(self, keys: Keys) -> Keys:
        answer = await self.post(
            "createSesskey",
            {"o_u": keys.o_u, "u_c": self._acting_for, "oauthkey": keys.oauthkey,
             "restrictions": ""},
        )  # fmt: skip
        session: SessionKey = read(SessionKey, answer)
        return Keys(keys.o_u, keys.appkey, keys.oauthkey, session.sesskey)

    async def _keep(self, keys: Keys) -> Keys:
        self.keys = keys
        if self._on_keys is not None:
            await asyncio.to_thread(self._on_keys, keys)
        return keys

    def _written(self, value: object) -> object:
        if value is OWN:
            return self.o_u
        if isinstance(value, (dict, list)):
            return msgspec.json.encode(value).decode()
        return value


def ids(values: list[int] | None) -> str | None:
    """A list of ids as the service takes it: 1,2,3."""
    return None if values is None else ",".join(map(str, values))
