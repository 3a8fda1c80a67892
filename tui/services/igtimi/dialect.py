"""How Igtimi is spoken to: where the token goes, what bodies look like, how answers say no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar
from urllib.parse import urlencode

from tui.services.arguments import aware
from tui.services.beside import insist_on_one_word
from tui.services.client import Resource, ServiceClient, decode_json
from tui.services.errors import (
    AuthenticationFailed,
    InvalidArgument,
    PermissionDenied,
    ProtocolViolation,
    Refused,
    ServiceError,
    error_of_status,
)
from tui.services.igtimi.ruby_hash import read_ruby
from tui.services.operation import aside, mark_sent
from tui.services.reading import Record, Unreadable, each, read, read_one
from tui.services.wire import FilePart, Pairs, Request, Response, pairs

API = "/api/v1"
NO_CONTENT = 204
LONGEST_QUERY = 1500
"""Characters of a query above which a read is posted with `_method=GET` instead."""

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
"""The redirect address that stands for none: the service shows the code on a page."""

Signature = Literal["user", "application", "devicegroup", "open", "none"]
"""Whose token a request carries; `open` sends the user's if there is one, `none` sends no token."""

T = TypeVar("T", bound=Record)


class Success(Record, frozen=True, kw_only=True):
    """The answer of a call that only says that it was done."""

    success: bool


class Dialect(ServiceClient):
    """Sends requests of the Igtimi API and tells refusals apart.

    The user's token goes into the Authorization header, never into the URL: URLs end up in
    logs. Application and device group tokens are parameters, as the document names them.
    """

    service: ClassVar[str] = "igtimi"

    def __init__(
        self,
        transport: Any,
        *,
        access_token: str = "",
        application_access_token: str = "",
        devicegroup_token: str = "",
        client_id: str = "",
        client_secret: str = "",
        redirect_uri: str = "",
    ) -> None:
        super().__init__(transport)
        self.access_token = access_token
        self.application_access_token = application_access_token
        self.devicegroup_token = devicegroup_token
        self.client_id = client_id
        self.client_secret = client_secret
        self.redirect_uri = redirect_uri

    async def call(self, request: Request, signature: Signature = "user") -> Response:
        """Send one request with its token. Every answer that says no becomes an error."""
        answer = await self.send(self._signed(request, signature))
        if answer.status >= 300:
            raise await self._refusal(request, answer, signature)
        return answer

    async def json(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        form: Mapping[str, object] | None = None,
        files: tuple[FilePart, ...] = (),
        headers: Mapping[str, str] | None = None,
        signature: Signature = "user",
    ) -> Any:
        """Send and decode a JSON answer; one that holds `error` is a refusal on any status."""
        request = Request(
            method,
            path,
            query=pairs(query or {}),
            form=None if form is None else pairs(form),
            files=files,
            headers=headers or {},
        )
        return self.decoded(await self.call(request, signature))

    async def lookup(self, path: str, parameters: Mapping[str, object]) -> Response:
        """Read with a query that may be long: then it is posted as a form with `_method=GET`.

        Source: API communication fundamentals (vendor guide), "Long queries".
        """
        query = pairs(parameters)
        if len(urlencode(query)) <= LONGEST_QUERY:
            return await self.call(Request("GET", path, query=query))
        form: Pairs = (("_method", "GET"), *query)
        return await self.call(Request("POST", path, form=form))

    async def done(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        form: Mapping[str, object] | None = None,
        signature: Signature = "user",
    ) -> Success:
        """Send what answers `{"success": true}`, or that it has no more to say than that (204).

        Raises Refused when it says false, ProtocolViolation when it says neither.
        """
        sent = pairs(form) if form is not None else None
        request = Request(method, path, query=pairs(query or {}), form=sent)
        return self.success(await self.call(request, signature))

    def success(self, response: Response) -> Success:
        """What such an answer says. Raises as `done` does."""
        if response.status == NO_CONTENT and not response.content:
            return Success(success=True)
        answer = self.decoded(response)
        result: Success = read(Success, answer)
        if not result.success:
            if answer["success"] == "":
                raise Unreadable("answer.success", "is empty")
            raise Refused("the service answered that it did not succeed")
        return result

    async def blob(self, path: str) -> bytes:
        """A blob, exactly as it was saved."""
        return (await self.call(Request("GET", f"{path}/blob", accept="*/*"))).content

    async def save_blob(self, path: str, content: str) -> Success:
        """Save a blob in place of the one there was."""
        return await self.done("POST", f"{path}/blob", form={"content": content})

    def decoded(self, answer: Response) -> Any:
        """The JSON of an answer, or its Ruby. Raises Refused when it is an error object."""
        content = _decoded(answer)
        if isinstance(content, dict) and _says_done(content):
            insist_on_one_word(content)
        if isinstance(content, dict) and (content.get("error") or content.get("errors")):
            error = content.get("error")
            code = error if isinstance(error, str) else None
            words = _words(content) or "the service answered that there were errors"
            raise Refused(words, status=answer.status, code=code)
        return content

    def _signed(self, request: Request, signature: Signature) -> Request:
        if signature == "none":
            return request
        if signature in ("user", "open"):
            token = self.access_token or ("token" if self.transport.dry_run else "")
            if not token:
                if signature == "open":
                    return request
                raise AuthenticationFailed(
                    "no access token is known", advice="Log in, or configure an access token."
                )
            return _with(request, headers={"Authorization": f"Bearer {token}"})
        name = f"{signature}_token" if signature == "devicegroup" else "application_access_token"
        token = getattr(self, name) or ("token" if self.transport.dry_run else "")
        if not token:
            raise AuthenticationFailed(
                f"this call needs the {name.replace('_', ' ')}", advice=f"Configure {name}."
            )
        return _with(request, parameters=((name, token),))

    def group_signature(self) -> Signature:
        """The token for device groups: the application's, or else the device group's."""
        if self.devicegroup_token and not self.application_access_token:
            return "devicegroup"
        return "application"

    async def _refusal(
        self, request: Request, answer: Response, signature: Signature
    ) -> ServiceError:
        words = spoken(answer)
        if answer.status == 401:
            return await self._unauthorized(request, words, signature)
        return error_of_status(answer.status, words)

    async def _unauthorized(
        self, request: Request, words: str, signature: Signature
    ) -> ServiceError:
        """What a 401 means: Igtimi also says it for "no permission" and "does not exist".

        Only the account's own page tells whether the token is still good.
        Source: reference "OAuth and HTTP"; seed document, the errors of Sessions and Groups.
        """
        if signature in ("user", "open") and request.path != f"{API}/account":
            probe = self._signed(Request("GET", f"{API}/account"), "user")
            mark_sent(False)
            with aside():
                known = (await self.send(probe)).status
            if known == 200:
                return PermissionDenied(
                    words or "there is no permission for this, or it does not exist",
                    status=401,
                    advice="Ask the owner for access; the service says the same of what is gone.",
                )
            if known != 401:
                return AuthenticationFailed(
                    words or "the service refused the token, and its account page is out of order",
                    status=401,
                )
        return AuthenticationFailed(words or "the token is not accepted", status=401)


class IgtimiResource(Resource):
    """A resource whose client is known to speak Igtimi's dialect."""

    _client: Dialect


def _decoded(answer: Response) -> Any:
    try:
        return decode_json(answer)
    except ProtocolViolation:
        if b"=>" not in answer.content or "html" in answer.content_type:
            raise
        try:
            return read_ruby(answer.text.lstrip("\ufeff"))
        except (ValueError, RecursionError):
            # No Ruby either: what is wrong with it as JSON is what is to be said.
            pass
        raise


def _says_done(content: Mapping[str, Any]) -> bool:
    """Whether an answer says that something was done, or tells the id of what was made."""
    told = str(content.get("success")).lower() in ("true", "1")
    things = [inner for inner in content.values() if isinstance(inner, dict)]
    return told or any(inner.get("id") for inner in things)


def spoken(answer: Response) -> str:
    """The service's own words in a refusal; empty for web pages and for nothing."""
    start = answer.content.lstrip()[:1]
    if start == b"{":
        try:
            content = decode_json(answer)
        except ProtocolViolation:
            return ""
        return _words(content)
    if "html" in answer.content_type or start == b"<":
        return ""
    return " ".join(answer.text.split())[:500]


def _words(content: Mapping[str, Any]) -> str:
    """The words of an error object: error, and reason or description where there is one."""
    reason = next(
        (
            content[name]
            for name in ("reason", "error_description", "message")
            if isinstance(content.get(name), str) and content[name]
        ),
        "",
    )
    parts = [*_said(content.get("error")), *_said(content.get("errors")), reason]
    return ": ".join(dict.fromkeys(filter(None, parts)))[:500]


def _said(errors: object, of: str = "", depth: int = 3) -> Iterator[str]:
    """The words in what an error object holds: a text, or texts by the field that they are of."""
    if not depth:
        return
    if isinstance(errors, str):
        yield f"{of} {errors.strip()}".strip()
    elif isinstance(errors, Mapping):
        for name, inner in errors.items():
            yield from _said(inner, "" if name in ("message", "reason") else str(name), depth - 1)
    elif isinstance(errors, list):
        for inner in errors:
            yield from _said(inner, of, depth - 1)


def _with(
    request: Request, *, headers: Mapping[str, str] | None = None, parameters: Pairs = ()
) -> Request:
    """A copy of a request with more headers, and with parameters where its others are."""
    in_body = request.form is not None or (request.method not in ("GET", "DELETE"))
    return Request(
        request.method,
        request.path,
        query=request.query if in_body else request.query + parameters,
        form=(request.form or ()) + parameters if in_body and parameters else request.form,
        json=request.json,
        body=request.body,
        content_type=request.content_type,
        files=request.files,
        headers={**request.headers, **(headers or {})},
        accept=request.accept,
    )


def milliseconds(moment: datetime | None, name: str) -> int | None:
    """A time as the wire has it: whole milliseconds since 1970, UTC.

    Raises InvalidArgument for a time that does not say its zone.
    """
    return None if moment is None else round(aware(name, moment).timestamp() * 1000)


def period(start_time: datetime | None, end_time: datetime | None) -> dict[str, int | None]:
    """The two ends of a period as parameters. Raises InvalidArgument when it ends too early."""
    start = milliseconds(start_time, "start_time")
    end = milliseconds(end_time, "end_time")
    if start is not None and end is not None and end < start:
        raise InvalidArgument("the end is before the start")
    return {"start_time": start, "end_time": end}


def unwrapped(kind: type[T], answer: Any, plural: str, single: str) -> list[T]:
    """The records of `{plural: [{single: {...}}, ...]}`; elements may also come bare.

    Raises ProtocolViolation naming the element when none of them can be read.
    """
    if not isinstance(answer, dict) or plural not in answer:
        raise ProtocolViolation(f"the answer has no {plural}")

    def one(item: Any, at: str) -> T:
        inner = item[single] if isinstance(item, dict) and single in item else item
        if inner == {}:
            raise Unreadable(f"{at}.{single}", "is empty")
        found: T = read(kind, inner, f"{at}.{single}")
        return found

    return each(answer[plural], plural, one, subject=True)


def single(kind: type[T], answer: Any, name: str) -> T:
    """The record of `{name: {...}}`. Raises NotFound where there is none."""
    if not isinstance(answer, dict) or name not in answer:
        raise ProtocolViolation(f"the answer has no {name}")
    found: T = read_one(kind, answer[name], name)
    return found
