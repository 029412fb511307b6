"""Chapter 07's room: what it asks, its panel, its own picture."""
