"""From counts to a picture: limits, stretches, colours, area averages, stacks, movies; no Qt."""
