"""Asking for a reduction: the form, the check beforehand, the buttons of a run."""
