"""Access: who may come in, and what is theirs."""
