"""Keys, certificates and the signed PDF envelope: bytes in, bytes out."""
