"""What should never have been sent, and what comes of it."""
