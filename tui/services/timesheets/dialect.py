"""How iBuildApp Timesheets is spoken to: JSON posts, a bearer token, answers in an envelope."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from tui.services.arguments import aware
from tui.services.beside import insist_on_one_word
from tui.services.client import Resource, ServiceClient, decode_json
from tui.services.errors import (
    AuthenticationFailed,
    InvalidArgument,
    NotFound,
    ProtocolViolation,
    Refused,
    ServiceError,
    error_of_status,
)
from tui.services.operation import aside, is_change, mark_sent
from tui.services.reading import unreadable
from tui.services.timesheets.answers import (
    DECODER,
    NOT_MODIFIED,
    OF_ACCOUNT,
    SAYS_NO,
    SAYS_YES,
    Envelope,
    LogIn,
    as_log_in,
    envelope,
)
from tui.services.transport import Transport
from tui.services.wire import Request, Response, segment

NOT_SIGNED_IN = "9"
NOT_FOUND = "5"
LEFT_BEHIND = frozenset({"task", "task/update", "task/delete"})
"""Three calls that the document has under /timesheets/ and not under the app's own path."""


class Dialect(ServiceClient):
    """Sends calls of iBuildApp Timesheets and tells refusals apart.

    With `email` and `password` it logs in by itself when first needed, and once more when its
    session was refused; with only a `token` it says that one has to log in.
    """

    service: ClassVar[str] = "timesheets"

    def __init__(
        self,
        transport: Transport,
        *,
        app: str,
        email: str = "",
        password: str = "",
        token: str = "",
        task_prefix: str = "timesheets",
    ) -> None:
        super().__init__(transport)
        self.app = app
        self.task_prefix = task_prefix.replace("{app}", segment(app)).strip("/")
        self._email = email
        self._password = password
        self._token = token
        self._signing_in = asyncio.Lock()

    async def post(self, call: str, /, **parameters: Any) -> Envelope:
        """Post one signed call and open its envelope. Every answer that says no is an error.

        `call` is the path behind the app's own; parameters that are None are left out, and an
        underscore at the end of a name only keeps it from being a Python keyword.
        """
        answer = await self._signed(call, parameters, "application/json")
        return self._opened(answer)

    async def csv(self, call: str, /, **parameters: Any) -> str:
        """Post one signed call that answers a CSV file instead of an envelope."""
        answer = await self._signed(call, parameters, "text/csv, application/json")
        if "json" in answer.content_type or answer.status >= 300:
            self._opened(answer)
            raise ProtocolViolation("the answer should be a CSV file, but is JSON")
        if "html" in answer.content_type:
            raise ProtocolViolation("the answer should be a CSV file, but is a web page")
        return answer.text.removeprefix("\ufeff")

    async def enter(self, call: str, /, **parameters: Any) -> LogIn:
        """Post one of the two calls that need no token and answer one; it is kept from then on.

        Where the service lets only administrators register, it is done with the account's own
        token, which then stays in use.
        """
        answer = await self.send(self._request(call, parameters, "application/json", token=""))
        if answer.status == 401 and call != "login" and self._can_sign_in:
            answer = await self._signed(call, parameters, "application/json")
            return as_log_in(self._opened(answer, entering=True))
        entered = as_log_in(self._opened(answer, entering=True))
        self._token = entered.token or self._token
        return entered

    @property
    def _can_sign_in(self) -> bool:
        return bool(self._token or (self._email and self._password))

    async def _signed(self, call: str, parameters: dict[str, Any], accept: str) -> Response:
        token = self._token or await self._sign_in("")
        answer = await self.send(self._request(call, parameters, accept, token))
        if answer.status == 401 and self._password:
            # The session that was good before has run out; a fresh one is tried once.
            mark_sent(False)
            token = await self._sign_in(token)
            answer = await self.send(self._request(call, parameters, accept, token))
        return answer

    async def _sign_in(self, refused: str) -> str:
        """A token other than the refused one. Calls that run side by side log in only once."""
        if self.transport.dry_run:
            return "token"
        async with self._signing_in:
            if self._token and self._token != refused:
                return self._token
            if not (self._email and self._password):
                raise AuthenticationFailed(
                    "no token and no e-mail with password are known",
                    advice="Configure the account's e-mail and password, or log in.",
                )
            self._token = ""
            with aside():
                entered = await self.enter("login", email=self._email, password=self._password)
            if entered.account == "PENDING":
                raise AuthenticationFailed(
                    "the account is not activated yet",
                    advice="Wait until an administrator has activated it.",
                )
            if not entered.token:
                raise ProtocolViolation("the answer to the log-in has no token")
            return entered.token

    def _request(self, call: str, parameters: dict[str, Any], accept: str, token: str) -> Request:
        if not self.app:
            raise InvalidArgument(
                "the app code is not known", advice="Set app of [timesheets] in the configuration."
            )
        prefix = self.task_prefix if call in LEFT_BEHIND else f"api/{segment(self.app)}"
        body = {
            name.removesuffix("_"): on_the_wire(name, value)
            for name, value in parameters.items()
            if value is not None
        }
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return Request("POST", f"{prefix}/{call}", json=body, headers=headers, accept=accept)

    def _opened(self, answer: Response, *, entering: bool = False) -> Envelope:
        try:
            # The document has the status of a log-in twice.
            content = decode_json(answer, DECODER, twice=entering)
        except ProtocolViolation:
            if answer.status >= 300:
                raise error_of_status(answer.status) from None
            raise
        if not isinstance(content, dict):
            raise ProtocolViolation("the answer is JSON, but not an object")
        opened, said = envelope(content), content["status"]
        if answer.status >= 300 or opened.status == SAYS_NO:
            raise _refusal(opened, answer.status, entering=entering)
        others = OF_ACCOUNT if entering else () if is_change() else (NOT_MODIFIED,)
        if opened.status not in (SAYS_YES, *others):
            # Neither: of a change nobody knows then whether it was made.
            words = f" ({opened.message})" if opened.message else ""
            raise unreadable("answer.status", f"{SAYS_YES} or {SAYS_NO}{words}", said)
        insist_on_one_word(content)
        return opened


class TimesheetsResource(Resource):
    """A resource whose client is known to speak Timesheets' dialect."""

    _client: Dialect


def _refusal(opened: Envelope, status: int, *, entering: bool) -> ServiceError:
    """The error for a refusal: by its code where it has one, else by the HTTP status.

    The words are the service's own and are only ever shown: they are not the same from call
    to call, so that nothing is decided by them.
    """
    words, code = opened.message, opened.error_code
    if code == NOT_SIGNED_IN or status == 401:
        advice = "Check e-mail and password." if entering else ""
        return AuthenticationFailed(
            words or "the token is not accepted", status=status, code=code, advice=advice
        )
    if code == NOT_FOUND:
        return NotFound(words or "there is no such thing", status=status, code=code)
    if status < 300:
        return Refused(words or "the service said no", status=status, code=code)
    return error_of_status(status, words, code=code)


def on_the_wire(name: str, value: Any) -> Any:
    """A value as the service takes it: times as Unix seconds, dates as YYYY-MM-DD."""
    if isinstance(value, datetime):
        return int(aware(name, value).timestamp())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) and not value.is_finite():
        raise InvalidArgument(f"{name} must be a number")
    return value
