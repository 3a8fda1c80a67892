"""One search over what was read of all five services."""
