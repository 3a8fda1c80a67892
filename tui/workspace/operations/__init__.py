"""Any documented operation by its id: arguments, calls, history, catalogue."""
