"""What happened and what it means: tables, store, attribution, metrics, uplift, examples."""
