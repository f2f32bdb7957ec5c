"""Tests of the clerk in Slack."""
