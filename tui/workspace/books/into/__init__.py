"""Files into tables: read, mapped to columns, looked at, then sent."""
