"""Sites read politely."""
