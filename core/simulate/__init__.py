"""Synthetic captures with their truth written beside them."""
