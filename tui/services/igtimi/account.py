"""The account, other users, and the list of websocket servers."""

from __future__ import annotations

from tui.services.errors import ProtocolViolation
from tui.services.igtimi.dialect import API, IgtimiResource, Success, single, unwrapped
from tui.services.igtimi.records import Account
from tui.services.operation import operation
from tui.services.reading import read_all
from tui.services.wire import segment


def _user(user_id: int) -> str:
    return f"{API}/users/{segment(user_id)}"


class AccountResource(IgtimiResource):
    """Whose token this is."""

    @operation("igtimi.account.show", "read")
    async def show(self) -> Account:
        """Show the account of the access token; also the way to see whether it is still good.

        Errors: AuthenticationFailed when the token was revoked.
        Source: Igtimi API document, Account: Show.
        """
        return single(Account, await self._client.json("GET", f"{API}/account"), "user")


class ServerListers(IgtimiResource):
    """Which servers send live data."""

    @operation("igtimi.server_listers.web_sockets", "read")
    async def web_sockets(self) -> list[str]:
        """List the live data servers, to be tried from the top; the list changes, so ask anew.

        Needs no token, but sends the one there is.
        Source: Igtimi API document, Server Lister; vendor guide "Live data (WebSockets)".
        """
        answer = await self._client.json("GET", "/server_listers/web_sockets", signature="open")
        if not isinstance(answer, dict) or "web_socket_servers" not in answer:
            raise ProtocolViolation("the answer has no web_socket_servers")
        return read_all(str, answer["web_socket_servers"], "web_socket_servers")


class Users(IgtimiResource):
    """Users that have connected the application."""

    @operation("igtimi.users.show", "read")
    async def show(self, user_id: int) -> Account:
        """Show one user.

        Errors: PermissionDenied when the user does not exist (the service says 401).
        Source: Igtimi API document, Users: Show.

        Args:
            user_id: The user's id.
        """
        return single(Account, await self._client.json("GET", _user(user_id)), "user")

    @operation("igtimi.users.save_blob", "write", idempotent=True)
    async def save_blob(self, user_id: int, content: str) -> Success:
        """Save data of one's own on a user, in place of what was there.

        Errors: PermissionDenied when the user does not exist (the service says 401).
        Source: Igtimi API document, Users: Save Blob.

        Args:
            user_id: The user's id.
            content: The text to keep.
        """
        return await self._client.save_blob(_user(user_id), content)

    @operation("igtimi.users.get_blob", "read")
    async def get_blob(self, user_id: int) -> bytes:
        """Get the data saved on a user, exactly as it was saved.

        Errors: PermissionDenied when the user does not exist (the service says 401).
        Source: Igtimi API document, Users: Get Blob.

        Args:
            user_id: The user's id.
        """
        return await self._client.blob(_user(user_id))

    @operation("igtimi.users.list", "read")
    async def list(self) -> list[Account]:
        """List the users that have connected the application.

        Source: Igtimi API document, Users: List.
        """
        return unwrapped(Account, await self._client.json("GET", f"{API}/users"), "users", "user")
