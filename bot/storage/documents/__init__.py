"""Documents: jobs and their queue, files that were sent, and generations that replicas share."""
