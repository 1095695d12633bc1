"""The workspace of a MASCARA night."""
