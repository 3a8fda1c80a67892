"""The screens: one module or folder each, over the use cases of the workspace."""
