"""Dialogs: they ask, they never write."""
