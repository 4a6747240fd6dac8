"""Early warning: what changed since last month, or is due and not delivered."""
