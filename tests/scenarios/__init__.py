"""Stories through the real edges."""
