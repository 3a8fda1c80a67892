"""Clients."""

from __future__ import annotations

from typing import Literal

from tui.services.operation import operation
from tui.services.timesheets.answers import (
    Created,
    Done,
    Found,
    Grouped,
    created,
    done,
    found,
    grouped,
    one,
)
from tui.services.timesheets.checks import page_checked
from tui.services.timesheets.choices import Order
from tui.services.timesheets.dialect import TimesheetsResource
from tui.services.timesheets.records import Client


class Clients(TimesheetsResource):
    """Clients: whom the work is for."""

    @operation("timesheets.client.info", "read")
    async def info(self, client_id: int) -> Client:
        """Show a client.

        Source: iBuildApp Timesheets document, CLIENT: Get Client Info.

        Args:
            client_id: The client's id.
        """
        answer = await self._client.post("client", client_id=client_id)
        return one(Client, answer)

    @operation("timesheets.client.create", "write")
    async def create(
        self,
        name: str,
        *,
        phone: str | None = None,
        email: str | None = None,
        contact_info: str | None = None,
        address: str | None = None,
        city: str | None = None,
        state: str | None = None,
        industry: str | None = None,
        website: str | None = None,
        notes: str | None = None,
        status: bool | None = None,
    ) -> Created:
        """Make a client.

        Source: iBuildApp Timesheets document, CLIENT: Create New Client.

        Args:
            name: The name.
            phone: The telephone number.
            email: The e-mail address.
            contact_info: Whom to ask for.
            address: The address.
            city: The city.
            state: The state.
            industry: The industry.
            website: The website.
            notes: Notes.
            status: Whether it is active.
        """
        answer = await self._client.post(
            "client/create",
            name=name,
            phone=phone,
            email=email,
            contact_info=contact_info,
            address=address,
            city=city,
            state=state,
            industry=industry,
            website=website,
            notes=notes,
            status=status,
        )
        return created(answer)

    @operation("timesheets.client.update", "write", idempotent=True)
    async def update(
        self,
        client_id: int,
        *,
        name: str | None = None,
        phone: str | None = None,
        email: str | None = None,
        contact_info: str | None = None,
        address: str | None = None,
        city: str | None = None,
        state: str | None = None,
        industry: str | None = None,
        website: str | None = None,
        notes: str | None = None,
        status: bool | None = None,
    ) -> Done:
        """Change a client.

        Source: iBuildApp Timesheets document, CLIENT: Update Client.

        Args:
            client_id: The client's id.
            name: The name.
            phone: The telephone number.
            email: The e-mail address.
            contact_info: Whom to ask for.
            address: The address.
            city: The city.
            state: The state.
            industry: The industry.
            website: The website.
            notes: Notes.
            status: Whether it is active.
        """
        answer = await self._client.post(
            "client/update",
            client_id=client_id,
            name=name,
            phone=phone,
            email=email,
            contact_info=contact_info,
            address=address,
            city=city,
            state=state,
            industry=industry,
            website=website,
            notes=notes,
            status=status,
        )
        return done(answer)

    @operation("timesheets.client.search", "read")
    async def search(
        self,
        *,
        user_id: int | None = None,
        client_ids: list[int] | None = None,
        email: str | None = None,
        name: str | None = None,
        contact_info: str | None = None,
        address: str | None = None,
        keyword: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
        with_: list[Literal["projects"]] | None = None,
    ) -> Found[Client]:
        """Find clients.

        The service answers ten when limit is left out.
        Source: iBuildApp Timesheets document, CLIENT: Search Clients.

        Args:
            user_id: The user's id.
            client_ids: Only these clients.
            email: The e-mail address.
            name: The name.
            contact_info: Whom to ask for.
            address: The address.
            keyword: Text to find.
            limit: At most so many; 10 when left out.
            offset: Leave out so many at the start.
            with_: What to answer along with it.
        """
        page_checked(limit, offset)
        answer = await self._client.post(
            "client/search",
            user_id=user_id,
            client_ids=client_ids,
            email=email,
            name=name,
            contact_info=contact_info,
            address=address,
            keyword=keyword,
            limit=limit,
            offset=offset,
            with_=with_,
        )
        return found(Client, answer, "clients")

    @operation("timesheets.client.search_group", "read")
    async def search_group(
        self,
        *,
        client_ids: list[int] | None = None,
        name: str | None = None,
        industry: str | None = None,
        state: str | None = None,
        city: str | None = None,
        description: str | None = None,
        keyword: str | None = None,
        status: bool | None = None,
        limit: int | None = None,
        offset: int | None = None,
        with_: list[Literal["projects"]] | None = None,
        group_by: Literal["status", "industry", "state", "city"] | None = None,
        order_by: Order | None = None,
    ) -> Grouped[Client]:
        """Find clients, grouped.

        Source: iBuildApp Timesheets document, CLIENT: Search Clients with Grouping.

        Args:
            client_ids: Only these clients.
            name: The name.
            industry: The industry.
            state: The state.
            city: The city.
            description: The description.
            keyword: Text to find in the name.
            status: Only active, or only inactive ones.
            limit: At most so many.
            offset: Leave out so many at the start.
            with_: What to answer along with it.
            group_by: The field to group by.
            order_by: The order of the groups.
        """
        page_checked(limit, offset)
        answer = await self._client.post(
            "client/search_group",
            client_ids=client_ids,
            name=name,
            industry=industry,
            state=state,
            city=city,
            description=description,
            keyword=keyword,
            status=status,
            limit=limit,
            offset=offset,
            with_=with_,
            group_by=group_by,
            order_by=order_by,
        )
        return grouped(Client, answer)

    @operation("timesheets.client.export_csv", "read")
    async def export_csv(
        self,
        *,
        client_ids: list[int] | None = None,
        name: str | None = None,
        industry: str | None = None,
        state: str | None = None,
        city: str | None = None,
        description: str | None = None,
        keyword: str | None = None,
        status: bool | None = None,
        limit: int | None = None,
        offset: int | None = None,
        with_: list[Literal["projects"]] | None = None,
    ) -> str:
        """Export clients as CSV.

        The service answers ten when limit is left out; with is from its sample only.
        Source: iBuildApp Timesheets document, CLIENT: Export Clients to CSV.

        Args:
            client_ids: Only these clients.
            name: The name.
            industry: The industry.
            state: The state.
            city: The city.
            description: The description.
            keyword: Text to find in the name.
            status: Only active, or only inactive ones.
            limit: At most so many; 10 when left out.
            offset: Leave out so many at the start.
            with_: What to answer along with it.
        """
        page_checked(limit, offset)
        return await self._client.csv(
            "client/export_csv",
            client_ids=client_ids,
            name=name,
            industry=industry,
            state=state,
            city=city,
            description=description,
            keyword=keyword,
            status=status,
            limit=limit,
            offset=offset,
            with_=with_,
        )

    @operation("timesheets.client.delete", "destructive", idempotent=True)
    async def delete(self, client_id: int) -> Done:
        """Delete a client.

        Source: iBuildApp Timesheets document, CLIENT: Delete Client.

        Args:
            client_id: The client's id.
        """
        answer = await self._client.post("client/delete", client_id=client_id)
        return done(answer)
