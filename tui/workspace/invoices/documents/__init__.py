"""Invoices as documents: the model, the reckoning and the forms in which they leave. Pure."""
