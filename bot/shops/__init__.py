"""The shop systems: what they report, and how they are asked for what was missed."""
