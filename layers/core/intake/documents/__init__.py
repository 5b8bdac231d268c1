"""Documents: what an uploaded file becomes on its way to being searchable, stage by stage."""
