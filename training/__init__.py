"""Training: from examples to a GRU model that is evaluated, gated, exported; and its schedule."""
