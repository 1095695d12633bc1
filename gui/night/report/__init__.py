"""The morning report and the comparison of nights."""
