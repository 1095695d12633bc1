"""Files that are opened by name at run time."""
