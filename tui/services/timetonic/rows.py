"""TimeTonic's requests that write rows, values and comments, and those by token.

Source: seed document, "Access / Change Information via POST"; reference page, section 5.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tui.services.arguments import aware
from tui.services.clocks import is_shown_twice
from tui.services.errors import InvalidArgument, ServiceError
from tui.services.operation import operation
from tui.services.reading import read
from tui.services.timetonic.dialect import OWN, TimeTonicDialect
from tui.services.timetonic.records import Done
from tui.services.timetonic.table_reading import (
    read_comments,
    read_row_list,
    read_table_values,
)
from tui.services.timetonic.table_records import Comments, RowList, TableValues, Written
from tui.words import counted, were

NEW = "tmpNEW_ROW"
"""A row id that begins with tmp is that of a row to be made."""
BATCH = 10
"""Rows of one request: what the vendor's own library came to after deadlocks with more."""

_PARIS = ZoneInfo("Europe/Paris")


class RowOperations(TimeTonicDialect):
    """Writes to tables."""

    @operation("timetonic.updateTableValue", "write", idempotent=True)
    async def update_table_value(
        self,
        row_id: int,
        field_id: int,
        value: str | int | Decimal | bool | list[Any] | None,
        *,
        b_o: str | None = None,
        bypass_url_trigger: bool | None = None,
    ) -> Written:
        """Write one value. Ids of rows and fields are unique, so no table is needed.

        Source: seed document, updateTableValue.

        Args:
            row_id: The row.
            field_id: The field.
            value: What its type takes; nothing empties it.
            b_o: The owner of the table's book; the user without it.
            bypass_url_trigger: Whether to leave out the table's webhooks.
        """
        form = {
            "b_o": b_o or OWN,
            "value": "" if value is None else wire_value(value),
            "rowId": row_id,
            "fieldId": field_id,
            "bypassUrlTrigger": bypass_url_trigger,
        }
        return read(Written, await self.write("updateTableValue", form))

    @operation("timetonic.createOrUpdateTableRow", "write")
    async def create_or_update_table_row(
        self,
        row_id: int | str = NEW,
        field_values: dict[str, Any] | None = None,
        *,
        cat_id: int | None = None,
        b_o: str | None = None,
        view_id: int | None = None,
        tab_id: int | None = None,
        link_separator: str | None = None,
        bypass_url_trigger: bool | None = None,
    ) -> Written:
        """Make a new row, or change some values of one.

        The service leaves out webhooks unless `bypass_url_trigger` is false. The document
        writes view_id and tab_id where clients write viewId and tabId: both are sent.
        Source: seed document, createOrUpdateTableRow; reference page, section 5.5.

        Args:
            row_id: The row; a text that begins with tmp for a new one.
            field_values: Field id to value.
            cat_id: The table; needed for a new row without values.
            b_o: The owner of the table's book; the user without it.
            view_id: The view through which it is written.
            tab_id: The tab through which it is written.
            link_separator: What stands between row names in a link's text; a comma without it.
            bypass_url_trigger: Whether to leave out the table's webhooks.
        """
        values = wire_row(field_values or {})
        if not values and cat_id is None and str(row_id).startswith("tmp"):
            raise InvalidArgument("a new row without values needs cat_id, the table")
        form = {
            "b_o": b_o or OWN,
            "catId": cat_id,
            "rowId": _row_id(row_id),
            "fieldValues": values,
            **_places(view_id, tab_id),
            "linkSeparator": link_separator,
            "bypassUrlTrigger": bypass_url_trigger,
        }
        return read(Written, await self.write("createOrUpdateTableRow", form))

    @operation("timetonic.createOrUpdateTableRows", "write")
    async def create_or_update_table_rows(
        self,
        rows: dict[str, dict[str, Any]],
        *,
        cat_id: int | None = None,
        b_o: str | None = None,
        view_id: int | None = None,
        tab_id: int | None = None,
        link_separator: str | None = None,
        bypass_url_trigger: bool | None = None,
    ) -> Written:
        """Make or change several rows, ten a request.

        When a request is refused, the rows of those before it have been written; the error
        says how many.
        Source: seed document, createOrUpdateTableRows; reference page, section 5.5.

        Args:
            rows: Row id to values by field id; ids that begin with tmp make new rows.
            cat_id: The table.
            b_o: The owner of the tables' book; the user without it.
            view_id: The view through which they are written.
            tab_id: The tab through which they are written.
            link_separator: What stands between row names in a link's text; a comma without it.
            bypass_url_trigger: Whether to leave out the table's webhooks.
        """
        if not rows:
            raise InvalidArgument("rows is empty")
        wire = [(_row_id(row_id), wire_row(values)) for row_id, values in rows.items()]
        written = Written()
        for start in range(0, len(wire), BATCH):
            form = {
                "b_o": b_o or OWN,
                "catId": cat_id,
                "rows": dict(wire[start : start + BATCH]),
                **_places(view_id, tab_id),
                "linkSeparator": link_separator,
                "bypassUrlTrigger": bypass_url_trigger,
            }
            try:
                part: Written = read(Written, await self.write("createOrUpdateTableRows", form))
            except ServiceError as error:
                if start:
                    done = f"{start} of {counted(len(wire), 'row')} {were(start)} written"
                    error.progress = f"Only the first {done}."
                    error.advice = f"{error.progress} {error.advice}"
                raise
            written = msgspec.structs.replace(
                part,
                rows=[*written.rows, *part.rows],
                new_rows=[*written.new_rows, *part.new_rows],
                read_only=[*written.read_only, *part.read_only],
            )
        return written

    @operation("timetonic.deleteTableRow", "destructive", idempotent=True)
    async def delete_table_row(self, row_id: int, *, b_o: str | None = None) -> Done:
        """Delete a row.

        Not in the document but for its name; parameters as public clients send them.
        Source: seed document, index; reference page, section 5.5.

        Args:
            row_id: The row.
            b_o: The owner of the table's book; the user without it.
        """
        form = {"rowId": row_id, "b_o": b_o or OWN}
        return read(Done, await self.write("deleteTableRow", form))

    @operation("timetonic.rollBackBeforeChange", "write")
    async def roll_back_before_change(
        self, row_id: int, *, b_o: str | None = None, cat_id: int | None = None
    ) -> Done:
        """Put a row back to what it was before its last change.

        Source: seed document, index; reference page, section 5.5.

        Args:
            row_id: The row.
            b_o: The owner of the table's book; the user without it.
            cat_id: The table's id.
        """
        form = {"b_o": b_o or OWN, "rowId": row_id, "catId": cat_id}
        return read(Done, await self.write("rollBackBeforeChange", form))

    @operation("timetonic.getTableValueComments", "read")
    async def get_table_value_comments(
        self, row_id: int, field_id: int, *, b_o: str | None = None
    ) -> Comments:
        """List the comments in a cell.

        The shape of a comment is not documented.
        Source: seed document, index; reference page, section 5.4.

        Args:
            row_id: The row.
            field_id: The comments field.
            b_o: The owner of the table's book; the user without it.
        """
        form = {"b_o": b_o or OWN, "rowId": row_id, "fieldId": field_id}
        return read_comments(await self.call("getTableValueComments", form))

    @operation("timetonic.editTableValueComments", "write")
    async def edit_table_value_comments(
        self,
        row_id: int,
        field_id: int,
        comment: str,
        *,
        comment_id: int | None = None,
        b_o: str | None = None,
    ) -> Done:
        """Change a comment in a cell, or write a new one.

        Source: seed document, index; reference page, section 5.5.

        Args:
            row_id: The row.
            field_id: The comments field.
            comment: The text.
            comment_id: The comment to change; a new one without it (our assumption).
            b_o: The owner of the table's book; the user without it.
        """
        form = {
            "b_o": b_o or OWN,
            "rowId": row_id,
            "fieldId": field_id,
            "commentId": comment_id,
            "comment": comment,
        }
        return read(Done, await self.write("editTableValueComments", form))

    @operation("timetonic.deleteTableValueComments", "destructive", idempotent=True)
    async def delete_table_value_comments(
        self, row_id: int, field_id: int, comment_id: int, *, b_o: str | None = None
    ) -> Done:
        """Delete a comment in a cell.

        Source: seed document, index; reference page, section 5.5.

        Args:
            row_id: The row.
            field_id: The comments field.
            comment_id: The comment.
            b_o: The owner of the table's book; the user without it.
        """
        form = {"b_o": b_o or OWN, "rowId": row_id, "fieldId": field_id, "commentId": comment_id}
        return read(Done, await self.write("deleteTableValueComments", form))

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
        form = {"token": token, "rowId": _row_id(row_id), "fieldValues": wire_row(field_values)}
        return read(
            Written, await self.repeated(lambda: self.post("addNewTableRowByViewToken", form))
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
        return read(Written, await self.repeated(lambda: self.post("updateTableRowByToken", form)))


def wire_row(values: Mapping[Any, Any]) -> dict[str, Any]:
    """Values by field id, each in the form that the service takes."""
    wire: dict[str, Any] = {}
    for key, value in values.items():
        if not str(key).isdecimal():
            raise InvalidArgument(f"values stand under the ids of fields; {key!r} is none")
        wire[str(key)] = wire_value(value)
    return wire


def wire_value(value: Any) -> Any:
    """One value as the service takes it.

    How dates are written is not public; assumed is the text of the field's own dateFormat,
    `YYYY-MM-DD`, with ` HH:MM:SS` in French local time where there is a time.
    """
    if isinstance(value, datetime):
        there = aware("value", value).astimezone(_PARIS)
        if there.fold and is_shown_twice(value, _PARIS):
            raise InvalidArgument(
                f"{there:%H:%M} exists twice on {there:%Y-%m-%d} in Paris, and the service's "
                "times cannot say the second",
                advice="Give a time before or after that hour; nothing was sent.",
            )
        return there.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise InvalidArgument("value is no number")
        # As text: the service takes both, and a JSON number could lose digits.
        return f"{value:f}"
    return msgspec.to_builtins(value)


def _row_id(row_id: int | str) -> str:
    text = str(row_id)
    if not text.isdecimal() and not text.startswith("tmp"):
        raise InvalidArgument(
            f"row_id must be a number, or begin with tmp for a new row, but is {text!r}"
        )
    return text


def _places(view_id: int | None, tab_id: int | None) -> dict[str, object]:
    return {"view_id": view_id, "viewId": view_id, "tab_id": tab_id, "tabId": tab_id}
