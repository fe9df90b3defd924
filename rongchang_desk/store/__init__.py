"""The desk's SQLite store, through sqlite-utils; knows nothing of PDF, keys or windows."""
