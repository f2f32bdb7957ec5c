"""What each command does; `cli.py` parses, these act. Each imports only the rooms it needs."""
