"""A change is data: written, undone, sent later, looked for, over all services."""
