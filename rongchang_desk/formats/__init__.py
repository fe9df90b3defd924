"""Pure translation between bytes and domain values; no disk, no clock."""
