"""Links to bookkeeping services."""

from __future__ import annotations

from typing import Any, TypeVar

from tui.services.operation import operation
from tui.services.reading import Record, read
from tui.services.timesheets.answers import Done, Envelope, done, one
from tui.services.timesheets.checks import at_least_one
from tui.services.timesheets.choices import Integrations
from tui.services.timesheets.dialect import TimesheetsResource
from tui.services.timesheets.records import CustomerImport, EmployeeImport, EntryExport, Link
from tui.services.wire import segment

T = TypeVar("T", bound=Record)


class Integration(TimesheetsResource):
    """Links to the bookkeeping services QuickBooks (qbo), Xero and ADP."""

    @operation("timesheets.integration.update", "write", idempotent=True)
    async def update(
        self,
        integration: Integrations,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        settings: dict[str, bool] | None = None,
    ) -> Done:
        """Set up the link to a bookkeeping service.

        Errors: InvalidArgument when nothing is given.
        Source: iBuildApp Timesheets document, INTEGRATION: Set/update information for
        integration.

        Args:
            integration: The bookkeeping service.
            client_id: The application's id there.
            client_secret: The application's secret there.
            settings: What to import, each with yes or no: import_employees,
                import_employee_rates, import_vendors_as_employees, import_customers.
        """
        at_least_one(client_id=client_id, client_secret=client_secret, settings=settings)
        answer = await self._client.post(
            f"integration/{segment(integration)}/update",
            client_id=client_id,
            client_secret=client_secret,
            settings=settings,
        )
        return done(answer)

    @operation("timesheets.integration.authorize", "read")
    async def authorize(self, integration: Integrations) -> Link:
        """Get the address where access is granted.

        To be opened in a browser by a person; nothing opens it unasked.
        Source: iBuildApp Timesheets document, INTEGRATION: Get Auth URL for integration.

        Args:
            integration: The bookkeeping service.
        """
        answer = await self._client.post(f"integration/{segment(integration)}/authorize")
        return one(Link, answer)

    @operation("timesheets.integration.disconnect", "destructive", idempotent=True)
    async def disconnect(self, integration: Integrations) -> Done:
        """Remove the link to a bookkeeping service.

        Source: iBuildApp Timesheets document, INTEGRATION: Delete for integration.

        Args:
            integration: The bookkeeping service.
        """
        answer = await self._client.post(f"integration/{segment(integration)}/disconnect")
        return done(answer)

    @operation("timesheets.integration.import_employees", "write")
    async def import_employees(self, integration: Integrations = "xero") -> EmployeeImport:
        """Import employees.

        Source: iBuildApp Timesheets document, INTEGRATION: Import Employees.

        Args:
            integration: The bookkeeping service; the document has xero.
        """
        answer = await self._client.post(f"integration/{segment(integration)}/import_employees")
        return _read(EmployeeImport, answer)

    @operation("timesheets.integration.import_customers", "write")
    async def import_customers(self, integration: Integrations = "xero") -> CustomerImport:
        """Import customers with their projects and tasks.

        Source: iBuildApp Timesheets document, INTEGRATION: Import Customers.

        Args:
            integration: The bookkeeping service; the document has xero.
        """
        answer = await self._client.post(f"integration/{segment(integration)}/import_customers")
        return _read(CustomerImport, answer)

    @operation("timesheets.integration.export_timeentries", "write")
    async def export_timeentries(
        self, integration: Integrations = "qbo", *, time_entry_ids: list[int] | None = None
    ) -> EntryExport:
        """Export time entries to the bookkeeping service.

        Source: iBuildApp Timesheets document, INTEGRATION: Export TimeEntries.

        Args:
            integration: The bookkeeping service; the document has qbo.
            time_entry_ids: The time entries.
        """
        answer = await self._client.post(
            f"integration/{segment(integration)}/export_timeentries", time_entry_ids=time_entry_ids
        )
        return _read(EntryExport, answer)


def _read(kind: type[T], answer: Envelope) -> T:
    """The record in `data`, which is an empty list when there was nothing to move."""
    data: dict[str, Any] = read(dict[str, Any], answer.data, "data")
    found: T = read(kind, data, "data")
    return found
