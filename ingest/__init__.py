"""Documents into the knowledge base: read in processes of their own, compared, embedded, published. The doors are
`ingest.pipeline` and `ingest.drafts`."""
