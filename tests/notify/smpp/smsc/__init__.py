"""An SMSC that nobody here wrote (npm's `smpp`), as a process of its own."""
