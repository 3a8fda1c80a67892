"""TimeTonic's requests about the comments in a cell.

Source: seed document, index; reference page, sections 5.4 and 5.5.
"""

from __future__ import annotations

from tui.services.operation import operation
from tui.services.reading import read
from tui.services.timetonic.dialect import OWN, TimeTonicDialect
from tui.services.timetonic.records import Done
from tui.services.timetonic.table_reading import read_comments
from tui.services.timetonic.table_records import Comments


class CommentOperations(TimeTonicDialect):
    """Comments of cells."""

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
