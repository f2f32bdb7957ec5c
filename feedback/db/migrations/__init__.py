"""The tables' history, one file a revision; `Database.migrate` runs what is missing."""
