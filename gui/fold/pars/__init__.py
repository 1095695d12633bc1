"""Par files: offered, chosen, shown as text."""
