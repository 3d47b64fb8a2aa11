"""What routers are made of: the app and its documents, problems as answers, repeatable commands."""
