"""Chapter 01's room: what it asks, its panel, its own picture."""
