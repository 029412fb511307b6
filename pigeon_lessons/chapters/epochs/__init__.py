"""Chapter 02's room: what it asks, its panel, its own picture."""
