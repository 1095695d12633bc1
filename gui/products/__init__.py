"""Dialogs that run commands, and what shows their results."""
