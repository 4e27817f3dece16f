"""Files and drafts out."""
