"""The use-cases of a night: start, watch, order, browse its stars."""
