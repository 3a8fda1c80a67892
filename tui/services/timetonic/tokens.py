"""TimeTonic's requests by the token of a shared link, which need no session.

Source: seed document, index, which gives only their names.
"""

from __future__ import annotations

from typing import Any

from tui.services.operation import operation
from tui.services.timetonic.dialect import TimeTonicDialect
from tui.services.timetonic.table_reading import (
    read_row_list,
    read_table_values,
    read_written,
)
from tui.services.timetonic.table_records import RowList, TableValues, Written
from tui.services.timetonic.wire_values import NEW, wire_row, wire_row_id


class TokenOperations(TimeTonicDialect):
    """Rows and forms that were shared by a link."""

    @operation("timetonic.getTableRowByToken", "read")
    async def get_table_row_by_token(self, token: str) -> RowList:
        """Get the row that was shared by a link. Needs no session.

        Parameters and answer are not documented.
        Source: seed document, index.

        Args:
            token: The token in the link.
        """
        return read_row_list(await self.post("getTableRowByToken", {"token": token}))

    @operation("timetonic.getNewTableRowByViewToken", "read")
    async def get_new_table_row_by_view_token(self, token: str) -> TableValues:
        """Get the empty row of a form that was shared by a link. Needs no session.

        Parameters and answer are not documented.
        Source: seed document, index.

        Args:
            token: The token in the link.
        """
        answer = await self.post("getNewTableRowByViewToken", {"token": token})
        return read_table_values(answer)

    @operation("timetonic.addNewTableRowByViewToken", "write")
    async def add_new_table_row_by_view_token(
        self, token: str, field_values: dict[str, Any], *, row_id: str = NEW
    ) -> Written:
        """Add a row through a form that was shared by a link. Needs no session.

        Parameters and answer are not documented.
        Source: seed document, index.

        Args:
            token: The token in the link.
            field_values: Field id to value.
            row_id: Any text that begins with tmp.
        """
        form = {"token": token, "rowId": wire_row_id(row_id), "fieldValues": wire_row(field_values)}
        return read_written(
            await self.repeated(lambda: self.post("addNewTableRowByViewToken", form))
        )

    @operation("timetonic.updateTableRowByToken", "write", idempotent=True)
    async def update_table_row_by_token(self, token: str, field_values: dict[str, Any]) -> Written:
        """Change the row that was shared by a link. Needs no session.

        Parameters and answer are not documented.
        Source: seed document, index.

        Args:
            token: The token in the link.
            field_values: Field id to value.
        """
        form = {"token": token, "fieldValues": wire_row(field_values)}
        return read_written(await self.repeated(lambda: self.post("updateTableRowByToken", form)))
