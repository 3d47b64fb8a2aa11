"""How fast it is on this machine, and how fast its bare parts are in the same run."""
