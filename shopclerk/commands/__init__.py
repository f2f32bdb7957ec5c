"""What each command does; `cli` parses, these act. Each imports only the rooms it needs."""
