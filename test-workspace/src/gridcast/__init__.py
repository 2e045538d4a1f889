"""Forecasts the daily electricity demand of a small town."""
