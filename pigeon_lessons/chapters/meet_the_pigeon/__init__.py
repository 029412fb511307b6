"""Chapter 00's room: what it asks, and its panel."""
