"""How Từng Ngõ runs: on one machine (`local`) and in containers."""
