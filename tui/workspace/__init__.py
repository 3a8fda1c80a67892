"""Use cases: what a person does here, shared by the screens and the command line."""
