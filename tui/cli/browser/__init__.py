"""The deck in a page of a browser: who may come in, and what stands behind."""
