"""Claims about the panels and the engine under them."""
