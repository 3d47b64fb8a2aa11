"""What notify answers over HTTP of notifications, and what all its routes share."""
