"""Chapter 05's room: what it asks, and its panel."""
