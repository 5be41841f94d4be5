"""Every metric in one place: its formula and its source stand with it."""
