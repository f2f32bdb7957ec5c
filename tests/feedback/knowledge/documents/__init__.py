"""Documents read into passages."""
