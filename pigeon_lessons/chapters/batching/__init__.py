"""Chapter 01's room: what it asks, and its panel."""
