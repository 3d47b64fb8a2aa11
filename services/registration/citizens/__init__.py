"""Who a citizen is, how a citizen is reached, and how both are forgotten."""
