"""The requests about tables, rows, values and comments."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.services.timetonic.rows import SIGNED, row
from tests.services.timetonic.sample import data, ok

VALUES = {"status": "ok", "tableValues": data("fetchTableValues.json")}
WRITTEN = ok(rows=[{"id": 5}], newRows=[], readOnlyRowsStatus=[], formLastModified=1558958106)

TABLE_ROWS = [
    row(
        "getBookTables",
        "seed getBookTables; categories as in the real getTableValues of 2019",
        lambda c: c.get_book_tables(
            "test", extern_views=True, format="android", include_fields=True,
            include_enums=False, get_row_ids=True,
        ),
        {**SIGNED, "b_c": "test", "b_o": "demo", "externViews": "true", "format": "android",
         "includeFields": "true", "includeEnums": "false", "getRowIds": "true"},
        ok(bookTables={"id": 1, "categories": [data("fetchTableValues.json")],
                       "tabs": [{"id": 3, "category_id": 126185, "view_id": None, "order": 0}]}),
        lambda r: (r.tables[0].name, r.tables[0].fields[0].name, r.tabs[0].table_id)
        == ("test_code", "Description", 126185),
    ),
    row(
        "getTableValues",
        "seed getTableValues; real tableValues of 2019",
        lambda c: c.get_table_values(
            5, o_u_sesskey="O", filter_row_ids=[1, 2, 3], tab_id=6, offset=0, max_rows=50,
            format="columns", max_comments=3, get_all_views=True, get_dependencies=False,
            from_field_id=8, encrypted_field_passwords={"9": "pw"},
        ),
        {**SIGNED, "o_u_sesskey": "O", "b_o": "demo", "catId": "5", "filterRowIds": "1,2,3",
         "tabId": "6", "offset": "0", "maxRows": "50", "format": "columns", "maxComments": "3",
         "getAllViews": "true", "getDependencies": "false", "fromFieldId": "8",
         "encryptedFieldPasswords": '{"9":"pw"}'},
        VALUES,
        lambda r: [(x.id, x.name) for x in r.rows]
        == [(19975055, "First item"), (19975262, "Second item")],
    ),
    row(
        "getNamedTableValues",
        "seed getNamedTableValues; no answer documented: that of getTableValues",
        lambda c: c.get_named_table_values(
            "test", "code", field_codes=["a", "b"], filter_row_ids={"row_ids": [1]}, tab_id=6,
            offset=1, max_rows=50, format="columns", max_comments=3, get_all_views=True,
            get_dependencies=False,
        ),
        {**SIGNED, "b_c": "test", "b_o": "demo", "catCode": "code", "fieldCodes": "a,b",
         "filterRowIds": '{"row_ids":[1]}', "tabId": "6", "offset": "1", "maxRows": "50",
         "format": "columns", "maxComments": "3", "getAllViews": "true",
         "getDependencies": "false"},
        VALUES,
        lambda r: len(r.rows) == 2,
    ),
    row(
        "getTableValueSubset",
        "seed getTableValueSubset; answer's types of the reference page",
        lambda c: c.get_table_value_subset(5, [1, 2], [10, 11]),
        {**SIGNED, "b_o": "demo", "catId": "5", "fieldIds": "1,2", "rowIds": "10,11"},
        ok(catId=5, tableValues=[["a", "b"], ["c", "d"]], sstamp=1),
        lambda r: r.values == [["a", "b"], ["c", "d"]],
    ),
    row(
        "getReferenceFieldValues",
        "seed getReferenceFieldValues: form tabId, example viewId; no answer documented",
        lambda c: c.get_reference_field_values(
            5, tab_id=6, view_id=7, from_field_id=8, offset=1, max_rows=2
        ),
        {**SIGNED, "b_o": "demo", "fieldId": "5", "tabId": "6", "viewId": "7",
         "fromFieldId": "8", "offset": "1", "maxRows": "2"},
        ok(values=[{"row_id": 3, "value": "Acme"}]),
        lambda r: (r.values[0].row_id, r.values[0].text) == (3, "Acme"),
    ),
    row(
        "computeTableOperation",
        "seed computeTableOperation, tabId in the example only; no answer documented",
        lambda c: c.compute_table_operation(5, "count", tab_id=6, filter_row_ids=[1]),
        {**SIGNED, "b_o": "demo", "catId": "5", "operation": "count", "tabId": "6",
         "filterRowIds": "1"},
        ok(count=12),
        lambda r: r.result == 12,
    ),
    row(
        "getTableRows",
        "seed getTableRows (deprecated), tabId in the example only; no answer documented",
        lambda c: c.get_table_rows(
            5, tab_id=6, row_ids=[1, 2], page_size=10, page=2, get_table_info=True
        ),
        {**SIGNED, "b_o": "demo", "catId": "5", "tabId": "6", "rowIds": "1,2",
         "pageSize": "10", "page": "2", "getTableInfo": "true"},
        ok(tableRows=[{"id": 1, "name": "A", "fields": {"9": {"value": 3}}}]),
        lambda r: (r.rows[0].name, r.rows[0].cells[9].value) == ("A", 3),
    ),
    row(
        "renderSmartTextField",
        "seed renderSmartTextField: form calls catId `value`; no answer documented",
        lambda c: c.render_smart_text_field(5, 6, 7, bypass_url_trigger=True),
        {**SIGNED, "b_o": "demo", "catId": "5", "rowId": "6", "fieldId": "7",
         "bypassUrlTrigger": "true"},
        ok(html="<p>x</p>"),
        lambda r: r.html == "<p>x</p>",
    ),
    row(
        "updateTableValue",
        "seed updateTableValue; no answer documented: that of createOrUpdateTableRow",
        lambda c: c.update_table_value(5, 7, "x", bypass_url_trigger=False),
        {**SIGNED, "b_o": "demo", "value": "x", "rowId": "5", "fieldId": "7",
         "bypassUrlTrigger": "false"},
        WRITTEN,
        lambda r: r.id == 5,
    ),
    row(
        "createOrUpdateTableRow",
        "seed createOrUpdateTableRow; answer keys of the reference page",
        lambda c: c.create_or_update_table_row(
            "tmpNEW_ROW", {"7": "x", "8": 2}, view_id=1, tab_id=2, link_separator=";",
            bypass_url_trigger=False,
        ),
        {**SIGNED, "b_o": "demo", "rowId": "tmpNEW_ROW", "fieldValues": '{"7":"x","8":2}',
         "view_id": "1", "tab_id": "2", "viewId": "1", "tabId": "2", "linkSeparator": ";",
         "bypassUrlTrigger": "false"},
        WRITTEN,
        lambda r: (r.id, r.form_changed) == (5, datetime(2019, 5, 27, 11, 55, 6, tzinfo=UTC)),
        "viewId tabId",
    ),
    row(
        "createOrUpdateTableRows",
        "seed createOrUpdateTableRows (cut inside the example); answer keys of the page",
        lambda c: c.create_or_update_table_rows(
            {"5": {"7": "x"}, "tmp1": {}}, view_id=1, tab_id=2
        ),
        {**SIGNED, "b_o": "demo", "rows": '{"5":{"7":"x"},"tmp1":{}}', "view_id": "1",
         "viewId": "1", "tab_id": "2", "tabId": "2"},
        WRITTEN,
        lambda r: [x.id for x in r.rows] == [5],
        "viewId tabId",
    ),
    row(
        "deleteTableRow",
        "seed index entry; parameters of the reference page, 5.5; answers the envelope",
        lambda c: c.delete_table_row(5),
        {**SIGNED, "rowId": "5", "b_o": "demo"},
        ok(),
        lambda r: r.transaction is None,
    ),
    row(
        "getTableValueComments",
        "seed index entry; answer's types of the reference page, 5.4; no comment documented",
        lambda c: c.get_table_value_comments(5, 6),
        {**SIGNED, "b_o": "demo", "rowId": "5", "fieldId": "6"},
        ok(data={"comments": [{"id": 1, "m": "Hello", "c": 1551976833}], "total": 1},
           fieldId="6", rowId=5, sstamp=1),
        lambda r: (r.comments[0].text, r.field_id, r.extra) == ("Hello", 6, {"total": 1}),
    ),
    row(
        "editTableValueComments",
        "seed index entry; parameters of the reference page, 5.5; answer not documented",
        lambda c: c.edit_table_value_comments(5, 6, "Hello", comment_id=7),
        {**SIGNED, "b_o": "demo", "rowId": "5", "fieldId": "6", "commentId": "7",
         "comment": "Hello"},
        ok(),
        lambda r: r.sstamp is None,
    ),
    row(
        "deleteTableValueComments",
        "seed index entry; parameters of the reference page, 5.5; answer not documented",
        lambda c: c.delete_table_value_comments(5, 6, 7),
        {**SIGNED, "b_o": "demo", "rowId": "5", "fieldId": "6", "commentId": "7"},
        ok(),
        lambda r: r.sstamp is None,
    ),
    row(
        "getTableRowByToken",
        "seed index entry; nothing documented; no session",
        lambda c: c.get_table_row_by_token("T"),
        {"token": "T"},
        ok(tableRow={"id": 5, "name": "A"}),
        lambda r: r.rows[0].id == 5,
    ),
    row(
        "getNewTableRowByViewToken",
        "seed index entry; nothing documented; no session",
        lambda c: c.get_new_table_row_by_view_token("T"),
        {"token": "T"},
        VALUES,
        lambda r: r.table.id == 126185,
    ),
    row(
        "addNewTableRowByViewToken",
        "seed index entry; nothing documented; no session",
        lambda c: c.add_new_table_row_by_view_token("T", {"7": "x"}),
        {"token": "T", "rowId": "tmpNEW_ROW", "fieldValues": '{"7":"x"}'},
        WRITTEN,
        lambda r: r.id == 5,
    ),
    row(
        "updateTableRowByToken",
        "seed index entry; nothing documented; no session",
        lambda c: c.update_table_row_by_token("T", {"7": "x"}),
        {"token": "T", "fieldValues": '{"7":"x"}'},
        WRITTEN,
        lambda r: r.id == 5,
    ),
    row(
        "listTableRowsById",
        "seed index entry; parameters and answer of the reference page, 5.3 and 5.4",
        lambda c: c.list_table_rows_by_id(
            5, view_id=6, format="rows", max_rows=7, last_modified_after=17074267355383
        ),
        {**SIGNED, "b_o": "demo", "catId": "5", "viewId": "6", "format": "rows",
         "maxRows": "7", "lastModifiedAfter": "17074267355383"},
        ok(tableRows=[{"id": "5", "name": "A"}], sstamp=17074267355384),
        lambda r: (r.rows[0].id, r.rows[0].name, r.sstamp) == (5, "A", 17074267355384),
    ),
    row(
        "rollBackBeforeChange",
        "seed index entry; parameters of the reference page, 5.5; answers the envelope",
        lambda c: c.roll_back_before_change(5, cat_id=6),
        {**SIGNED, "b_o": "demo", "rowId": "5", "catId": "6"},
        ok(transactionId="T"),
        lambda r: r.transaction == "T",
    ),
    row(
        "getTablePivotValues",
        "seed index entry; nothing documented",
        lambda c: c.get_table_pivot_values(5, tab_id=6),
        {**SIGNED, "b_o": "demo", "catId": "5", "tabId": "6"},
        ok(pivotValues={"rows": []}),
        lambda r: r.values == {"rows": []},
    ),
]  # fmt: skip
