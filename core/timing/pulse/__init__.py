"""The pulse of folded light: its shape, its significance, and what is measured on it."""
