"""Style sheet templates, in the order of their numbers."""
