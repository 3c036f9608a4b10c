"""The archive (PACS): nodes, queries, films fetched and reports sent. Nothing here connects unless it is called."""
