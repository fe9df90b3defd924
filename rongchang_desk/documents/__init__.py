"""Paper: domain values in, PDF, docx or xlsx bytes out."""
