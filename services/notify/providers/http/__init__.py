"""The generic provider: any gateway that speaks its few lines of JSON."""
