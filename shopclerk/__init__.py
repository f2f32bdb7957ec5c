"""Settings, wiring and the command line: the thin package that joins the rooms."""
