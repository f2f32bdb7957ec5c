"""Stories of the shop systems."""
