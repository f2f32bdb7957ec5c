"""Benchmarks of the product on this machine: asking, training, chatting, reporting."""
