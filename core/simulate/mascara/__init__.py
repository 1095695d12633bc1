"""Synthetic nights of the MASCARA station, with their truth."""
