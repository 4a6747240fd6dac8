"""The simulated county: people, families, incomes, illness, and what they are entitled to, month by month."""
