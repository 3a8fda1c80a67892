"""The client of iBuildApp Timesheets."""

from __future__ import annotations

from datetime import date

from tui.services.arguments import length
from tui.services.operation import operation
from tui.services.timesheets.answers import LogIn
from tui.services.timesheets.choices import Sex
from tui.services.timesheets.clients import Clients
from tui.services.timesheets.dialect import Dialect
from tui.services.timesheets.entries import TimeEntries
from tui.services.timesheets.groups import Groups
from tui.services.timesheets.integration import Integration
from tui.services.timesheets.invoices import Invoices
from tui.services.timesheets.projects import Projects
from tui.services.timesheets.rates import Rates
from tui.services.timesheets.schedules import Schedules
from tui.services.timesheets.tasks import Tasks
from tui.services.timesheets.users import Users


class Timesheets(Dialect):
    """iBuildApp Timesheets: clients, projects, tasks, time entries, invoices.

    Takes the transport, the app code (a short name in every path), and e-mail with password or
    a token. `task_prefix` is where three calls on tasks are: the document has them under
    timesheets; api/{app} is where all others are.
    """

    resource_types = {
        "user": Users,
        "group": Groups,
        "client": Clients,
        "invoice": Invoices,
        "task": Tasks,
        "project": Projects,
        "schedule": Schedules,
        "rate": Rates,
        "ts": TimeEntries,
        "integration": Integration,
    }
    user: Users
    group: Groups
    client: Clients
    invoice: Invoices
    task: Tasks
    project: Projects
    schedule: Schedules
    rate: Rates
    ts: TimeEntries
    integration: Integration

    @operation("timesheets.login", "write")
    async def login(self, email: str, password: str) -> LogIn:
        """Log in; the token is kept and signs what follows.

        Errors: AuthenticationFailed for a wrong pair.
        Source: iBuildApp Timesheets document, INTRO: User Authorization; its address is only in
        the edition of July 2020.

        Args:
            email: The e-mail address.
            password: The password.
        """
        return await self.enter("login", email=email, password=password)

    @operation("timesheets.register", "write")
    async def register(
        self,
        email: str,
        password: str,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        sex: Sex | None = None,
        position: str | None = None,
        birth_date: date | None = None,
    ) -> LogIn:
        """Register a new account; it may have to be activated before it can be used.

        Errors: InvalidArgument for a password that is not 8 to 16 characters long.
        Source: iBuildApp Timesheets document, INTRO: User Registration; its address and the last
        three parameters are only in the edition of July 2020.

        Args:
            email: The e-mail address.
            password: The password, 8 to 16 characters.
            first_name: The first name.
            last_name: The last name.
            sex: The sex.
            position: Specialization or profession.
            birth_date: The day of birth.
        """
        length("password", password, 8, 16)
        return await self.enter(
            "register",
            email=email,
            password=password,
            first_name=first_name,
            last_name=last_name,
            sex=sex,
            position=position,
            birth_date=birth_date,
        )
