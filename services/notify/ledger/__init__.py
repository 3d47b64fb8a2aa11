"""The store of notifications: its records, its transactions, and the unit of work."""
