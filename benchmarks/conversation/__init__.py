"""Conversations played with the clerk of an invented shop, and how they are graded."""
